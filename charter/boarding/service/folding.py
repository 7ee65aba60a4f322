"""After scans came in: write who is on board on the bookings, and open or close the cases of doubled boardings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding import records
from charter.boarding.models import BoardingConflict
from charter.boarding.rules import states
from charter.boarding.trips import Trip
from charter.bookings.models import Booking
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Departure
from charter.campaigns.running import begin_boarding

__all__ = ["case_id", "refold"]

ON_BOARD = ("boarded", "alighted")


def refold(session: Session, found: Trip, touched: Iterable[int | None], at: datetime) -> None:
    """Bring bookings and conflicts of the departure to what all its scans say, whatever order they came in."""
    scans = records.counting(session, found.departure_id)
    folded, conflicts = states.fold(scans)
    moments = {scan.scan_id: scan.at for scan in scans}
    boards: dict[str, datetime] = {}
    for scan in scans:
        if scan.kind == "board":
            boards[scan.booking] = min(scan.at, boards.get(scan.booking, scan.at))
    wanted = {int(booking): (moments.get(state.scan_id or "") if state.state == "boarded" else boards.get(booking))
              if state.state in ON_BOARD else None for booking, state in folded.items()}
    concerned = {booking for booking in touched if booking is not None}
    before = dict(session.execute(select(Booking.id, Booking.boarded_at)
                                  .where(Booking.departure_id == found.departure_id)).all())
    mark_boarded(session, found.campaign_id, {booking: moment for booking, moment in wanted.items()
                                              if booking in before and before[booking] != moment})
    _settle(session, found, {conflict.booking: conflict for conflict in conflicts})
    departure = session.get(Departure, found.departure_id)
    if departure is not None and concerned & set(before):
        begin_boarding(session, departure, at)


def case_id(departure_id: int, booking: str) -> UUID:
    """One case a booking and departure: the same id, whatever order the scans came in."""
    return uuid5(NAMESPACE_URL, f"charter:conflict:{departure_id}:{booking}")


def _settle(session: Session, found: Trip, conflicts: dict[str, states.Conflict]) -> None:
    known = {str(case.booking_id): case for case in session.scalars(
        select(BoardingConflict).where(BoardingConflict.departure_id == found.departure_id))}
    for booking, conflict in conflicts.items():
        ids = list(conflict.scan_ids)
        case = known.get(booking)
        if case is None:
            session.add(BoardingConflict(
                id=case_id(found.departure_id, booking), campaign_id=found.campaign_id,
                departure_id=found.departure_id, booking_id=int(booking), scan_ids=ids))
        elif case.scan_ids != ids:
            if not set(ids) <= set(case.scan_ids):  # a further phone: what was resolved is open again
                case.state = "open"
            case.scan_ids = ids
    for booking, case in known.items():
        if booking not in conflicts and case.state == "open":
            session.delete(case)
    session.flush()
