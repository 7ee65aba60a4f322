"""Demand for the desk: what the map and the charts draw, by employer, and which counties no corridor serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Corridor
from charter.core.actor import Actor
from charter.core.i18n import gettext
from charter.insight.queries import LIVE, DemandRow, own_people
from charter.people.models import District, Employer
from charter.places import table as places
from charter.registrations.models import Registration

__all__ = ["EmployerRow", "chart", "employers", "served"]

WAITING = ("received", "needs_decision")


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """People of one employer, and from how many counties they come."""

    id: UUID
    name: str
    district: str
    district_en: str
    people: int
    unlisted: int
    origins: int


def employers(session: Session, actor: Actor, campaign: Campaign, limit: int = 1_000) -> list[EmployerRow]:
    """Demand by employer, most people first."""
    people = func.count()
    rows = session.execute(
        select(Employer.id, Employer.name, District.name, District.name_en, people,
               func.count().filter(Registration.state.in_(WAITING)), func.count(Registration.origin.distinct()))
        .join(Employer, Employer.id == Registration.employer_id).join(District, District.id == Employer.district_id)
        .where(Registration.campaign_id == campaign.id, LIVE, own_people(actor))
        .group_by(Employer.id, District.id).order_by(people.desc(), Employer.name).limit(limit))
    return [EmployerRow(*row) for row in rows]


def served(session: Session, campaign: Campaign) -> set[str]:
    """The counties that a corridor serves."""
    return {code for origins in session.scalars(select(Corridor.origins).where(Corridor.campaign_id == campaign.id))
            for code in origins}


def chart(rows: Sequence[DemandRow], campaign: Campaign, modes: Mapping[str, str],
          name: Callable[[str], str]) -> dict[str, Any]:
    """What the charts draw. Counties without coordinates stand in the table only."""
    table = places.load()
    days: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for row in rows:
        wanted.update(row.modes)
        for day, count in sorted(row.days.items()):
            days[day.isoformat()] += count
    city = table.coordinates(campaign.destination)
    return {
        "places": [{"code": row.origin, "name": name(row.origin), "people": row.people, "lon": at[0], "lat": at[1]}
                   for row in rows if (at := table.coordinates(row.origin)) is not None],
        "days": [[f"{int(day[5:7])}/{int(day[8:])}", count] for day, count in sorted(days.items())],
        "modes": [[gettext(word), wanted.get(mode, 0)] for mode, word in modes.items()],
        "city": {"name": name(campaign.destination), "lon": city and city[0], "lat": city and city[1]},
        "words": {"people": gettext("人"), "east": gettext("东经"), "north": gettext("北纬")}}
