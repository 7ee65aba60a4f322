"""Locks that order concurrent acts: taken once, sorted, with a time limit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from charter.core.db import engine
from charter.core.trip import Step, trip

__all__ = ["holding", "number", "step", "take"]

TAKE = Step(text("SELECT set_config('lock_timeout', :limit, true), pg_advisory_xact_lock(number) "
                 "FROM unnest(CAST(:numbers AS bigint[])) AS number"))  # one after the other, in the order given


def take(session: Session, kind: str, keys: Iterable[object], *, seconds: float = 5) -> None:
    """Hold the advisory locks of (kind, key) until the transaction ends, in a fixed order.

    Raises sqlalchemy OperationalError (55P03) when they are not free within `seconds`.
    """
    trip(session, step(kind, keys, seconds=seconds))


def step(kind: str, keys: Iterable[object], *, seconds: float = 5) -> tuple[Step, dict[str, object]]:
    """The same as a step of a trip (`core.trip`): what follows it is done under the locks."""
    return TAKE, {"limit": f"{int(seconds * 1000)}ms", "numbers": sorted({number(kind, key) for key in keys})}


@contextmanager
def holding(kind: str, key: object) -> Iterator[bool]:
    """Hold one lock over several transactions, on a connection of its own; False where another process has it.

    It ends with the block or with the process, however that ends, so that somebody else can take the work up.
    """
    named = {"n": number(kind, key)}
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.execute(text("SELECT pg_try_advisory_lock(:n)"), named).scalar())
        try:
            yield mine
        finally:
            if mine:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), named)


def number(kind: str, key: object) -> int:
    """The lock's number, for functions of the database that take it themselves."""
    digest = hashlib.sha256(f"{kind}|{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
