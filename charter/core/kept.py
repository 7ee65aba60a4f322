"""Answers that hundreds ask for and few change: kept for a second, and only while nothing at all is written.

The database's snapshot tells: as long as its text is the same, every reader sees the same rows. What depends on the
time alone (a hold that lapses) is late by at most that second.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from sqlalchemy import text

from charter.core import clock
from charter.core.peek import peek
from charter.core.trip import Step

__all__ = ["kept"]

MOST = 64  # answers in one process
LATE = 1  # seconds that an answer may be older while it is made anew
SNAPSHOT = Step(text("SELECT CAST(pg_current_snapshot() AS text)"))

_answers: OrderedDict[Hashable, tuple[str, int, bytes]] = OrderedDict()
_door = threading.Lock()
_makers = [threading.Lock() for _ in range(16)]


def kept(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """What `make` gave for this key a moment ago, or what it gives now. The key names all that the answer depends on,
    the reader and the language included.

    While one reader makes it anew because its second is over, and nothing was written, the others still get the last
    one; after something was written they wait for him.
    """
    snapshot, second = str(peek(SNAPSHOT, {})[0][0]), int(clock.now().timestamp())
    maker = _makers[hash(key) % len(_makers)]
    if not maker.acquire(blocking=False):
        found = _found(key)
        if found is not None and found[0] == snapshot and second - found[1] <= LATE:
            return found[2]
        maker.acquire()
    try:
        found = _found(key)
        if found is not None and found[:2] == (snapshot, second):
            return found[2]
        answer = make()  # it may see more than the snapshot, never less
        _keep(key, (snapshot, second, answer))
    finally:
        maker.release()
    return answer


def _found(key: Hashable) -> tuple[str, int, bytes] | None:
    with _door:
        return _answers.get(key)


def _keep(key: Hashable, answer: tuple[str, int, bytes]) -> None:
    with _door:
        _answers[key] = answer
        _answers.move_to_end(key)
        while len(_answers) > MOST:
            _answers.popitem(last=False)
