"""Figures over all rooms, scoped by the reader: a district organizer counts only the workers of its employers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Departure
from charter.core.actor import Actor
from charter.funding.models import DepartureCost
from charter.people.models import Employer
from charter.registrations.models import Registration

__all__ = ["LIVE", "TRAVELS", "DemandRow", "Figures", "demand", "figures", "own_people"]

LIVE = Registration.state.not_in(("withdrawn", "rejected"))
TRAVELS = Booking.state.in_(("held", "confirmed"))


def own_people(actor: Actor) -> ColumnElement[bool]:
    """The requests that a reader counts: a district organizer those of its employers."""
    district = actor.scope("district")
    if district is None:
        return true()
    return Registration.employer_id.in_(select(Employer.id).where(Employer.district_id == UUID(district)))


@dataclass(frozen=True, slots=True)
class Figures:
    """The overview: people by how far they are, vehicles, money in whole fen."""

    states: dict[str, int]
    registered: int
    seated: int
    boarded: int
    arrived: int
    left_behind: int
    employers: int
    departures: dict[str, int]
    planned_fen: int
    actual_fen: int
    answers_late: int


def figures(session: Session, actor: Actor, campaign: Campaign, now: datetime) -> Figures:
    """Count the campaign for this reader."""
    mine = (Registration.campaign_id == campaign.id, own_people(actor))
    states = {str(row[0]): int(row[1]) for row in session.execute(
        select(Registration.state, func.count()).where(*mine).group_by(Registration.state))}
    registered, employers, late = session.execute(
        select(func.count(), func.count(Registration.employer_id.distinct()),
               func.count().filter(Registration.state.in_(("received", "needs_decision")),
                                   Registration.answer_by < now)).where(*mine, LIVE)).one()
    seated, boarded, arrived = session.execute(
        select(_persons(Booking.state == "confirmed"), _persons(Booking.boarded_at.is_not(None)),
               _persons(Booking.arrived_at.is_not(None)))
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id)).where(*mine, TRAVELS)).one()
    vehicles = {str(row[0]): int(row[1]) for row in session.execute(
        select(Departure.mode, func.count()).where(Departure.campaign_id == campaign.id,
                                                   Departure.state != "called_off").group_by(Departure.mode))}
    planned, actual = session.execute(
        select(func.coalesce(func.sum(DepartureCost.planned_fen), 0),
               func.coalesce(func.sum(DepartureCost.actual_fen), 0))
        .join(Departure, Departure.id == DepartureCost.departure_id)
        .where(Departure.campaign_id == campaign.id,
               (Departure.state != "called_off") | DepartureCost.actual_fen.is_not(None))).one()
    return Figures(states, registered, seated, boarded, arrived, states.get("left_behind", 0), employers, vehicles,
                   int(planned or 0), int(actual or 0), late)


def _persons(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(Booking.registration_id.distinct()).filter(which)


@dataclass(frozen=True, slots=True)
class DemandRow:
    """People of one origin county, by mode that they accept and by first day."""

    origin: str
    people: int
    unlisted: int
    modes: dict[str, int]
    days: dict[date, int]


def demand(session: Session, actor: Actor, campaign: Campaign) -> list[DemandRow]:
    """Demand by origin county, most people first."""
    rows = session.execute(
        select(Registration.origin, Registration.earliest, Registration.state, Registration.modes, func.count())
        .where(Registration.campaign_id == campaign.id, LIVE, own_people(actor))
        .group_by(Registration.origin, Registration.earliest, Registration.state, Registration.modes)).all()
    people: Counter[str] = Counter()
    unlisted: Counter[str] = Counter()
    modes: dict[str, Counter[str]] = {}
    days: dict[str, Counter[date]] = {}
    for origin, earliest, state, accepted, count in rows:
        people[origin] += count
        if state in ("received", "needs_decision"):
            unlisted[origin] += count
        for mode in accepted:
            modes.setdefault(origin, Counter())[mode] += count
        days.setdefault(origin, Counter())[earliest] += count
    return [DemandRow(origin, count, unlisted[origin], dict(modes[origin]), dict(days[origin]))
            for origin, count in people.most_common()]
