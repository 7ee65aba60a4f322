"""Hold a place: one person, or a party all or none. A hold lasts CHARTER_HOLD_SECONDS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session, make_transient_to_detached

from charter.bookings.models import Booking
from charter.bookings.problems import AlreadyBooked, DepartureFull, NotEligible, PartyDoesNotFit, SeatTaken
from charter.bookings.queries import living
from charter.bookings.service.offering import serve_line
from charter.bookings.service.room import Ride, Rider, Room, during, open_room
from charter.core import audit, clock
from charter.core.ids import new_serial
from charter.core.problems import NotFound
from charter.core.settings import current as settings
from charter.core.trip import Step, together
from charter.registrations.rules.eligible import is_eligible

__all__ = ["hold", "hold_party"]

BOOK = Step(insert(Booking).values({name: bindparam(name) for name in (
    "campaign_id", "id", "registration_id", "departure_id", "worker_number", "during", "slot", "seat", "lap_children",
    "state", "revision", "hold_expires_at", "created_at")}))


def hold(session: Session, departure_id: int, registration_id: UUID, seat: str | None = None) -> Booking:
    """Hold `seat`, or the first free place. Raises NotFound, DepartureClosed, NotEligible, SeatTaken, DepartureFull,
    AlreadyBooked, seat_unknown."""
    return hold_party(session, departure_id, [registration_id], None if seat is None else [seat])[0]


def hold_party(session: Session, departure_id: int, registration_ids: Sequence[UUID],
               seats: Sequence[str] | None = None) -> list[Booking]:
    """Hold places for all of them or for none, side by side where no seats are named. Raises as `hold`, and
    PartyDoesNotFit."""
    room, found = open_room(session, departure_id, registration_ids)
    if room.waited_for:
        serve_line(session, room, registration_ids)
    riders = _riders(session, room.departure, registration_ids, found)
    slots = _named(room, seats) if seats else _chosen(room, len(riders))
    rows = [_row(room, rider, slot) for rider, slot in zip(riders, slots, strict=True)]
    for row in rows:
        together(session, (BOOK, row), audit.step("booking.held", "booking", row["id"],
                                                  departure=str(room.departure.id)))
    return [_known(session, row) for row in rows]


def _riders(session: Session, departure: Ride, ids: Sequence[UUID], found: Sequence[Rider]) -> list[Rider]:
    by_id = {rider.registration_id: rider for rider in found}
    if len(by_id) != len(ids) or len(set(ids)) != len(ids):
        raise NotFound
    for rider in found:
        if rider.state == "booked" and _rides_then(session, departure, rider):
            raise AlreadyBooked
        if departure.leg_kind != "main" or not is_eligible(  # feeders are given with the leg that they serve
                state=rider.state, origin=rider.origin, earliest=rider.earliest, latest=rider.latest,
                modes=rider.modes, departure_origins=departure.origins, departure_date=departure.date,
                departure_mode=departure.mode):
            raise NotEligible
    return [by_id[key] for key in ids]


def _rides_then(session: Session, departure: Ride, rider: Rider) -> bool:
    """Whether the person has a place at that time; of a hold in the same moment the constraint tells."""
    return session.scalar(select(Booking.id).where(
        Booking.worker_number == rider.worker_number, Booking.during.overlaps(during(departure)), living()).limit(1)
        ) is not None


def _named(room: Room, seats: Sequence[str]) -> list[int]:
    slots = []
    for seat in seats:
        if seat in room.known and seat not in room.seats:
            raise SeatTaken  # a kept seat is not told apart from a taken one
        slot = room.slot_of(seat)
        if slot not in room.free or slot in slots:
            raise SeatTaken
        slots.append(slot)
    return slots


def _chosen(room: Room, size: int) -> list[int]:
    slots = room.beside(size, room.free)
    if len(slots) < size:
        raise DepartureFull if size == 1 or not room.free else PartyDoesNotFit
    return slots


def _row(room: Room, rider: Rider, slot: int) -> dict[str, Any]:
    now = clock.now()
    return {"campaign_id": rider.campaign_id, "id": new_serial(), "registration_id": rider.registration_id,
            "departure_id": room.departure.id, "worker_number": rider.worker_number, "during": during(room.departure),
            "slot": slot, "seat": room.seat_of(slot), "lap_children": rider.lap_children, "state": "held",
            "revision": 1, "hold_expires_at": now + timedelta(seconds=settings().hold_seconds), "created_at": now}


def _known(session: Session, row: dict[str, Any]) -> Booking:
    """The session knows the new row as if it had written it itself."""
    booking = Booking(**row, order_number="", stop_id=None, waiting_id=None, confirmed_at=None, cancelled_at=None,
                      boarded_at=None, arrived_at=None)
    make_transient_to_detached(booking)
    session.add(booking)
    return booking
