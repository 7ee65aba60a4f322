"""Acts that set a campaign up: the campaign itself, its stops and corridors, carriers and their fleets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import (
    Campaign,
    Carrier,
    Corridor,
    CorridorStop,
    Departure,
    DepartureStop,
    Fleet,
    Stop,
    VehicleType,
)
from charter.core import audit, clock
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid

__all__ = ["LineStop", "add_carrier", "add_corridor", "add_fleet", "create_campaign", "reschedule"]


@dataclass(frozen=True, slots=True)
class LineStop:
    """A stop of a corridor: `kind` board or alight, minutes after the first stop's departure."""

    name: str
    division: str
    kind: str
    offset_min: int
    lon: float | None = None
    lat: float | None = None
    place: str = "stop"


def create_campaign(session: Session, *, name: str, name_en: str, direction: str, union_id: UUID, destination: str,
                    starts_on: date, ends_on: date, hotline: str, budget_fen: int | None = None,
                    demo: bool = False) -> Campaign:
    """An open campaign of both days included. Raises Invalid where the days stand the wrong way round."""
    if ends_on < starts_on:
        raise Invalid(errors=[FieldProblem("ends_on", "date_order", N_("结束日期早于开始日期"))])
    campaign = Campaign(name=name, name_en=name_en, direction=direction, state="open", union_id=union_id,
                        destination=destination, starts_on=starts_on, ends_on=ends_on, hotline=hotline,
                        budget_fen=budget_fen, demo=demo)
    session.add(campaign)
    session.flush()
    audit.record(session, "campaign.created", "campaign", campaign.id)
    return campaign


def add_corridor(session: Session, campaign: Campaign, *, name: str, name_en: str, mode: str, origins: Sequence[str],
                 distance_km: int, duration_min: int, stops: Sequence[LineStop]) -> Corridor:
    """A corridor with its stops in driving order; a stop of the same name and division is used again."""
    corridor = Corridor(campaign_id=campaign.id, name=name, name_en=name_en, mode=mode, origins=list(origins),
                        distance_km=distance_km, duration_min=duration_min)
    session.add(corridor)
    session.flush()
    for seq, wanted in enumerate(stops, 1):
        stop = _stop(session, campaign, wanted)
        session.add(CorridorStop(corridor_id=corridor.id, seq=seq, stop_id=stop.id, kind=wanted.kind,
                                 offset_min=wanted.offset_min))
    session.flush()
    audit.record(session, "corridor.added", "corridor", corridor.id)
    return corridor


def add_carrier(session: Session, *, name: str, name_en: str, home_division: str, phone: str = "") -> Carrier:
    """A transport firm; one end of its charters lies in its home prefecture."""
    carrier = Carrier(name=name, name_en=name_en, home_division=home_division, phone=phone)
    session.add(carrier)
    session.flush()
    return carrier


def add_fleet(session: Session, campaign: Campaign, carrier: Carrier, vehicle_code: str, *, size: int, base_fen: int,
              per_km_fen: int, feeder: bool = False) -> Fleet:
    """So many vehicles of a type that the carrier offers, with prices; feeders drive only to and from hubs.

    Raises Invalid for an unknown type.
    """
    vehicle = session.scalar(select(VehicleType).where(VehicleType.code == vehicle_code))
    if vehicle is None:
        raise Invalid(errors=[FieldProblem("vehicle_type", "invalid", N_("没有这种车型"))])
    fleet = Fleet(campaign_id=campaign.id, carrier_id=carrier.id, vehicle_type_id=vehicle.id, size=size,
                  base_fen=base_fen, per_km_fen=per_km_fen, feeder=feeder)
    session.add(fleet)
    session.flush()
    return fleet


def _stop(session: Session, campaign: Campaign, wanted: LineStop) -> Stop:
    found = session.scalar(select(Stop).where(Stop.campaign_id == campaign.id, Stop.name == wanted.name,
                                              Stop.division == wanted.division))
    if found is None:
        found = Stop(campaign_id=campaign.id, name=wanted.name, division=wanted.division, kind=wanted.place,
                     lon=wanted.lon, lat=wanted.lat)
        session.add(found)
        session.flush()
    return found


def reschedule(session: Session, departure: Departure, departs_at: datetime) -> None:
    """The departure leaves at another time; its stops and its arrival move along. Passes stay good."""
    shift = departs_at - departure.departs_at
    departure.departs_at, departure.arrives_at = departs_at, departure.arrives_at + shift
    departure.date = clock.local(departs_at).date()
    for stop in session.scalars(select(DepartureStop).where(DepartureStop.departure_id == departure.id)):
        stop.gather_at, stop.departs_at = stop.gather_at + shift, stop.departs_at + shift
    session.flush()
    audit.record(session, "departure.rescheduled", "departure", departure.id, minutes=round(shift.total_seconds() / 60))
