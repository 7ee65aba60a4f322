"""Kept scans as the rules read them. Scans are append-only: this room inserts them and never changes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding.models import Scan
from charter.boarding.rules import states
from charter.boarding.rules.evidence import turned_away
from charter.bookings.models import Booking

__all__ = ["AWARE", "counting", "heads", "owned", "state_of"]

AWARE = frozenset({"look", "already_boarded"})  # what a phone showed whose volunteer then decided knowingly
COUNTING = ("go", "look")


def counting(session: Session, departure_id: int) -> list[states.Scan]:
    """The scans of a departure that count, those of no booking left out; an undo is of its scan's booking."""
    rows = session.execute(
        select(Scan.scan_id, Scan.booking_id, Scan.kind, Scan.corrected_at, Scan.device, Scan.by_hand, Scan.shown,
               Scan.undoes, Scan.stop_id, Scan.reason)
        .where(Scan.departure_id == departure_id, Scan.verdict.in_(COUNTING))).all()
    return owned(states.Scan(str(row.scan_id), str(row.booking_id) if row.booking_id else "", row.kind,
                             row.corrected_at, row.device, row.by_hand, row.shown in AWARE,
                             str(row.undoes) if row.undoes else None, str(row.stop_id) if row.stop_id else None,
                             turned_away(row.kind, row.shown, row.reason))
                 for row in rows)


def owned(scans: Iterable[states.Scan]) -> list[states.Scan]:
    """Each scan with its booking, an undo that names none with that of its scan; those that are of none left out."""
    found = list(scans)
    owner = {scan.scan_id: scan.booking for scan in found}
    whole = (scan if scan.booking else replace(scan, booking=owner.get(scan.undoes or "", "")) for scan in found)
    return [scan for scan in whole if scan.booking]


def heads(session: Session, departure_id: int) -> dict[str, int]:
    """Every booking on the departure's list with its heads: 1 and its lap children."""
    rows = session.execute(select(Booking.id, Booking.lap_children)
                           .where(Booking.departure_id == departure_id, Booking.state == "confirmed"))
    return {str(booking): 1 + children for booking, children in rows}


def state_of(session: Session, departure_id: int, *, sealed: bool
             ) -> tuple[Mapping[str, states.BookingState], list[states.Conflict], dict[str, int]]:
    """States, conflicts and heads of the departure's list."""
    listed = heads(session, departure_id)
    scans = [scan for scan in counting(session, departure_id) if scan.booking in listed]
    found, conflicts = states.fold(scans, sealed=sealed, bookings=listed)
    return found, conflicts, listed
