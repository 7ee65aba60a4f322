"""The trip log: what happened on the way, from entries that may come in any order, as often as they like. Pure.

Driving by the safety rules of carriers (道路旅客运输企业安全管理规范, art. 38): at most 4 h in one piece by day
and 2 h at night (22:00 to 06:00), then at least 20 minutes of rest; another driver begins afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

__all__ = ["KINDS", "PAUSES", "Entry", "Log", "Trouble", "fold", "ordered"]

PAUSES = {"arrived_stop": "left_stop", "rest_begun": "rest_ended"}  # what begins a pause, and what ends it
KINDS = (*PAUSES, *PAUSES.values(), "counted", "driver_changed", "incident", "incident_over", "refused", "set_down",
         "walk_on", "handed_over")
REST = timedelta(minutes=20)
BY_DAY, BY_NIGHT = timedelta(hours=4), timedelta(hours=2)
NIGHT = (22, 6)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `at` is its corrected time on the trip's wall clock, `details` depend on the kind."""

    entry_id: str
    kind: str
    at: datetime
    stop_id: str | None = None
    booking: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a person should look at: `uncounted`, `count_differs`, `driving_long`, `incident`, `walk_on`."""

    code: str
    at: datetime
    entry_id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Log:
    """Where the trip stands. `pause` is arrived_stop or rest_begun while it stands somewhere, else None."""

    pause: str | None
    stop_id: str | None
    since: datetime | None
    driver: str
    counted: int | None
    may_go_on: bool
    driven: timedelta  # since the last rest of 20 minutes or change of driver
    troubles: tuple[Trouble, ...]


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """Each entry once, by corrected time."""
    return sorted({one.entry_id: one for one in entries}.values(), key=lambda one: (one.at, one.entry_id))


def fold(entries: Iterable[Entry], *, left_at: datetime | None, now: datetime, driver: str,
         on_board: Callable[[datetime], int]) -> Log:
    """The log of a trip that left at `left_at` (None: not yet) under `driver`; `on_board` says how many heads the scans
    make at a moment. A pause must not end without a count that is right or explained.
    """
    walk = _Walk(left_at, driver, on_board)
    for one in ordered(entries):
        walk.take(one)
    return walk.log(now)


class _Walk:
    def __init__(self, left_at: datetime | None, driver: str, on_board: Callable[[datetime], int]) -> None:
        self.pause: Entry | None = None
        self.since, self.driver, self._on_board = left_at, driver, on_board
        self.counted: int | None = None
        self.balanced = False
        self.running = left_at  # since when in one piece
        self.troubles: list[Trouble] = []
        self.open: dict[str, Trouble] = {}

    def take(self, one: Entry) -> None:
        if one.kind in PAUSES:
            self._pause(one)
        elif one.kind in PAUSES.values():
            self._go_on(one)
        elif one.kind == "counted":
            self._count(one)
        elif one.kind == "driver_changed":
            self._end_piece(one)
            self.driver, self.running = str(one.details.get("driver", "")), one.at
        elif one.kind == "incident":
            self.open[one.entry_id] = Trouble("incident", one.at, one.entry_id, one.details)
        elif one.kind == "incident_over":
            self.open.pop(str(one.details.get("incident", "")), None)
        elif one.kind == "walk_on" and not one.details.get("allowed", False):
            self.troubles.append(Trouble("walk_on", one.at, one.entry_id))

    def log(self, now: datetime) -> Log:
        if self.running is not None and self.pause is None:
            self._judge(self.running, now, "now")
        driven = now - self.running if self.running and self.pause is None else timedelta(0)
        pause = self.pause
        return Log(pause.kind if pause else None, pause.stop_id if pause else None, self.since, self.driver,
                   self.counted, pause is None or self.balanced, max(driven, timedelta(0)),
                   tuple(sorted([*self.troubles, *self.open.values()], key=lambda one: (one.at, one.entry_id))))

    def _pause(self, one: Entry) -> None:
        if self.pause is None:
            self._end_piece(one)
            self.pause, self.since, self.balanced = one, one.at, False

    def _go_on(self, one: Entry) -> None:
        if self.pause is None:
            return
        if not self.balanced:
            self.troubles.append(Trouble("uncounted", one.at, one.entry_id, {"stop_id": self.pause.stop_id}))
        if self.running is None or one.at - self.pause.at >= REST:
            self.running = one.at
        self.pause, self.since = None, one.at

    def _count(self, one: Entry) -> None:
        expected, counted = self._on_board(one.at), int(one.details.get("counted", 0))
        self.counted = counted
        self.balanced = counted == expected or bool(one.details.get("reason"))
        if not self.balanced:
            self.troubles.append(Trouble("count_differs", one.at, one.entry_id,
                                         {"counted": counted, "on_board": expected}))
        else:  # counted anew and right: what was wrong before in this pause is settled
            since = self.pause.at if self.pause else one.at
            self.troubles = [old for old in self.troubles if old.code != "count_differs" or old.at < since]

    def _end_piece(self, one: Entry) -> None:
        if self.running is not None and self.pause is None:
            self._judge(self.running, one.at, one.entry_id)

    def _judge(self, begun: datetime, ended: datetime, entry_id: str) -> None:
        most = BY_NIGHT if _at_night(begun, ended) > BY_NIGHT else BY_DAY
        if ended - begun > most:
            self.troubles.append(Trouble("driving_long", ended, entry_id, {
                "hours": round((ended - begun) / timedelta(hours=1), 1), "driver": self.driver}))


def _at_night(begun: datetime, ended: datetime) -> timedelta:
    """How much of the time lies between 22:00 and 06:00 on the clock of `begun`."""
    total, day = timedelta(0), begun.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while day <= ended:
        first, last = day + timedelta(hours=NIGHT[0]), day + timedelta(days=1, hours=NIGHT[1])
        total += max(min(last, ended) - max(first, begun), timedelta(0))
        day += timedelta(days=1)
    return total
