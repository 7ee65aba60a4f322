"""A scanner's stand and phone for browser tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from boarding.stand import Stand, contexts
from playwright.sync_api import BrowserContext, Page


@pytest.fixture
def stand(database: str, tmp_path: Path) -> Iterator[Stand]:
    """A server with a departure of two people."""
    made = Stand(tmp_path)
    yield made
    made.close()


@pytest.fixture
def phone(stand: Stand) -> Iterator[Page]:
    """A page in a browser whose camera sees the passes of both."""
    for context in contexts(stand.video):
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page


@pytest.fixture
def blind(stand: Stand) -> Iterator[BrowserContext]:
    """A browser whose camera sees no code: what is scanned is put into the page."""
    yield from contexts(None)
