"""A campaign as an instance: confirmed people, lines with their stops, fleets with the rules of the day."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from charter.campaigns.models import (
    Campaign,
    Carrier,
    Corridor,
    CorridorStop,
    Departure,
    Fleet,
    Rule,
    Stop,
    VehicleType,
)
from charter.campaigns.rules.capacity import kept_seats, seats_to_sell
from charter.core import clock
from charter.places import distance
from charter.places import table as places
from charter.planning.rules.instance import DAY, Demand, Line, Offer, Setting
from charter.registrations.models import Registration

__all__ = ["WAITING", "DayRules", "Wishes", "digest", "kilometres", "lines", "offers", "people", "rules_of", "setting"]

WAITING = ("confirmed", "left_behind")  # who may be given a seat


def setting(campaign: Campaign) -> Setting:
    """The campaign's dates and money."""
    return Setting(campaign.name, max(campaign.starts_on, clock.today()), campaign.ends_on, campaign.destination,
                   campaign.spread_cost_fen, campaign.left_behind_fen, campaign.budget_fen)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people in charge laid down, by registration: locked to a standing departure, departures forbidden."""

    locks: Mapping[UUID, str] = field(default_factory=dict)
    forbidden: Mapping[UUID, frozenset[str]] = field(default_factory=dict)

    def of(self, *people: UUID) -> tuple[str | None, frozenset[str]]:
        """What holds for those who ride together."""
        must = next((self.locks[one] for one in people if one in self.locks), None)
        return must, frozenset().union(*(self.forbidden.get(one, ()) for one in people))


def people(session: Session, campaign_id: UUID, most_seats: int, wishes: Wishes, displaced: Collection[UUID] = (),
           waiting: bool = True) -> list[Demand]:
    """Those who wait for a seat, and the displaced who lose theirs; alike ones together.

    A party larger than any vehicle is split. With `waiting` false only the displaced.
    """
    wanted = or_(Registration.id.in_(list(displaced)), Registration.state.in_(WAITING if waiting else ()))
    alike: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    parties: dict[UUID, list[Registration]] = defaultdict(list)
    for row in session.scalars(select(Registration).where(Registration.campaign_id == campaign_id, wanted)
                               .order_by(Registration.id)):
        if row.party_id is not None:
            parties[row.party_id].append(row)
        else:
            alike[str(row.employer_id), row.origin, row.earliest, row.latest, frozenset(row.modes),
                  *wishes.of(row.id)].append(str(row.id))
    found = [Demand(employer, origin, earliest, latest, modes, False, tuple(ids), must, never)
             for (employer, origin, earliest, latest, modes, must, never), ids in alike.items()]
    return found + [replace(one, together=one.together and len(one.registrations) <= most_seats)
                    for one in (_party(members, wishes) for members in parties.values())]


def _party(members: list[Registration], wishes: Wishes) -> Demand:
    first = members[0]
    modes = frozenset.intersection(*(frozenset(row.modes) for row in members))
    return Demand(str(first.employer_id), first.origin, max(row.earliest for row in members),
                  min(row.latest for row in members), modes, len(members) > 1, tuple(str(row.id) for row in members),
                  *wishes.of(*(row.id for row in members)))


def lines(session: Session, campaign: Campaign) -> list[Line]:
    """The campaign's corridors without feeder lines; each begins, for the worker, at the end near his home."""
    starts: dict[UUID, str] = {}
    near_home = CorridorStop.seq.desc() if campaign.direction == "to_work" else CorridorStop.seq
    for corridor_id, division in session.execute(
            select(CorridorStop.corridor_id, Stop.division).join(Stop, Stop.id == CorridorStop.stop_id)
            .where(Stop.campaign_id == campaign.id).order_by(near_home)):
        starts[corridor_id] = division
    return [Line(str(row.id), row.mode, frozenset(row.origins), row.distance_km, row.duration_min,
                 starts.get(row.id, ""))
            for row in session.scalars(select(Corridor).where(Corridor.campaign_id == campaign.id,
                                                              Corridor.feeder.is_(False)).order_by(Corridor.name))]


@dataclass(frozen=True, slots=True)
class DayRules:
    """What holds on one day: rows kept free, load factor in percent, spacing pattern ("" for none)."""

    rows: int = 0
    percent: int = 100
    spacing: str = ""

    def kept(self, kind: VehicleType) -> list[str]:
        """The printed seats of a vehicle that nobody gets."""
        return kept_seats(kind.seat_map, self.rows, self.spacing)

    def seats(self, kind: VehicleType) -> int:
        """How many seats of a vehicle may be sold."""
        return seats_to_sell(kind.approved_capacity, kind.passenger_seats, len(self.kept(kind)), self.percent)


def rules_of(session: Session, campaign_id: UUID) -> Callable[[date], DayRules]:
    """What holds on a day: of each kind of rule the newest that has begun by its end."""
    rules = session.scalars(select(Rule).where(Rule.campaign_id == campaign_id)
                            .order_by(Rule.from_at, Rule.created_at)).all()

    def on(day: date) -> DayRules:
        until = clock.day_bounds(day)[1]
        found: dict[str, Any] = {}
        for rule in rules:
            if rule.from_at < until:
                found[rule.kind] = next(iter(rule.value.values()), None)
        return DayRules(int(found.get("kept_rows") or 0), int(found.get("load_factor") or 100),
                        str(found.get("spacing") or ""))
    return on


def offers(session: Session, campaign: Campaign, load_percent: int | None = None) -> list[Offer]:
    """The fleets, with the seats that may be sold on each day; `load_percent` tries another load factor."""
    first, rules = setting(campaign).first, rules_of(session, campaign.id)
    days = [first + number * DAY for number in range(max(0, (campaign.ends_on - first).days) + 1)]
    found = session.execute(
        select(Fleet, VehicleType, Carrier).join(VehicleType, VehicleType.id == Fleet.vehicle_type_id)
        .join(Carrier, Carrier.id == Fleet.carrier_id)
        .where(Fleet.campaign_id == campaign.id, Fleet.feeder.is_(False)).order_by(Fleet.id))
    made = []
    for fleet, kind, carrier in found:
        by_day = {day: replace(rules(day), percent=load_percent) if load_percent else rules(day) for day in days}
        made.append(Offer(str(fleet.id), kind.mode, fleet.size, {day: rule.seats(kind) for day, rule in by_day.items()},
                          fleet.base_fen, fleet.per_km_fen, carrier.home_division))
    return made


def kilometres(start: str, end: str) -> float:
    """Road kilometres between two divisions; 0 where one is unknown."""
    return distance.between(places.load(), start, end) or 0.0


def digest(session: Session, campaign_id: UUID) -> str:
    """A fingerprint of the campaign's departures: it changes when one is added, called off or moved."""
    rows = session.execute(
        select(Departure.id, Departure.state, Departure.departs_at, Departure.seats_total)
        .where(Departure.campaign_id == campaign_id).order_by(Departure.id)).all()
    text = json.dumps([[number, state == "called_off", at.timestamp(), seats] for number, state, at, seats in rows])
    return hashlib.sha256(text.encode()).hexdigest()
