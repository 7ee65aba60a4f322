"""The picture of a vehicle from above, as the person sees it who chooses a seat."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.bookings.queries import DepartureView, departures, living, seat_map
from charter.campaigns.models import Departure
from charter.core.actor import Actor
from charter.core.problems import NotFound
from charter.people.models import Worker
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["Picture", "Place", "picture"]


@dataclass(frozen=True, slots=True)
class Place:
    """A seat: free, taken (held and kept are not told apart), mine or family; `who` sits there where that is ours."""

    name: str
    state: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Cars, rows, places (None is the aisle) of a departure; no cars where the carrier gives the seats."""

    departure: DepartureView
    cars: tuple[tuple[tuple[Place | None, ...], ...], ...]


def picture(session: Session, actor: Actor, departure_id: int, registration_id: UUID) -> Picture:
    """For the person of that request. Raises NotFound for a departure that is not public."""
    campaign = session.scalar(select(Departure.campaign_id).where(Departure.id == departure_id))
    found = departures(session, campaign, only=departure_id) if campaign else []
    if not found:
        raise NotFound
    ours = {seat: (request, name) for seat, request, name in session.execute(
        select(Booking.seat, Registration.id, Worker.name)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id)
        .where(Booking.departure_id == departure_id, living(), visible_registrations(actor)))}

    def look(name: str, state: str) -> Place:
        if name not in ours:
            return Place(name, "free" if state == "free" else "taken")
        request, who = ours[name]
        return Place(name, "mine" if request == registration_id else "family", who)
    cars = seat_map(session, actor, departure_id) if found[0].seating == "ours" else []
    return Picture(found[0], tuple(tuple(tuple(look(one.name, one.state) if one else None for one in row)
                                         for row in car) for car in cars))
