"""Acts of passes: have a key that signs, and take back a pass that strangers have seen."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.bookings.travel import report_seen
from charter.core.actor import Actor
from charter.core.problems import NotFound
from charter.passes import keys, queries
from charter.passes.problems import BookingEnded, NotConfirmed

__all__ = ["prepare", "prepare_seen", "report"]


def prepare(session: Session, booking_id: int, actor: Actor) -> queries.Pass:
    """The pass of a booking that the actor may see, with a key made for it where the campaign had none that signs.

    Raises NotFound, NotConfirmed, BookingEnded.
    """
    booking = queries.visible_booking(session, booking_id, actor)
    keys.ensure(session, booking.campaign_id)
    return queries.pass_of(session, booking_id, actor)


def prepare_seen(session: Session, actor: Actor) -> list[queries.Pass]:
    """All passes that this actor's phone holds, each campaign with a key that signs."""
    for campaign_id in queries.campaigns_seen(session, actor):
        keys.ensure(session, campaign_id)
    return queries.passes_seen(session, actor)


def report(session: Session, booking_id: int, actor: Actor) -> int:
    """Strangers have seen this pass: it ends, and the next revision is issued; returns its number."""
    queries.visible_booking(session, booking_id, actor)
    booking = session.scalar(select(Booking).where(Booking.id == booking_id).with_for_update())
    if booking is None:
        raise NotFound
    if booking.state == "held":
        raise NotConfirmed
    if booking.state != "confirmed":
        raise BookingEnded
    return report_seen(session, booking)
