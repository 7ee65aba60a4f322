"""Feeders follow the flight or train that they serve: who gives that up gives up its feeders too."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.service.release import release
from charter.campaigns.models import Departure

__all__ = ["give_up_feeders"]


def give_up_feeders(session: Session, main: Departure, campaign_id: UUID, registration_id: UUID) -> None:
    """Cancel the person's feeders of the main leg's journey; a main leg without a journey has none."""
    if main.leg_kind != "main" or main.journey_id is None:
        return
    for feeder in session.scalars(
            select(Booking).join(Departure, Departure.id == Booking.departure_id)
            .where(Booking.campaign_id == campaign_id, Booking.registration_id == registration_id,
                   Booking.state.in_(LIVING), Departure.journey_id == main.journey_id,
                   Departure.leg_kind == "feeder").with_for_update(of=Booking)):
        release(session, feeder)
