"""What boarding day and passes may write on a booking: boarded and arrived, and that strangers saw its pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from charter.bookings.models import Booking, BookingRevision
from charter.core import audit, clock

__all__ = ["mark_boarded", "report_seen"]


def mark_boarded(session: Session, campaign_id: UUID, boarded: Mapping[int, datetime | None]) -> None:
    """Write when each booking's person got on; None for who did not, or whose boarding was taken back."""
    if boarded:
        session.execute(update(Booking), [{"campaign_id": campaign_id, "id": booking, "boarded_at": moment}
                                          for booking, moment in sorted(boarded.items())])


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
