"""Answers that hundreds ask for and few change: kept for a second, and only while nothing at all is written.

The database's snapshot tells: as long as its text is the same, every reader sees the same rows. What depends on the
time alone (a hold that lapses) is late by at most that second.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from sqlalchemy import text
from sqlalchemy.orm import Session

from charter.core import clock
from charter.core.db import glance

__all__ = ["kept"]

MOST = 64  # answers in one process
SNAPSHOT = text("SELECT CAST(pg_current_snapshot() AS text)")

_answers: OrderedDict[Hashable, tuple[tuple[str, int], bytes]] = OrderedDict()
_door = threading.Lock()
_makers = [threading.Lock() for _ in range(16)]


def kept(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """What `make` gave for this key a moment ago, or what it gives now. The key names all that the answer depends on,
    the reader and the language included.
    """
    moment = (glance(_snapshot), int(clock.now().timestamp()))
    with _makers[hash(key) % len(_makers)]:  # one makes it, the others wait for him
        with _door:
            found = _answers.get(key)
        if found is not None and found[0] == moment:
            return found[1]
        answer = make()  # it may see more than the snapshot, never less
        _keep(key, moment, answer)
    return answer


def _keep(key: Hashable, moment: tuple[str, int], answer: bytes) -> None:
    with _door:
        _answers[key] = (moment, answer)
        _answers.move_to_end(key)
        while len(_answers) > MOST:
            _answers.popitem(last=False)


def _snapshot(session: Session) -> str:
    return str(session.scalar(SNAPSHOT))
