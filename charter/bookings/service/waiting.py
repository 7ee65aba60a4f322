"""A place in the line: take one, leave it, say no to what was offered, look whether it is one's turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.bookings.line import waits_for
from charter.bookings.models import Booking, Waiting
from charter.bookings.problems import AlreadyBooked, NotEligible
from charter.bookings.queries import living
from charter.bookings.service.offering import offer
from charter.bookings.service.release import release
from charter.campaigns.models import Corridor, Departure
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.i18n import N_
from charter.core.ids import new_uuid
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.places import table as places
from charter.places.distance import around
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations
from charter.registrations.rules.eligible import RIDING_STATES

__all__ = ["FAR", "Wanted", "decline", "leave_line", "look", "wait_for"]

FAR = 200  # kilometres by road that somebody may be ready to go to a stop


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody waits for: a corridor, any day of a window, any stop within so many kilometres of his home."""

    corridor_id: UUID
    first_day: date
    last_day: date
    within_km: int


def wait_for(session: Session, registration_ids: Sequence[UUID], wanted: Wanted) -> list[Waiting]:
    """A place in the line for all of them together; what is free is offered at once.

    Raises NotFound, NotEligible before the request is confirmed, AlreadyBooked, AlreadyWaiting, Invalid at first_day,
    last_day, within_km, corridor.
    """
    people = _people(session, registration_ids)
    campaign_id = people[0].campaign_id
    _check(session, wanted, campaign_id)
    if any(one.state not in RIDING_STATES or one.campaign_id != campaign_id for one in people):
        raise NotEligible
    if session.scalar(select(Booking.id).where(Booking.campaign_id == campaign_id, Booking.registration_id.in_(
            [one.id for one in people]), living()).limit(1)) is not None:
        raise AlreadyBooked
    group, now = new_uuid(), clock.now()
    near = around(places.load(), people[0].origin, wanted.within_km)
    made = [Waiting(campaign_id=campaign_id, registration_id=one.id, corridor_id=wanted.corridor_id, group_id=group,
                    first_day=wanted.first_day, last_day=wanted.last_day, within_km=wanted.within_km, near=near,
                    since=now) for one in people]
    _end_lapsed(session, people)
    session.add_all(made)
    session.flush()
    for one in people:
        audit.record(session, "waiting.joined", "registration", one.id, corridor=str(wanted.corridor_id))
    offer(session, _wanted_by(session, campaign_id, [one.id for one in people]))
    return made


def _check(session: Session, wanted: Wanted, campaign_id: UUID) -> None:
    corridor = session.get(Corridor, wanted.corridor_id)
    if corridor is None or corridor.campaign_id != campaign_id or corridor.feeder:
        raise Invalid(errors=[FieldProblem("corridor", "invalid", N_("请选一条线路"))])
    if wanted.last_day < wanted.first_day or wanted.last_day < clock.today():
        raise Invalid(errors=[FieldProblem("last_day", "date_order", N_("最晚的日子不能早于最早的日子，也不能过去了"))])
    if not 0 <= wanted.within_km <= FAR:
        raise Invalid(errors=[FieldProblem("within_km", "invalid", N_("上车点请选 0 到 200 公里以内"))])


def _people(session: Session, ids: Sequence[UUID]) -> list[Registration]:
    found = session.scalars(select(Registration).where(Registration.id.in_(ids), visible_registrations(current()))
                            .order_by(Registration.id).with_for_update(key_share=True)).all()
    if not found or len(found) != len(set(ids)):
        raise NotFound
    return list(found)


def _end_lapsed(session: Session, people: Sequence[Registration]) -> None:
    """An offer that lapsed without anybody writing it down ends here, so that its person may wait again."""
    session.execute(
        update(Booking).where(Booking.campaign_id == people[0].campaign_id, Booking.state == "held",
                              Booking.registration_id.in_([one.id for one in people]),
                              Booking.hold_expires_at <= clock.now())
        .values(state="expired", hold_expires_at=None))


def _wanted_by(session: Session, campaign_id: UUID, ids: Sequence[UUID]) -> list[int]:
    return list(session.scalars(
        select(Departure.id).distinct().select_from(Waiting, Registration, Departure).where(
            Waiting.campaign_id == campaign_id, Waiting.registration_id.in_(ids), waits_for())))


def look(session: Session, registration_id: UUID) -> None:
    """Offer whatever is free on the departures that this person waits for: it may be his turn. Raises NotFound."""
    one = _people(session, [registration_id])[0]
    offer(session, _wanted_by(session, one.campaign_id, [one.id]))


def leave_line(session: Session, registration_id: UUID) -> None:
    """The person, and who waits together with him, waits no longer; an offer is given back. Raises NotFound."""
    one = _people(session, [registration_id])[0]
    groups = select(Waiting.group_id).where(Waiting.campaign_id == one.campaign_id, Waiting.registration_id == one.id,
                                            Waiting.state.in_(("waiting", "offered")))
    held = session.scalars(select(Booking).join(Waiting, (Waiting.campaign_id == Booking.campaign_id)
                                                   & (Waiting.id == Booking.waiting_id))
                           .where(Booking.campaign_id == one.campaign_id, Waiting.group_id.in_(groups),
                                  Booking.state == "held").order_by(Booking.id)
                           .with_for_update(of=Booking)).all()
    session.execute(update(Waiting).where(Waiting.campaign_id == one.campaign_id, Waiting.group_id.in_(groups),
                                          Waiting.state == "waiting").values(state="left", ended_at=clock.now()))
    _give_back(session, held)
    audit.record(session, "waiting.left", "registration", one.id)


def decline(session: Session, registration_id: UUID, *, stay: bool) -> None:
    """Say no to what is offered, for all who wait together. `stay` keeps the place in the line for other departures.

    Raises NotFound where nothing is offered.
    """
    one = _people(session, [registration_id])[0]
    group = session.scalar(select(Waiting.group_id).where(
        Waiting.campaign_id == one.campaign_id, Waiting.registration_id == one.id, Waiting.state == "offered"))
    rows = session.execute(
        select(Waiting, Booking).join(Booking, (Booking.campaign_id == Waiting.campaign_id)
                                      & (Booking.waiting_id == Waiting.id))
        .where(Waiting.campaign_id == one.campaign_id, Waiting.group_id == group, Waiting.state == "offered",
               Booking.state == "held").order_by(Booking.id).with_for_update(of=Booking)).all()
    if not rows:
        raise NotFound
    for row, booking in rows:
        if stay:  # before the seat goes back, so that the line does not end here
            row.state, row.passed = "waiting", [*row.passed, booking.departure_id]
    session.flush()
    _give_back(session, [booking for _, booking in rows])
    audit.record(session, "waiting.declined", "registration", one.id)


def _give_back(session: Session, held: Sequence[Booking]) -> None:
    """All places first, then the next in line: a family may fit where one place would not do."""
    for booking in held:
        release(session, booking)
    offer(session, [booking.departure_id for booking in held])
