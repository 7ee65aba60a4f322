"""The trip log as it is read: where a trip stands, what happened, what a person should look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding import records
from charter.boarding.models import TripEntry
from charter.boarding.rules import log, states
from charter.boarding.trips import Trip
from charter.campaigns.models import Departure
from charter.core import clock

__all__ = ["Line", "TripLog", "entries", "read", "walk_ons"]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry and the name of its stop."""

    entry: log.Entry
    stop: str


@dataclass(frozen=True, slots=True)
class TripLog:
    """The lines by time, the newest last, and where the trip stands."""

    lines: Sequence[Line]
    now: log.Log

    def as_json(self) -> dict[str, Any]:
        """For phones: times RFC 3339."""
        now = self.now
        return {
            "pause": now.pause, "stop_id": now.stop_id, "since": now.since and clock.local(now.since).isoformat(),
            "driver": now.driver, "counted": now.counted, "may_go_on": now.may_go_on,
            "driven_minutes": int(now.driven.total_seconds()) // 60,
            "troubles": [{"code": one.code, "at": one.at.isoformat(), "entry_id": one.entry_id, "values": one.values}
                         for one in now.troubles],
            "items": [{"entry_id": line.entry.entry_id, "kind": line.entry.kind, "at": line.entry.at.isoformat(),
                       "stop_id": line.entry.stop_id, "booking_id": line.entry.booking, "details": line.entry.details}
                      for line in self.lines]}


def entries(session: Session, departure_id: int) -> list[log.Entry]:
    """All entries of a departure by corrected time, on the wall clock."""
    return log.ordered(_entry(row) for row in session.scalars(
        select(TripEntry).where(TripEntry.departure_id == departure_id)))


def read(session: Session, found: Trip) -> TripLog:
    """The log of one trip."""
    rows = entries(session, found.departure_id)
    driver = session.get_one(Departure, found.departure_id).drivers
    names = {str(place.id): place.name for place in found.stops.values()}
    left = clock.local(found.sealed_at) if found.sealed_at else None
    over = found.state in ("arrived", "called_off")
    until = max([left or clock.now(), *(one.at for one in rows)]) if over else clock.local(clock.now())
    now = log.fold(rows, left_at=left, now=until, driver=driver, on_board=_on_board(session, found, rows))
    return TripLog([Line(one, names.get(one.stop_id or "", "")) for one in rows], now)


def walk_ons(rows: Sequence[log.Entry], at: datetime | None = None) -> int:
    """How many of no list were let on, up to a moment."""
    return sum(one.kind == "walk_on" and bool(one.details.get("allowed")) and (at is None or one.at <= at)
               for one in rows)


def _on_board(session: Session, found: Trip, rows: Sequence[log.Entry]) -> Callable[[datetime], int]:
    heads = records.heads(session, found.departure_id)
    scans = [scan for scan in records.counting(session, found.departure_id) if scan.booking in heads]

    def at(moment: datetime) -> int:
        folded, _ = states.fold([scan for scan in scans if scan.at <= moment or scan.kind == "undo"], bookings=heads)
        return states.figures(folded, heads).on_board + walk_ons(rows, moment)
    return at


def _entry(row: TripEntry) -> log.Entry:
    return log.Entry(str(row.entry_id), row.kind, clock.local(row.corrected_at),
                     str(row.stop_id) if row.stop_id else None, str(row.booking_id) if row.booking_id else None,
                     row.details)
