"""Passes from the desk: a sheet to print for one's own people, and a pass that is sent again or issued anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.desk.acting import why
from charter.bookings.desk.telling import tell_seat
from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Departure
from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.problems import NotFound, Problem
from charter.passes import keys, queries, service
from charter.passes.problems import BookingEnded, NotConfirmed
from charter.passes.rules.seats import seat_number
from charter.people.models import Employer
from charter.registrations.models import Registration

__all__ = ["MOST", "TooManyPasses", "printed", "send"]

MOST = 400  # on one sheet: some 34 pages


class TooManyPasses(Problem):
    status, code, message = 409, "too_many_passes", N_("一次最多打印 %(limit)s 张登车牌，请按车打印")


def printed(session: Session, actor: Actor, campaign_id: UUID, *, day: date | None,
            departure_id: int | None) -> list[queries.Pass]:
    """The living passes of the actor's people on a departure or a day, coach by coach and seat by seat.

    Raises NotFound where there is none, TooManyPasses.
    """
    query = (select(Booking).join(Registration, (Registration.campaign_id == Booking.campaign_id)
                                  & (Registration.id == Booking.registration_id))
             .join(Employer, Employer.id == Registration.employer_id)
             .join(Departure, Departure.id == Booking.departure_id)
             .where(Booking.campaign_id == campaign_id, Booking.state == "confirmed", queries.visible(actor)))
    if departure_id is not None:
        query = query.where(Booking.departure_id == departure_id)
    if day is not None:
        query = query.where(Departure.date == day)
    found = session.scalars(query.limit(MOST + 1)).all()
    if not found or (day is None and departure_id is None):
        raise NotFound
    if len(found) > MOST:
        raise TooManyPasses(params={"limit": MOST})
    keys.ensure(session, campaign_id)
    audit.record(session, "passes.printed", "campaign", campaign_id, count=len(found))
    bearers = _bearers(session, campaign_id, found)
    return sorted(queries.passes_of(session, found), key=lambda one: (
        one.departs_at, one.code, bearers.get(one.booking_id, ""), seat_number(one.seat), one.seat or "", one.name))


def _bearers(session: Session, campaign_id: UUID, bookings: Sequence[Booking]) -> dict[int, str]:
    """Who hands out the passes of people who share a phone: what one person hands out lies together."""
    named = dict(session.execute(select(Registration.id, Registration.pass_by).where(
        Registration.campaign_id == campaign_id, Registration.pass_by != "",
        Registration.id.in_([booking.registration_id for booking in bookings]))).all())
    return {booking.id: named[booking.registration_id] for booking in bookings if booking.registration_id in named}


def send(session: Session, actor: Actor, booking_id: int, *, fresh: bool, reason: str) -> tuple[UUID, str]:
    """Tell the person of his pass again; `fresh` first ends the old one and issues a new one.

    Gives the request's id and `sent`, `fresh` or, without a phone, `unsent`. The same within a minute is told once.
    Raises NotFound, Invalid without a needed reason, NotConfirmed, BookingEnded.
    """
    kept = why(actor, "send", reason)
    booking = queries.visible_booking(session, booking_id, actor)
    if booking.state == "held":
        raise NotConfirmed
    if booking.state != "confirmed":
        raise BookingEnded
    if session.get_one(Campaign, booking.campaign_id).state == "draft":
        raise NotFound
    if fresh:
        service.report(session, booking_id, actor)
    told = tell_seat(session, booking, template="pass_again", again=f"|{int(clock.now().timestamp()) // 60}")
    audit.record(session, "pass.sent", "booking", booking_id, reason=kept or None, fresh=fresh, told=told)
    return booking.registration_id, ("fresh" if fresh else "sent") if told else "unsent"
