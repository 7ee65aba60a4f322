"""Who has to be called before his departure, and why: silent, message failed, trip changed, asked for a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from charter.bookings.models import Booking, RoundCall
from charter.campaigns.models import Departure
from charter.core import clock
from charter.core.actor import Actor
from charter.notices.models import Outbox
from charter.people.models import Employer, Worker
from charter.registrations.models import Registration, Reply
from charter.registrations.queries import visible_registrations

__all__ = ["REASONS", "CallRow", "RoundFigures", "figures", "to_call"]

PATIENCE = timedelta(hours=4)  # after the message somebody counts as silent
REASONS = ("changed", "call", "failed", "no_phone", "silent")


@dataclass(frozen=True, slots=True)
class CallRow:
    """Somebody to call. `busy`: another caller has him now; `mine`: I have."""

    id: UUID
    registration_id: UUID
    name: str
    employer: str
    departure_id: int
    code: str
    departs_at: datetime
    days: int
    reason: str
    tries: int
    outcome: str
    busy: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """How many were asked for departures that are still to come, said yes, and have to be called."""

    asked: int
    yes: int
    waiting: int


def _newest() -> type[RoundCall]:
    query = select(RoundCall).ext(distinct_on(RoundCall.booking_id)).order_by(RoundCall.booking_id, RoundCall.days)
    return aliased(RoundCall, query.subquery())


def to_call(session: Session, actor: Actor, *, reason: str = "", limit: int = 100, offset: int = 0) -> list[CallRow]:
    """Those who leave first stand first; one more than wanted. Who was called in vain comes again after an hour."""
    call = _newest()
    why = _why(call)
    query = _joined(select(call, why.label("why"), Worker.name, Employer.name, Departure), call).where(
        visible_registrations(actor), why != "", or_(call.next_at.is_(None), call.next_at <= clock.now()))
    if reason:
        query = query.where(why == reason)
    rows = session.execute(query.order_by(Departure.departs_at, Worker.name, call.id).limit(limit + 1).offset(offset))
    now = clock.now()
    return [CallRow(one.id, one.registration_id, name, employer, departure.id, departure.code, departure.departs_at,
                    one.days, reason, one.tries, one.outcome, _held(one, now) and one.taken_by != actor.caller[:64],
                    _held(one, now) and one.taken_by == actor.caller[:64])
            for one, reason, name, employer, departure in rows]


def figures(session: Session, actor: Actor) -> RoundFigures:
    """The counts above the list."""
    call = _newest()
    why = _why(call)
    asked, yes, waiting = session.execute(_joined(select(
        func.count(), func.count().filter(and_(why == "", _said_yes(call))), func.count().filter(why != "")),
        call).where(visible_registrations(actor))).one()
    return RoundFigures(asked, yes, waiting)


def _held(one: RoundCall, now: datetime) -> bool:
    return one.taken_until is not None and one.taken_until > now


def _said_yes(call: type[RoundCall]) -> ColumnElement[bool]:
    tapped = select(literal(1)).where(Reply.campaign_id == call.campaign_id, Reply.registration_id ==
                                      call.registration_id, Reply.kind == "coming", Reply.at >= call.asked_at).exists()
    return or_(call.said == "yes", tapped)


def _why(call: type[RoundCall]) -> ColumnElement[str]:
    failed = select(literal(1)).where(
        Outbox.unique_key == literal("ask_coming|") + cast(call.booking_id, String) + literal("|")
        + cast(call.days, String), Outbox.state.in_(("failed", "listed"))).exists()
    return case((and_(_said_yes(call), call.revision < Booking.revision), "changed"), (call.said == "call", "call"),
                (_said_yes(call), ""), (Worker.phone_sealed.is_(None), "no_phone"), (failed, "failed"),
                (call.asked_at < clock.now() - PATIENCE, "silent"), else_="")


def _joined(query: Any, call: type[RoundCall]) -> Any:
    return (query.select_from(call)
            .join(Registration, (Registration.campaign_id == call.campaign_id)
                  & (Registration.id == call.registration_id))
            .join(Worker, Worker.id == Registration.worker_id).join(Employer, Employer.id == Registration.employer_id)
            .join(Booking, (Booking.campaign_id == call.campaign_id) & (Booking.id == call.booking_id))
            .join(Departure, Departure.id == Booking.departure_id)
            .where(Booking.state == "confirmed", Booking.boarded_at.is_(None),
                   Departure.state.in_(("planned", "open", "closed", "boarding")), Departure.departs_at > clock.now()))
