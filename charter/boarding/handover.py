"""The hand-over at arrival: each employer's receiver signs for its people; who is left with nobody raises an alarm."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding import queries, trip_log
from charter.boarding.trips import Trip
from charter.bookings.models import Booking
from charter.core.actor import Actor, Role
from charter.core.ids import uuid_or_none
from charter.people.models import Employer, Worker
from charter.registrations.models import Registration

__all__ = ["ALARM_AFTER", "Firm", "Guest", "firms"]

ALARM_AFTER = timedelta(hours=1)  # after arrival somebody must have been taken over by his employer


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who rode; `taken_over` once his employer's receiver has signed for him."""

    booking_id: str
    name: str
    seat: str | None
    taken_over: bool


@dataclass(frozen=True, slots=True)
class Firm:
    """One employer's people who rode; `receiver` is who signed last, `alarm` that somebody waits too long."""

    employer_id: UUID
    name: str
    receiver: str
    people: list[Guest]
    alarm: bool

    @property
    def unclaimed(self) -> list[Guest]:
        """Who rode and was taken over by nobody."""
        return [one for one in self.people if not one.taken_over]


def firms(session: Session, found: Trip, actor: Actor, now: datetime) -> list[Firm]:
    """The employers of those who rode, by name; a district organizer's own only."""
    rode = {int(booking) for booking, one in queries.state(session, found).states.items() if one.state == "boarded"}
    rows = session.execute(
        select(Employer.id, Employer.name, Employer.district_id, Booking.id, Booking.seat, Worker.name)
        .join(Registration, Registration.employer_id == Employer.id)
        .join(Booking, (Booking.campaign_id == Registration.campaign_id) & (Booking.registration_id == Registration.id))
        .join(Worker, Worker.id == Registration.worker_id)
        .where(Booking.departure_id == found.departure_id, Booking.state == "confirmed")
        .order_by(Employer.name, Booking.slot)).all()
    signed, receivers = _signed(session, found)
    own = uuid_or_none(actor.scope("district") or "") if actor.role == Role.DISTRICT_ORGANIZER else None
    groups: dict[tuple[UUID, str], list[Guest]] = defaultdict(list)
    for employer, name, district, booking, seat, person in rows:
        if booking in rode and own in (None, district):
            groups[employer, name].append(Guest(str(booking), person, seat, str(booking) in signed))
    late = found.state == "arrived" and now > found.arrives_at + ALARM_AFTER
    return [Firm(employer, name, receivers.get(str(employer), ""), people,
                 late and any(not one.taken_over for one in people))
            for (employer, name), people in groups.items()]


def _signed(session: Session, found: Trip) -> tuple[set[str], dict[str, str]]:
    rows = [one for one in trip_log.entries(session, found.departure_id) if one.kind == "handed_over"]
    return ({booking for one in rows for booking in one.details.get("booking_ids", ())},
            {str(one.details.get("employer_id")): str(one.details.get("receiver", "")) for one in rows})
