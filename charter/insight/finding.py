"""The search over everything: departures by name or plate, employers, and people by whatever the desk's list knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from charter.bookings.desk.searching import Search, matching
from charter.campaigns.models import Campaign
from charter.core.actor import Actor
from charter.insight.queries import own_people
from charter.insight.trips import DepartureRow, Filters, departures
from charter.people.models import Employer, Worker
from charter.registrations.models import Registration

__all__ = ["Found", "PersonRow", "everything"]

SHOWN = 20


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody's request: no number, no phone."""

    id: UUID
    name: str
    employer: str
    origin: str
    state: str
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, at most SHOWN of each; `more_people` says that there are more."""

    departures: list[DepartureRow]
    employers: list[tuple[UUID, str, int]]
    people: list[PersonRow]
    more_people: bool


def everything(session: Session, actor: Actor, campaign: Campaign, search: Search) -> Found:
    """Look everywhere within the reader's scope and this campaign. A phone or a document names people only."""
    people = _people(session, actor, campaign, search)
    if search.kind in ("phone", "document"):
        return Found([], [], people[:SHOWN], len(people) > SHOWN)
    trips = departures(session, actor, campaign, Filters(text=search.words), limit=SHOWN)[:SHOWN]
    return Found(trips, _employers(session, actor, campaign, search.words), people[:SHOWN], len(people) > SHOWN)


def _people(session: Session, actor: Actor, campaign: Campaign, search: Search) -> list[PersonRow]:
    rows = session.execute(
        select(Registration, Worker.name, Employer.name).join(Worker, Worker.id == Registration.worker_id)
        .join(Employer, Employer.id == Registration.employer_id)
        .where(Registration.campaign_id == campaign.id, own_people(actor), matching(search))
        .order_by(Worker.name, Registration.id).limit(SHOWN + 1))
    return [PersonRow(row.id, name, employer, row.origin, row.state, row.earliest, row.latest)
            for row, name, employer in rows]


def _employers(session: Session, actor: Actor, campaign: Campaign, words: str) -> list[tuple[UUID, str, int]]:
    letters = words.replace("%", "").replace("_", "")
    people = func.count()
    rows = session.execute(
        select(Employer.id, Employer.name, people).join(Registration, Registration.employer_id == Employer.id)
        .where(Registration.campaign_id == campaign.id, own_people(actor),
               or_(Employer.name.ilike(f"%{letters}%"), Employer.name_pinyin.ilike(f"{letters}%")))
        .group_by(Employer.id).order_by(people.desc(), Employer.name).limit(SHOWN))
    return [(key, name, count) for key, name, count in rows]
