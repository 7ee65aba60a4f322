"""Locks that order concurrent acts: taken once, sorted, with a time limit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

__all__ = ["take"]


def take(session: Session, kind: str, keys: Iterable[object], *, seconds: float = 5) -> None:
    """Hold the advisory locks of (kind, key) until the transaction ends, in a fixed order.

    Raises sqlalchemy OperationalError (55P03) when they are not free within `seconds`.
    """
    numbers = sorted({_number(kind, key) for key in keys})
    session.execute(text("SELECT set_config('lock_timeout', :limit, true)"), {"limit": f"{int(seconds * 1000)}ms"})
    for number in numbers:
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})


def _number(kind: str, key: object) -> int:
    digest = hashlib.sha256(f"{kind}|{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
