"""What a departure that a plan leaves out drags along: carrier, crew, feeders, other days, people without a seat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Carrier, Departure
from charter.crew.reading import names_on
from charter.planning.models import Plan
from charter.planning.results import moves
from charter.planning.service import unpacked

__all__ = ["Dragged", "dragged"]


@dataclass(frozen=True, slots=True)
class Dragged:
    """One departure that would not run. `crew` are names; `feeders` codes of those that end with it; `other_day` counts
    people who would leave on another day, `no_seat` those who would have none."""

    id: int
    code: str
    carrier: str
    plate: str
    drivers: str
    crew: tuple[str, ...]
    crew_phone: str
    feeders: tuple[str, ...]
    other_day: int
    no_seat: int


def dragged(session: Session, plan: Plan) -> list[Dragged]:
    """By code, what each departure that the plan leaves out drags along; none for a plan that leaves none out."""
    ids = [int(one) for one in plan.options.get("without", ())]
    if not ids or plan.plan_gz is None:
        return []
    rows = session.execute(
        select(Departure, func.coalesce(Carrier.name, "")).outerjoin(Carrier, Carrier.id == Departure.carrier_id)
        .where(Departure.campaign_id == plan.campaign_id, Departure.id.in_(ids)).order_by(Departure.code)).all()
    feeders, on = _feeders(session, [one for one, _ in rows]), names_on(session, ids)
    gone = _gone(plan, {str(one.id): one.date for one, _ in rows})
    return [Dragged(one.id, one.code, carrier, one.plate, one.drivers,
                    tuple(name for _, name in on.get(one.id, [])) or tuple([one.crew_name] * bool(one.crew_name)),
                    one.crew_phone, tuple(feeders.get(one.id, ())), *gone.get(str(one.id), (0, 0)))
            for one, carrier in rows]


def _feeders(session: Session, mains: Sequence[Departure]) -> dict[int, list[str]]:
    by_journey = {one.journey_id: one.id for one in mains if one.journey_id}
    found: dict[int, list[str]] = {}
    for journey, code in session.execute(
            select(Departure.journey_id, Departure.code)
            .where(Departure.journey_id.in_(list(by_journey)), Departure.leg_kind == "feeder",
                   Departure.state != "called_off").order_by(Departure.code)):
        if journey is not None:
            found.setdefault(by_journey[journey], []).append(code)
    return found


def _gone(plan: Plan, days: dict[str, date]) -> dict[str, tuple[int, int]]:
    """Of each departure: how many would leave on another day, and how many would have no seat."""
    found: dict[str, tuple[int, int]] = {}
    for one in moves(unpacked(plan.instance_gz), unpacked(plan.plan_gz)):
        later, nowhere = found.get(one.origin, (0, 0))
        if one.day is None:
            found[one.origin] = later, nowhere + 1
        elif one.origin in days and one.day != days[one.origin].isoformat():
            found[one.origin] = later + 1, nowhere
    return found
