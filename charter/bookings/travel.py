"""What boarding day and passes may write on a booking: boarded and arrived, and that strangers saw its pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from charter.bookings.models import Booking, BookingRevision
from charter.campaigns.models import Departure
from charter.core import audit, clock
from charter.registrations.models import Registration

__all__ = ["mark_arrived", "mark_boarded", "report_seen"]


def mark_boarded(session: Session, campaign_id: UUID, boarded: Mapping[int, datetime | None]) -> None:
    """Write when each booking's person got on; None for whose boarding was taken back. The request follows."""
    if boarded:
        session.execute(update(Booking), [{"campaign_id": campaign_id, "id": booking, "boarded_at": moment}
                                          for booking, moment in sorted(boarded.items())])
        for state, others, ids in (("boarded", ("booked",), [one for one, moment in boarded.items() if moment]),
                                   ("booked", ("boarded",), [one for one, moment in boarded.items() if not moment])):
            requests = select(Booking.registration_id).where(Booking.campaign_id == campaign_id, Booking.id.in_(ids))
            session.execute(update(Registration).where(
                Registration.campaign_id == campaign_id, Registration.id.in_(requests),
                Registration.state.in_(others)).values(state=state).execution_options(synchronize_session=False))


def mark_arrived(session: Session, campaign_id: UUID, departure: Departure, bookings: Collection[int],
                 at: datetime) -> None:
    """These bookings' people are where the departure ends; a request has arrived with the last leg of its way."""
    session.execute(update(Booking).where(
        Booking.campaign_id == campaign_id, Booking.departure_id == departure.id, Booking.id.in_(bookings),
        Booking.arrived_at.is_(None)).values(arrived_at=at))
    later, onward = aliased(Booking), aliased(Departure)
    goes_on = (select(later.registration_id).join(onward, onward.id == later.departure_id)
               .where(later.campaign_id == campaign_id, later.state == "confirmed",
                      onward.departs_at > departure.departs_at))
    there = select(Booking.registration_id).where(Booking.campaign_id == campaign_id, Booking.id.in_(bookings))
    session.execute(update(Registration).where(
        Registration.campaign_id == campaign_id, Registration.id.in_(there), Registration.id.not_in(goes_on),
        Registration.state == "boarded").values(state="arrived").execution_options(synchronize_session=False))


def report_seen(session: Session, booking: Booking) -> int:
    """The owner says that strangers saw this pass: all revisions so far are revoked; returns the new one's number."""
    session.execute(
        update(BookingRevision)
        .where(BookingRevision.campaign_id == booking.campaign_id, BookingRevision.booking_id == booking.id,
               BookingRevision.reported_at.is_(None)).values(reported_at=clock.now()))
    booking.revision += 1
    session.flush()
    audit.record(session, "pass.reported", "booking", booking.id, revision=booking.revision)
    return booking.revision
