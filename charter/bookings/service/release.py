"""A booking ends: its place is free again, its pass opens nothing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.core import audit, clock

__all__ = ["release"]


def release(session: Session, booking: Booking) -> None:
    """Cancel a living booking."""
    booking.state, booking.hold_expires_at, booking.cancelled_at = "cancelled", None, clock.now()
    session.flush()
    audit.record(session, "booking.cancelled", "booking", booking.id)
