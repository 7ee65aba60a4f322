"""`make run` on nothing prints the one link by which the first security manager is made, until there is one."""

from __future__ import annotations

import re
import signal
import urllib.error
import urllib.request

import pytest
from wiring.installations import Installation

LINK = re.compile(r"Make the first security manager here \(once, within 24 hours\): (http://127\.0\.0\.1:\d+/join/\S+)")


@pytest.fixture
def installation(tmp_path):
    made = Installation(tmp_path / "data")
    yield made
    made.clear()


def printed(installation):
    """What was said until the address was told."""
    said = []
    while not said or "charter is at" not in said[-1]:
        said.append(installation.process.stdout.readline())
        assert said[-1], "it ended"
    return "".join(said)


def status(link):
    try:
        with urllib.request.urlopen(link, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_the_link_is_printed_at_each_start_and_only_the_newest_works(installation):
    installation.start()
    first = LINK.search(printed(installation))[1]
    assert status(first) == 200
    assert status(first) == 200, "looking uses nothing up"
    installation.signal(signal.SIGTERM)
    installation.start()
    second = LINK.search(printed(installation))[1]
    assert (status(first), status(second)) == (410, 200)
