"""A departure does not run: its people give their places back and wait for another one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.service.legs import give_up_feeders
from charter.bookings.service.release import release
from charter.campaigns.models import Departure
from charter.core import locks
from charter.registrations.service import set_state_many

__all__ = ["empty"]


def empty(session: Session, departure: Departure) -> list[Booking]:
    """Cancel every living booking of a departure; the ones that were cancelled.

    Who loses the main leg gives up its feeders, and the request waits again as confirmed. Who loses a feeder keeps
    the seat of the main leg.
    """
    locks.take(session, "departure", [departure.id])
    found = list(session.scalars(select(Booking).where(
        Booking.departure_id == departure.id, Booking.state.in_(LIVING)).order_by(Booking.slot).with_for_update()))
    for booking in found:
        release(session, booking)
        give_up_feeders(session, departure, booking.campaign_id, booking.registration_id)
    if departure.leg_kind == "main":
        set_state_many(session, departure.campaign_id, [one.registration_id for one in found], "confirmed")
    return found
