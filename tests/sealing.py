"""Seal the audit chain of a test's database."""

from __future__ import annotations

import time

from charter.core import audit, db

__all__ = ["seal_all"]


def seal_all(events: int) -> None:
    """Seal until that many are: transactions of other databases of the server hold the newest back for a moment."""
    sealed = 0
    for _ in range(600):
        sealed += db.act(audit.seal)
        if sealed == events:
            return
        time.sleep(0.1)
    raise AssertionError(f"{sealed} of {events} events were sealed")
