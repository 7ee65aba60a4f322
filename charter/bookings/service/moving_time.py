"""A departure leaves at another time: its people's time is taken by the new one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.service.room import during
from charter.campaigns import service as campaigns
from charter.campaigns.models import Departure

__all__ = ["reschedule"]


def reschedule(session: Session, departure_id: int, departs_at: datetime) -> None:
    """Move the departure in time. Raises AlreadyBooked where somebody then rides elsewhere."""
    departure = session.get_one(Departure, departure_id, with_for_update=True)
    campaigns.reschedule(session, departure, departs_at)
    session.execute(update(Booking).where(Booking.departure_id == departure_id, Booking.state.in_(LIVING))
                    .values(during=during(departure)))
