"""A campaign as an instance: confirmed people, lines with their stops, fleets with the rules of the day."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
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
from charter.planning.rules.instance import Demand, Line, Offer, Setting
from charter.registrations.models import Registration

__all__ = ["WAITING", "digest", "kept_of", "kilometres", "lines", "offers", "people", "setting"]

WAITING = ("confirmed", "left_behind")  # who may be given a seat


def setting(campaign: Campaign) -> Setting:
    """The campaign's dates and money."""
    return Setting(campaign.name, max(campaign.starts_on, clock.today()), campaign.ends_on, campaign.destination,
                   campaign.spread_cost_fen, campaign.left_behind_fen, campaign.budget_fen)


def people(session: Session, campaign_id: UUID, most_seats: int) -> list[Demand]:
    """Those who wait for a seat, alike ones together; a party larger than any vehicle is split."""
    rows = session.scalars(select(Registration).where(
        Registration.campaign_id == campaign_id, Registration.state.in_(WAITING)).order_by(Registration.id))
    alike: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    parties: dict[UUID, list[Registration]] = defaultdict(list)
    for row in rows:
        if row.party_id is not None:
            parties[row.party_id].append(row)
        else:
            alike[str(row.employer_id), row.origin, row.earliest, row.latest, tuple(sorted(row.modes))].append(
                str(row.id))
    found = [Demand(employer, origin, earliest, latest, frozenset(modes), False, tuple(ids))
             for (employer, origin, earliest, latest, modes), ids in alike.items()]
    return found + [replace(one, together=one.together and len(one.registrations) <= most_seats)
                    for one in map(_party, parties.values())]


def _party(members: list[Registration]) -> Demand:
    first = members[0]
    modes = frozenset.intersection(*(frozenset(row.modes) for row in members))
    return Demand(str(first.employer_id), first.origin, max(row.earliest for row in members),
                  min(row.latest for row in members), modes, len(members) > 1, tuple(str(row.id) for row in members))


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


def kept_of(session: Session, campaign_id: UUID, day: date) -> tuple[int, int]:
    """(rows kept free, load factor in percent) that hold on that day: of each kind the newest rule begun by then."""
    rows, percent = 0, 100
    until = clock.day_bounds(day)[1]
    for rule in session.scalars(select(Rule).where(Rule.campaign_id == campaign_id, Rule.from_at < until)
                                .order_by(Rule.from_at, Rule.created_at)):
        if rule.kind == "kept_rows":
            rows = int(rule.value["rows"])
        elif rule.kind == "load_factor":
            percent = int(rule.value["percent"])
    return rows, percent


def offers(session: Session, campaign: Campaign) -> list[Offer]:
    """The fleets, with the seats of the strictest rule within the campaign: a plan must hold on every day."""
    rows, percent = kept_of(session, campaign.id, campaign.ends_on)
    found = session.execute(
        select(Fleet, VehicleType, Carrier).join(VehicleType, VehicleType.id == Fleet.vehicle_type_id)
        .join(Carrier, Carrier.id == Fleet.carrier_id)
        .where(Fleet.campaign_id == campaign.id, Fleet.feeder.is_(False)).order_by(Fleet.id))
    return [Offer(str(fleet.id), kind.mode, fleet.size,
                  seats_to_sell(kind.approved_capacity, kind.passenger_seats, len(kept_seats(kind.seat_map, rows)),
                                percent),
                  fleet.base_fen, fleet.per_km_fen, carrier.home_division) for fleet, kind, carrier in found]


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
