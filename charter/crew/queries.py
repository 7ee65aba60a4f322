"""The departures of a day with who rides along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.campaigns.models import Departure
from charter.crew.reading import names_on
from charter.crew.rules.spans import need

__all__ = ["CrewRow", "days", "departures"]

RUNS = Departure.state.not_in(("called_off", "arrived"))
LACKS = (Departure.crew_name == "") & (Departure.state != "departed")


@dataclass(frozen=True, slots=True)
class CrewRow:
    """One departure: when, how many people, who rides along."""

    id: int
    code: str
    mode: str
    state: str
    departs_at: datetime
    arrives_at: datetime
    people: int
    name: str
    phone: str
    need: int
    on: tuple[str, ...] = ()  # members on duty; else name and phone were written in by hand


def departures(session: Session, campaign_id: UUID, *, day: date | None = None, without: bool = False,
               limit: int = 60, offset: int = 0) -> list[CrewRow]:
    """Departures that have not arrived, by time; one more than wanted. `without`: only those without crew."""
    people = (select(Booking.departure_id, func.count().label("people")).where(
        Booking.campaign_id == campaign_id, Booking.state.in_(LIVING)).group_by(Booking.departure_id).subquery())
    query = (select(Departure, func.coalesce(people.c.people, 0))
             .outerjoin(people, people.c.departure_id == Departure.id)
             .where(Departure.campaign_id == campaign_id, RUNS))
    if day is not None:
        query = query.where(Departure.date == day)
    if without:
        query = query.where(LACKS)
    rows = session.execute(query.order_by(Departure.departs_at, Departure.id).limit(limit + 1).offset(offset)).all()
    on = names_on(session, [found.id for found, _ in rows])
    return [CrewRow(found.id, found.code, found.mode, found.state, found.departs_at, found.arrives_at, count,
                    found.crew_name, found.crew_phone, need(count),
                    tuple(name for _, name in on.get(found.id, []))) for found, count in rows]


def days(session: Session, campaign_id: UUID) -> list[tuple[date, int, int]]:
    """Each day with departures: how many, and how many of them have nobody who rides along."""
    rows = session.execute(
        select(Departure.date, func.count(), func.count().filter(LACKS))
        .where(Departure.campaign_id == campaign_id, RUNS).group_by(Departure.date).order_by(Departure.date))
    return [(day, count, without) for day, count, without in rows]
