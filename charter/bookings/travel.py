"""What boarding day and passes may write on a booking: boarded and arrived, and that strangers saw its pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, aliased

from charter.bookings.models import Booking, BookingRevision
from charter.campaigns.models import Departure
from charter.core import audit, clock
from charter.core.bulk import array_text
from charter.core.trip import Step, trip
from charter.registrations.models import Registration

__all__ = ["boarded_steps", "mark_arrived", "mark_boarded", "report_seen"]


SAID = "unnest(CAST(:bookings AS bigint[]), CAST(:moments AS timestamptz[])) AS said(id, at)"
MARK = Step(text(f"UPDATE booking SET boarded_at = said.at FROM {SAID} "  # noqa: S608 - words of our own
                 "WHERE campaign_id = CAST(:campaign AS uuid) AND booking.id = said.id"))
FOLLOW = Step(text(f"""
    UPDATE registration r SET updated_at = CAST(:now AS timestamptz),
                              state = CASE WHEN said.at IS NULL THEN 'booked' ELSE 'boarded' END
    FROM {SAID} JOIN booking b ON b.campaign_id = CAST(:campaign AS uuid) AND b.id = said.id
    WHERE r.campaign_id = CAST(:campaign AS uuid) AND r.id = b.registration_id
      AND r.state = CASE WHEN said.at IS NULL THEN 'boarded' ELSE 'booked' END"""))  # noqa: S608 - words of our own


def boarded_steps(campaign_id: UUID, boarded: Mapping[int, datetime | None]) -> list[tuple[Step, dict[str, object]]]:
    """Write when each booking's person got on, as steps of a trip; None for whose boarding was taken back.

    The request follows.
    """
    kept = sorted(boarded.items())
    values: dict[str, object] = {
        "campaign": campaign_id, "bookings": array_text(booking for booking, _ in kept),
        "moments": array_text(moment.isoformat() if moment else None for _, moment in kept)}
    return [(MARK, values), (FOLLOW, values | {"now": clock.now()})]


def mark_boarded(session: Session, campaign_id: UUID, boarded: Mapping[int, datetime | None]) -> None:
    """The same at once."""
    trip(session, *boarded_steps(campaign_id, boarded))


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
