"""What somebody wishes of a carrier that gives the seats."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking, SeatWish
from charter.bookings.problems import ListClosed
from charter.campaigns.models import Departure
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["PLACES", "wish"]

PLACES = ("any", "window", "aisle", "lower")
OPEN = ("planned", "open")  # while the carrier does not have the list


def wish(session: Session, registration_id: UUID, place: str, together: bool) -> None:
    """Keep the newest wish. Raises NotFound, ListClosed once the carrier has the list of the departure."""
    found = session.scalar(select(Registration).where(Registration.id == registration_id,
                                                      visible_registrations(current())))
    if found is None or place not in PLACES:
        raise NotFound
    states = session.scalars(
        select(Departure.state).join(Booking, Booking.departure_id == Departure.id)
        .where(Booking.campaign_id == found.campaign_id, Booking.registration_id == found.id,
               Booking.state.in_(LIVING), Departure.seating == "carrier")).all()
    if any(state not in OPEN for state in states):
        raise ListClosed
    said = {"place": place, "together": together, "updated_at": clock.now()}
    session.execute(insert(SeatWish).values(campaign_id=found.campaign_id, registration_id=found.id, **said)
                    .on_conflict_do_update(index_elements=["campaign_id", "registration_id"], set_=said))
    audit.record(session, "registration.seat_wished", "registration", found.id)
