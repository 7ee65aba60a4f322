"""The feeders of a plan become departures: legs of one journey with the flight or train that they serve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.service import Placement
from charter.campaigns import departing
from charter.campaigns.models import Corridor, Departure
from charter.campaigns.rules.timetable import coach_arrival
from charter.core import clock
from charter.places import table as places
from charter.planning.chartering import Charter, Chartering
from charter.planning.feeders import Hub, hubs

__all__ = ["charter_feeders"]

KMH = 60  # of a feeder, on county roads
BEFORE = {"flight": timedelta(minutes=120), "train": timedelta(minutes=60)}  # there so long before it leaves
AFTER = {"flight": timedelta(minutes=60), "train": timedelta(minutes=30)}  # waits so long for everybody to come out
STEP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Leg:
    """One feeder of the plan, its flight or train, the hub between them."""

    wanted: Mapping[str, Any]
    main: Departure
    hub: Hub
    riding: Sequence[UUID]

    @property
    def to_hub(self) -> bool:
        return bool(self.wanted["x_to_hub"])


def charter_feeders(work: Chartering, done: Charter, instance: Mapping[str, Any],
                    seated: Mapping[tuple[int, int], Sequence[str]]) -> None:
    """Add to `done` the feeders of its flights and trains with the people who still come."""
    where = hubs(work.session, work.campaign.id)
    numbers = _running_feeders(work)
    for (d, _copy), ids in sorted(seated.items()):
        wanted = instance["departures"][d]
        main = done.made.get((wanted["x_main"][0], wanted["x_main"][1]))
        riding = [UUID(one) for one in ids if UUID(one) in work.people]
        if main is None or not riding:
            continue
        ends = where[str(main.corridor_id)]
        leg = _Leg(wanted, main, ends[0] if wanted["x_to_hub"] else ends[1], riding)
        journey = main.journey_id or departing.begin_journey(work.session, main).id
        numbers[_code(leg)] += 1
        _charter(work, done, leg, journey, numbers[_code(leg)])


def _code(leg: _Leg) -> str:
    """The beginning of a feeder's code: hub, way and day, so that no two of one day have one number."""
    return f"{leg.hub.name[:8]}接驳{'去' if leg.to_hub else '回'} {leg.main.date:%m%d}"


def _running_feeders(work: Chartering) -> Counter[str]:
    """How many feeders have each beginning of a code already; new ones get the numbers that follow."""
    codes = work.session.scalars(select(Departure.code).where(Departure.campaign_id == work.campaign.id,
                                                              Departure.leg_kind == "feeder"))
    return Counter(code.rpartition("-")[0] for code in codes)


def _charter(work: Chartering, done: Charter, leg: _Leg, journey: UUID, number: int) -> None:
    stops = [_stop(work, key) for key in leg.wanted["x_places"]]
    running = _running(leg, [stop for stop, _ in stops], f"接驳{number}号")
    fleet, kind = work.fleets[leg.wanted["x_fleet"]]
    made = departing.add_departure(
        work.session, _corridor(work.session, work.campaign.id, leg, [division for _, division in stops]),
        departing.Vehicle(fleet, kind, leg.wanted["capacity"]), running,
        code=f"{_code(leg)}-{number:02d}",
        direction=work.campaign.direction, plan_id=work.plan.id, journey_id=journey, leg_no=1 if leg.to_hub else 3,
        leg_kind="feeder", origins=sorted({work.people[one].origin for one in leg.riding}))
    done.costs[made.id] = round(leg.wanted["fixed_cost"] * 100)
    by_place = dict(zip(leg.wanted["x_places"], (stop for stop, _ in stops), strict=True))
    done.placements += [Placement(one, made.id, by_place.get(_key(work, leg, one)) if leg.to_hub else leg.hub.stop_id)
                        for one in leg.riding]


def _key(work: Chartering, leg: _Leg, registration: UUID) -> str:
    """The place of a person at the side of the hub where this feeder drives."""
    row = work.people[registration]
    at_home = leg.to_hub == (work.campaign.direction == "to_work")
    return row.origin if at_home else str(row.employer_id)


def _stop(work: Chartering, key: str) -> tuple[UUID, str]:
    """The stop of a place, and its division: a county's coach station, or a factory gate."""
    division = places.load().get(key)
    if division is not None:
        return work.stop(f"{division.name}客运站", key, places.load().coordinates(key)), key
    gate = work.gates[UUID(key)]
    return work.door(gate), gate.division


def _running(leg: _Leg, stops: Sequence[UUID], bay: str) -> departing.Running:
    legs = [km / KMH * 60 + 5 for km in leg.wanted["x_legs_km"]]
    driving = round(sum(legs))
    if leg.to_hub:
        starts = _latest_start(leg.main.departs_at - BEFORE[leg.main.mode], driving)
    else:
        starts = leg.main.arrives_at + AFTER[leg.main.mode]
    moments = [coach_arrival(clock.local(starts), round(sum(legs[:at]))) for at in range(len(legs) + 1)]
    order = [*stops, leg.hub.stop_id] if leg.to_hub else [leg.hub.stop_id, *stops]
    made = []
    for place, (stop, moment) in enumerate(zip(order, moments, strict=True)):
        board = place < len(stops) if leg.to_hub else place == 0
        gather = moment - departing.GATHER["bus"] / 2 if board else moment
        made.append(departing.StopAt(stop, "board" if board else "alight", moment, gather, bay if board else ""))
    return departing.Running(starts, moments[-1], made)


def _latest_start(due: datetime, driving: int) -> datetime:
    """The latest moment, by ten minutes, to set out so as to be there when it is due."""
    at = due - timedelta(minutes=driving)
    while coach_arrival(clock.local(at), driving) > due:
        at -= STEP
    return at


def _corridor(session: Session, campaign_id: UUID, leg: _Leg, divisions: Sequence[str]) -> Corridor:
    """The feeder line of a hub; its origins grow with the places served."""
    name = f"{leg.hub.name[:60]}接驳（{'送站' if leg.to_hub else '接站'}）"
    found = session.scalar(select(Corridor).where(Corridor.campaign_id == campaign_id, Corridor.name == name))
    km = max(1, sum(leg.wanted["x_legs_km"]))
    if found is None:
        found = Corridor(campaign_id=campaign_id, name=name, name_en=f"Feeder {'to' if leg.to_hub else 'from'} a hub",
                         mode="bus", origins=[], distance_km=km, duration_min=max(1, round(km / KMH * 60)), feeder=True)
        session.add(found)
    found.origins = sorted({*found.origins, *divisions})
    session.flush()
    return found
