"""The feeders of a plan: who of its flights and trains needs a coach to the hub and from it, and from or to where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Carrier, CorridorStop, Fleet, Stop, VehicleType
from charter.people.models import District, Employer
from charter.places import table as places
from charter.places.distance import Point, road_km
from charter.planning import compile as compiling
from charter.planning.models import Plan
from charter.planning.results import riders
from charter.planning.rules.feeders import NEAR_KM, End, FeederOffer, Place, Rider, feeder_instance
from charter.planning.service import unpacked
from charter.registrations.models import Registration

__all__ = ["Gate", "Hub", "gates", "hubs", "instance_for"]

Where = Callable[[Registration], tuple[str, str, Point | None]]  # key, division, point of a person's place


@dataclass(frozen=True, slots=True)
class Hub:
    """Where a corridor begins or ends."""

    stop_id: UUID
    name: str
    division: str
    at: Point | None


@dataclass(frozen=True, slots=True)
class Gate:
    """A factory gate: an employer's name, division and point (its district's centre where it has none)."""

    employer_id: UUID
    name: str
    division: str
    at: Point | None


def instance_for(session: Session, plan_id: UUID, result: dict[str, Any]) -> dict[str, Any] | None:
    """The instance of the feeders that a plan's flights and trains need; None where none is needed or on offer."""
    plan = session.get_one(Plan, plan_id)
    campaign = session.get_one(Campaign, plan.campaign_id)
    instance = unpacked(plan.instance_gz)
    mains = {main: ids for main, ids in riders(instance, result).items()
             if instance["departures"][main[0]]["mode"] in ("train", "flight")}
    found = offers(session, campaign)
    if not mains or not found:
        return None
    ends = _ends(session, campaign, instance, mains)
    made = feeder_instance(ends, found, campaign.spread_cost_fen / 100)
    return made if made["departures"] else None


def offers(session: Session, campaign: Campaign) -> list[FeederOffer]:
    """The feeder fleets, with the seats of the rules that hold at the campaign's end."""
    rule = compiling.rules_of(session, campaign.id)(campaign.ends_on)
    found = session.execute(
        select(Fleet, VehicleType, Carrier).join(VehicleType, VehicleType.id == Fleet.vehicle_type_id)
        .join(Carrier, Carrier.id == Fleet.carrier_id)
        .where(Fleet.campaign_id == campaign.id, Fleet.feeder, VehicleType.mode == "bus").order_by(Fleet.id))
    return [FeederOffer(str(fleet.id), fleet.size, rule.seats(kind), fleet.base_fen, fleet.per_km_fen,
                        carrier.home_division) for fleet, kind, carrier in found]


def hubs(session: Session, campaign_id: UUID) -> dict[str, tuple[Hub, Hub]]:
    """The first and the last stop of each corridor, by the corridor's id."""
    found: dict[str, list[Hub]] = defaultdict(list)
    table = places.load()
    for corridor_id, stop in session.execute(
            select(CorridorStop.corridor_id, Stop).join(Stop, Stop.id == CorridorStop.stop_id)
            .where(Stop.campaign_id == campaign_id).order_by(CorridorStop.corridor_id, CorridorStop.seq)):
        at = (stop.lon, stop.lat) if stop.lon is not None and stop.lat is not None else table.coordinates(stop.division)
        found[str(corridor_id)].append(Hub(stop.id, stop.name, stop.division, at))
    return {corridor: (stops[0], stops[-1]) for corridor, stops in found.items()}


def gates(session: Session, employers: Iterable[UUID]) -> dict[UUID, Gate]:
    """The gates of these employers."""
    table = places.load()
    rows = session.execute(select(Employer, District.code).join(District, District.id == Employer.district_id)
                           .where(Employer.id.in_(list(employers))))
    return {firm.id: Gate(firm.id, firm.name, code, (firm.gate_lon, firm.gate_lat)
                          if firm.gate_lon is not None and firm.gate_lat is not None else table.coordinates(code))
            for firm, code in rows}


def _ends(session: Session, campaign: Campaign, instance: dict[str, Any],
          mains: Mapping[tuple[int, int], Sequence[str]]) -> list[End]:
    people = _people(session, campaign.id, [one for ids in mains.values() for one in ids])
    known_gates = gates(session, {one.employer_id for one in people.values()})
    where_hubs = hubs(session, campaign.id)
    home, gate = _at_home, _at_gate(known_gates)
    ends: list[End] = []
    for main, ids in sorted(mains.items()):
        departure = instance["departures"][main[0]]
        first, last = where_hubs[departure["x_corridor"]]
        riding = [people[UUID(one)] for one in ids if UUID(one) in people]
        near, far = (home, gate) if campaign.direction == "to_work" else (gate, home)
        for hub, to_hub, where in ((first, True, near), (last, False, far)):
            made = _end(main, hub, to_hub, departure["date"], riding, where)
            if made is not None:
                ends.append(made)
    return ends


def _people(session: Session, campaign_id: UUID, ids: Sequence[str]) -> dict[UUID, Registration]:
    rows = session.scalars(select(Registration).where(Registration.campaign_id == campaign_id,
                                                      Registration.id.in_([UUID(one) for one in ids])))
    return {row.id: row for row in rows}


def _at_home(row: Registration) -> tuple[str, str, Point | None]:
    return row.origin, row.origin, places.load().coordinates(row.origin)


def _at_gate(known: Mapping[UUID, Gate]) -> Where:
    def where(row: Registration) -> tuple[str, str, Point | None]:
        gate = known[row.employer_id]
        return str(gate.employer_id), gate.division, gate.at
    return where


def _end(main: tuple[int, int], hub: Hub, to_hub: bool, day: int, riding: Sequence[Registration],
         where: Where) -> End | None:
    if hub.at is None:
        return None
    by_place: dict[tuple[str, str, Point], list[Rider]] = defaultdict(list)
    for row in riding:
        key, division, at = where(row)
        if at is not None and road_km(at, hub.at) > NEAR_KM:
            by_place[key, division, at].append(
                Rider(str(row.id), str(row.employer_id), str(row.party_id) if row.party_id else ""))
    found = tuple(Place(key, division, at, tuple(people)) for (key, division, at), people in sorted(by_place.items()))
    return End(main, to_hub, hub.at, hub.division, day, found) if found else None
