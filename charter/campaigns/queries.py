"""What the set-up pages show of a campaign: corridors with stops, carriers, offers, vehicle types, rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import (
    Carrier,
    Corridor,
    CorridorStop,
    Departure,
    Fleet,
    Rule,
    Stop,
    VehicleType,
)
from charter.people.models import Union

__all__ = ["FleetRow", "LineRow", "RuleRow", "carriers", "fleets", "lines", "rules", "types_in_use", "unions",
           "vehicle_types"]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A corridor with its stops (name, kind, minutes) and how many departures run on it."""

    id: UUID
    name: str
    name_en: str
    mode: str
    origins: tuple[str, ...]
    distance_km: int
    duration_min: int
    stops: tuple[tuple[str, str, int], ...]
    departures: int


def lines(session: Session, campaign_id: UUID) -> list[LineRow]:
    """The corridors of a campaign by mode and name."""
    stops: dict[UUID, list[tuple[str, str, int]]] = defaultdict(list)
    for corridor_id, name, kind, minutes in session.execute(
            select(CorridorStop.corridor_id, Stop.name, CorridorStop.kind, CorridorStop.offset_min)
            .join(Stop, Stop.id == CorridorStop.stop_id).where(Stop.campaign_id == campaign_id)
            .order_by(CorridorStop.corridor_id, CorridorStop.seq)):
        stops[corridor_id].append((name, kind, minutes))
    running: dict[UUID, int] = {row[0]: row[1] for row in session.execute(
        select(Departure.corridor_id, func.count()).where(
            Departure.campaign_id == campaign_id, Departure.state != "called_off").group_by(Departure.corridor_id))}
    return [LineRow(row.id, row.name, row.name_en or row.name, row.mode, tuple(row.origins), row.distance_km,
                    row.duration_min, tuple(stops[row.id]), running.get(row.id, 0))
            for row in session.scalars(select(Corridor).where(Corridor.campaign_id == campaign_id)
                                       .order_by(Corridor.mode, Corridor.name))]


@dataclass(frozen=True, slots=True)
class FleetRow:
    """An offer with its carrier and vehicle type, and how many of it are chartered. Money in whole fen."""

    id: UUID
    carrier: str
    carrier_en: str
    vehicle: str
    vehicle_en: str
    mode: str
    seats: int
    size: int
    used: int
    base_fen: int
    per_km_fen: int


def fleets(session: Session, campaign_id: UUID) -> list[FleetRow]:
    """The offers of a campaign by mode, carrier and seats."""
    used = (select(Departure.fleet_id, func.count().label("used")).where(
        Departure.campaign_id == campaign_id, Departure.state != "called_off").group_by(Departure.fleet_id).subquery())
    rows = session.execute(
        select(Fleet, Carrier, VehicleType, func.coalesce(used.c.used, 0))
        .join(Carrier, Carrier.id == Fleet.carrier_id).join(VehicleType, VehicleType.id == Fleet.vehicle_type_id)
        .outerjoin(used, used.c.fleet_id == Fleet.id).where(Fleet.campaign_id == campaign_id)
        .order_by(VehicleType.mode, Carrier.name, VehicleType.passenger_seats))
    return [FleetRow(fleet.id, carrier.name, carrier.name_en or carrier.name, kind.name, kind.name_en, kind.mode,
                     kind.passenger_seats, fleet.size, count, fleet.base_fen, fleet.per_km_fen)
            for fleet, carrier, kind, count in rows]


def carriers(session: Session) -> list[Carrier]:
    """Every carrier by name."""
    return list(session.scalars(select(Carrier).order_by(Carrier.name)))


def vehicle_types(session: Session) -> list[VehicleType]:
    """Every vehicle type by mode and seats."""
    return list(session.scalars(select(VehicleType).order_by(VehicleType.mode, VehicleType.passenger_seats,
                                                             VehicleType.code)))


def types_in_use(session: Session) -> set[UUID]:
    """The vehicle types of which something has been chartered: their seats no longer change."""
    return set(session.scalars(select(Departure.vehicle_type_id).distinct()))


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule with its from-time and ordering document."""

    id: UUID
    kind: str
    value: dict[str, Any]
    from_at: datetime
    document: str


def rules(session: Session, campaign_id: UUID) -> list[RuleRow]:
    """The rules of a campaign, by the time from which they hold."""
    return [RuleRow(row.id, row.kind, row.value, row.from_at, row.document) for row in session.scalars(
        select(Rule).where(Rule.campaign_id == campaign_id).order_by(Rule.from_at, Rule.created_at))]


def unions(session: Session) -> list[Union]:
    """The federations that may run a campaign, the city's first."""
    return list(session.scalars(select(Union).order_by(Union.kind, Union.name)))
