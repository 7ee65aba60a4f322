"""After scans came in: write who is on board on the bookings, and open or close the cases of doubled boardings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text

from charter.boarding import records
from charter.boarding.gathering import Case, Known
from charter.boarding.rules import states
from charter.bookings.travel import boarded_steps
from charter.campaigns import running
from charter.core.trip import Step

__all__ = ["case_id", "steps"]

Steps = Iterator[tuple[Step, Mapping[str, Any]]]
ON_BOARD = ("boarded", "alighted")
OPEN = Step(text("""
    INSERT INTO boarding_conflict (id, campaign_id, departure_id, booking_id, scan_ids, state, resolution)
    VALUES (CAST(:id AS uuid), CAST(:campaign AS uuid), CAST(:departure AS bigint), CAST(:booking AS bigint),
            CAST(:scans AS jsonb), 'open', '')"""))
CHANGE = Step(text("UPDATE boarding_conflict SET scan_ids = CAST(:scans AS jsonb), state = CAST(:state AS text) "
                   "WHERE id = CAST(:id AS uuid)"))
CLOSE = Step(text("DELETE FROM boarding_conflict WHERE id = CAST(:id AS uuid)"))


def steps(known: Known, fresh: Sequence[states.Scan], touched: set[int | None], at: datetime) -> Steps:
    """What brings bookings and cases to what all scans say, whatever order they came in, as steps of a trip.

    `fresh` are the scans of this batch that count, `touched` the bookings of all of them.
    """
    ride = known.ride
    scans = records.owned([*known.scans, *fresh])
    folded, conflicts = states.fold(scans)
    moments = _moments(scans, folded)
    marked = {booking: moments.get(booking) for booking in map(int, folded)
              if (seat := known.seats.get(booking)) and seat.departure_id == ride.departure_id
              and seat.boarded_at != moments.get(booking)}
    if marked:
        yield from boarded_steps(ride.campaign_id, marked)
    yield from _cases(known, {conflict.booking: list(conflict.scan_ids) for conflict in conflicts})
    own = any(seat.departure_id == ride.departure_id for seat in known.seats.values() if seat.id in touched)
    if own and not running.begun(ride.state, ride.opened):
        yield running.begin_step(ride.departure_id, at)


def case_id(departure_id: int, booking: str) -> UUID:
    """One case a booking and departure: the same id, whatever order the scans came in."""
    return uuid5(NAMESPACE_URL, f"charter:conflict:{departure_id}:{booking}")


def _moments(scans: Sequence[states.Scan], folded: Mapping[str, states.BookingState]) -> dict[int, datetime | None]:
    """When each booking's person got on; nobody who is not on board any more, but by alighting."""
    at = {scan.scan_id: scan.at for scan in scans}
    boards: dict[str, datetime] = {}
    for scan in scans:
        if scan.kind == "board":
            boards[scan.booking] = min(scan.at, boards.get(scan.booking, scan.at))
    return {int(booking): at.get(state.scan_id or "") if state.state == "boarded" else boards.get(booking)
            for booking, state in folded.items() if state.state in ON_BOARD}


def _cases(known: Known, doubled: Mapping[str, list[str]]) -> Steps:
    ride = known.ride
    cases = {str(seat.id): seat.case for seat in known.seats.values()}
    for booking, ids in doubled.items():
        case = cases.get(booking)
        if case is None:
            yield OPEN, {"id": case_id(ride.departure_id, booking), "campaign": ride.campaign_id,
                         "departure": ride.departure_id, "booking": int(booking), "scans": json.dumps(ids)}
        elif case.scan_ids != ids:
            yield CHANGE, {"id": case.id, "scans": json.dumps(ids), "state": _state(case, ids)}
    for booking, case in cases.items():
        if case is not None and case.state == "open" and booking not in doubled:
            yield CLOSE, {"id": case.id}


def _state(case: Case, ids: Sequence[str]) -> str:
    """A further phone opens again what was resolved."""
    return case.state if set(ids) <= set(case.scan_ids) else "open"
