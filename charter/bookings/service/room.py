"""What is free on a departure, under its lock; expired holds give their places back here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.problems import DepartureClosed, seat_unknown
from charter.bookings.rules.seats import sellable
from charter.campaigns.models import Departure, VehicleType
from charter.core import clock, locks
from charter.core.actor import Actor, Role, current
from charter.core.problems import NotFound
from charter.registrations.models import Registration

__all__ = ["Room", "during", "expire_lapsed", "expire_of_person", "open_departure", "room_on", "set_state"]

SELLING = ("open",)
STAFF_SELLING = ("planned", "open", "closed", "boarding")


@dataclass(slots=True)
class Room:
    """The free slots of one departure. `seats` names slot i at index i - 1; empty where the carrier gives seats."""

    departure: Departure
    seats: list[str]
    free: list[int]

    def slot_of(self, seat: str) -> int:
        """The slot of a printed seat. Raises seat_unknown; a kept seat has no slot, and counts as taken."""
        if seat not in self.seats:
            raise seat_unknown()
        return self.seats.index(seat) + 1

    def seat_of(self, slot: int) -> str | None:
        """The printed seat of a slot, None where the carrier gives it."""
        return self.seats[slot - 1] if slot <= len(self.seats) else None

    def take(self, slot: int) -> None:
        """The slot is no longer free."""
        self.free.remove(slot)


def open_departure(session: Session, departure_id: int, actor: Actor | None = None) -> tuple[Departure, VehicleType]:
    """The departure and its vehicle type. Raises NotFound for unpublished ones, DepartureClosed."""
    row = session.execute(
        select(Departure, VehicleType).join(VehicleType, VehicleType.id == Departure.vehicle_type_id)
        .where(Departure.id == departure_id)).first()
    caller = actor or current()
    only = caller.scope("campaign")
    if row is None or row[0].published_at is None or only not in (None, str(row[0].campaign_id)):
        raise NotFound
    staff = caller.role in (Role.CITY_ORGANIZER, Role.DISTRICT_ORGANIZER, Role.HOTLINE)
    if row[0].state not in (STAFF_SELLING if staff else SELLING) or row[0].departs_at <= clock.now():
        raise DepartureClosed
    return row[0], row[1]


def room_on(session: Session, departure: Departure, vehicle: VehicleType) -> Room:
    """What is free now. Takes the departure's lock until the act ends, and frees expired holds."""
    locks.take(session, "departure", [departure.id])
    session.execute(update(Booking).where(
        Booking.departure_id == departure.id, Booking.state == "held", Booking.hold_expires_at <= clock.now())
        .values(state="expired", hold_expires_at=None))
    taken = set(session.scalars(select(Booking.slot).where(Booking.departure_id == departure.id,
                                                           Booking.state.in_(LIVING))))
    ours = departure.seating == "ours"
    seats = sellable(vehicle.seat_map, departure.kept_seats, departure.seats_total) if ours else []
    number = len(seats) if seats else departure.seats_total
    return Room(departure, seats, [slot for slot in range(1, number + 1) if slot not in taken])


def expire_of_person(session: Session, worker_numbers: list[int], now: datetime) -> None:
    """A person's own expired holds must not stand in his way."""
    session.execute(update(Booking).where(
        Booking.worker_number.in_(worker_numbers), Booking.state == "held", Booking.hold_expires_at <= now)
        .values(state="expired", hold_expires_at=None))


def expire_lapsed(session: Session) -> None:
    """Every hold whose time is over gives its place back; who wants one frees it himself, this only tidies."""
    session.execute(update(Booking).where(Booking.state == "held", Booking.hold_expires_at <= clock.now())
                    .values(state="expired", hold_expires_at=None))


def during(departure: Departure) -> Range[datetime]:
    """The time that a ride takes of a person."""
    return Range(departure.departs_at, departure.arrives_at, bounds="[)")


def set_state(session: Session, campaign_id: UUID, registration_id: UUID, state: str) -> None:
    """A request follows its booking."""
    session.execute(update(Registration).where(Registration.campaign_id == campaign_id,
                                               Registration.id == registration_id).values(state=state))
