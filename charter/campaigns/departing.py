"""Departures come to be: one vehicle of a fleet on a corridor and day, its stops with their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import (
    Campaign,
    Corridor,
    CorridorStop,
    Departure,
    DepartureStop,
    Fleet,
    Journey,
    Stop,
    VehicleType,
)
from charter.campaigns.rules.capacity import seats_to_sell
from charter.campaigns.rules.timetable import coach_arrival
from charter.core import audit, clock
from charter.core.problems import NotFound

__all__ = ["GATHER", "LEAVES", "Running", "StopAt", "Vehicle", "add_departure", "add_extra", "begin_journey",
           "line_stops", "new_stop", "schedule"]

LEAVES = {"bus": time(8), "train": time(13), "flight": time(15)}  # on the wall clock of the first stop
GATHER = {"bus": timedelta(minutes=40), "train": timedelta(minutes=60), "flight": timedelta(minutes=120)}
AT_A_GATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class StopAt:
    """A stop of a departure with its times; `kind` board or alight. For stops of a kind in driving order."""

    stop_id: UUID
    kind: str
    departs_at: datetime
    gather_at: datetime
    bay: str = ""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What drives: a vehicle of the fleet, the seats that may be sold, and the printed ones kept free."""

    fleet: Fleet
    kind: VehicleType
    seats: int
    kept: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """When it drives and where it stops."""

    departs_at: datetime
    arrives_at: datetime
    stops: Sequence[StopAt] = field(default_factory=tuple)


def line_stops(session: Session, corridor_id: UUID) -> list[tuple[CorridorStop, Stop]]:
    """The stops of a corridor in driving order."""
    rows = session.execute(select(CorridorStop, Stop).join(Stop, Stop.id == CorridorStop.stop_id)
                           .where(CorridorStop.corridor_id == corridor_id).order_by(CorridorStop.seq))
    return [(at, stop) for at, stop in rows]


def schedule(corridor: Corridor, stops: Sequence[tuple[CorridorStop, Stop]], leaves: datetime,
             bay: str = "") -> Running:
    """Times of a departure that leaves its first stop at `leaves`; coaches rest and stand as charters must."""
    if corridor.mode == "bus":
        arrives = coach_arrival(clock.local(leaves), corridor.duration_min)
    else:
        arrives = leaves + timedelta(minutes=corridor.duration_min)
    first_off = next((at.offset_min for at, _ in stops if at.kind == "alight"), 0)
    made = []
    for at, stop in stops:
        if at.kind == "board":
            moment = leaves + timedelta(minutes=at.offset_min)
            made.append(StopAt(stop.id, "board", moment, moment - GATHER[corridor.mode], bay))
        else:
            moment = arrives + timedelta(minutes=at.offset_min - first_off)
            made.append(StopAt(stop.id, "alight", moment, moment))
    return Running(leaves, max([arrives, *(one.departs_at for one in made if one.kind == "alight")]), made)


def add_departure(session: Session, corridor: Corridor, vehicle: Vehicle, running: Running, *, code: str,
                  direction: str, plan_id: UUID | None = None, journey_id: UUID | None = None, leg_no: int = 1,
                  leg_kind: str = "main", origins: Sequence[str] | None = None) -> Departure:
    """A published, open departure with its stops."""
    made = Departure(
        campaign_id=corridor.campaign_id, corridor_id=corridor.id, vehicle_type_id=vehicle.kind.id,
        carrier_id=vehicle.fleet.carrier_id, fleet_id=vehicle.fleet.id, plan_id=plan_id, journey_id=journey_id,
        leg_no=leg_no, leg_kind=leg_kind, code=code[:24], mode=corridor.mode, direction=direction,
        seating=vehicle.kind.seating, origins=list(corridor.origins if origins is None else origins),
        date=clock.local(running.departs_at).date(), departs_at=running.departs_at, arrives_at=running.arrives_at,
        state="open", published_at=clock.now(), seats_total=vehicle.seats, kept_seats=list(vehicle.kept))
    session.add(made)
    session.flush()
    session.add_all(DepartureStop(departure_id=made.id, seq=seq, stop_id=stop.stop_id, kind=stop.kind,
                                  gather_at=stop.gather_at, departs_at=stop.departs_at, bay=stop.bay)
                    for seq, stop in enumerate(running.stops, 1))
    return made


def add_extra(session: Session, corridor_id: UUID, fleet_id: UUID, day: date, code: str) -> Departure:
    """A departure that no plan asked for, at the usual hour, with every seat of the vehicle. Raises NotFound."""
    corridor, fleet = session.get(Corridor, corridor_id), session.get(Fleet, fleet_id)
    if corridor is None or fleet is None or fleet.campaign_id != corridor.campaign_id:
        raise NotFound
    kind = session.get_one(VehicleType, fleet.vehicle_type_id)
    running = schedule(corridor, line_stops(session, corridor.id), clock.at_local(day, LEAVES[corridor.mode]))
    seats = seats_to_sell(kind.approved_capacity, kind.passenger_seats, 0, 100)
    made = add_departure(session, corridor, Vehicle(fleet, kind, seats), running, code=code,
                         direction=session.get_one(Campaign, corridor.campaign_id).direction)
    audit.record(session, "departure.added", "departure", made.id)
    return made


def begin_journey(session: Session, main: Departure) -> Journey:
    """The journey of a flight or train, which becomes its second leg."""
    journey = Journey(campaign_id=main.campaign_id, name=main.code)
    session.add(journey)
    session.flush()
    main.journey_id, main.leg_no = journey.id, 2
    return journey


def new_stop(session: Session, campaign_id: UUID, name: str, division: str, at: tuple[float, float] | None,
             kind: str = "gate") -> Stop:
    """A stop that the campaign has not had: a factory gate, or where a feeder begins."""
    made = Stop(campaign_id=campaign_id, name=name[:80], division=division, kind=kind, lon=at[0] if at else None,
                lat=at[1] if at else None)
    session.add(made)
    session.flush()
    return made
