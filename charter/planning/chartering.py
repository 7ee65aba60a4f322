"""The vehicles of a plan become departures: coaches, flights, trains, and the feeders of those that have a hub."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.bookings.service import Placement
from charter.campaigns import departing
from charter.campaigns.models import (
    Campaign,
    Corridor,
    CorridorStop,
    Departure,
    DepartureStop,
    Fleet,
    Stop,
    VehicleType,
)
from charter.core import clock
from charter.places.distance import Point
from charter.planning import compile as compiling
from charter.planning.feeders import Gate, gates
from charter.planning.models import Plan
from charter.planning.rules.stops import DOORS, door_order, nearest_stop
from charter.registrations.models import Registration

__all__ = ["Charter", "Chartering"]


@dataclass
class Charter:
    """What was made: departures by (position, copy) of the plan, whole fen by departure, who sits where."""

    made: dict[tuple[int, int], Departure] = field(default_factory=dict)
    costs: dict[int, int] = field(default_factory=dict)
    placements: list[Placement] = field(default_factory=list)


def _running(session: Session, campaign_id: UUID) -> Counter[tuple[str, date]]:
    """How many vehicles each corridor has on each day already: new ones get the numbers that follow."""
    rows = session.execute(select(Departure.corridor_id, Departure.date, func.count())
                           .where(Departure.campaign_id == campaign_id, Departure.leg_kind == "main")
                           .group_by(Departure.corridor_id, Departure.date)).all()
    return Counter({(str(corridor), day): number for corridor, day, number in rows})


class Chartering:
    """What departures of one campaign are made with; rows are read once."""

    def __init__(self, session: Session, campaign: Campaign, plan: Plan, people: Mapping[UUID, Registration]) -> None:
        self.session, self.campaign, self.plan, self.people = session, campaign, plan, people
        self.corridors = {str(row.id): row for row in session.scalars(
            select(Corridor).where(Corridor.campaign_id == campaign.id))}
        self.fleets: dict[str, tuple[Fleet, VehicleType]] = {
            str(fleet.id): (fleet, kind) for fleet, kind in session.execute(
                select(Fleet, VehicleType).join(VehicleType, VehicleType.id == Fleet.vehicle_type_id)
                .where(Fleet.campaign_id == campaign.id))}
        self.rules = compiling.rules_of(session, campaign.id)
        self.gates: dict[UUID, Gate] = gates(session, {row.employer_id for row in people.values()})
        self.stops: dict[tuple[str, str], UUID] = {(name, division): key for name, division, key in session.execute(
            select(Stop.name, Stop.division, Stop.id).where(Stop.campaign_id == campaign.id))}
        self.numbers = _running(session, campaign.id)
        self.lines: dict[str, list[tuple[CorridorStop, Stop]]] = {}

    def mains(self, instance: Mapping[str, Any], seated: Mapping[tuple[int, int], Sequence[str]]) -> Charter:
        """The plan's vehicles with the people who still come; a vehicle without any does not drive."""
        found = Charter()
        for (d, copy), ids in sorted(seated.items()):
            riding = [UUID(one) for one in ids if UUID(one) in self.people]
            if riding and "x_departure" in instance["departures"][d]:
                found.made[d, copy] = self._add(int(instance["departures"][d]["x_departure"]), riding, found)
            elif riding:
                found.made[d, copy] = self._main(instance["departures"][d], riding, found)
        return found

    def _add(self, departure_id: int, riding: Sequence[UUID], found: Charter) -> Departure:
        """Free seats of a departure that stands already."""
        made = self.session.get_one(Departure, departure_id)
        stops = [(stop, division) for stop, division in self.session.execute(
            select(Stop.id, Stop.division).join(DepartureStop, DepartureStop.stop_id == Stop.id)
            .where(DepartureStop.departure_id == departure_id, DepartureStop.kind == "board")
            .order_by(DepartureStop.seq))]
        self._place(made, riding, stops, found)
        return made

    def _place(self, made: Departure, riding: Sequence[UUID], boards: Sequence[tuple[UUID, str]],
               found: Charter) -> None:
        found.placements += [
            Placement(one, made.id, nearest_stop(self._board_division(one), boards, compiling.kilometres))
            for one in riding]

    def _main(self, wanted: Mapping[str, Any], riding: Sequence[UUID], found: Charter) -> Departure:
        corridor, (fleet, kind) = self.corridors[wanted["x_corridor"]], self.fleets[wanted["x_fleet"]]
        day = date.fromisoformat(wanted["x_date"])
        self.numbers[wanted["x_corridor"], day] += 1
        number = self.numbers[wanted["x_corridor"], day]
        stops = self._line(wanted["x_corridor"])
        running = departing.schedule(corridor, stops, clock.at_local(day, departing.LEAVES[corridor.mode]),
                                     bay=f"{number}号位" if corridor.mode == "bus" else "")
        if corridor.mode == "bus":
            running = self._to_doors(running, riding)
        made = departing.add_departure(
            self.session, corridor, departing.Vehicle(fleet, kind, wanted["capacity"], self.rules(day).kept(kind)),
            running,
            code=f"{corridor.name[:14]} {day:%m%d}-{number:02d}", direction=self.campaign.direction,
            plan_id=self.plan.id)
        found.costs[made.id] = round(wanted["fixed_cost"] * 100)
        self._place(made, riding, [(stop.id, stop.division) for at, stop in stops if at.kind == "board"], found)
        return made

    def _board_division(self, registration: UUID) -> str:
        row = self.people[registration]
        return row.origin if self.campaign.direction == "to_work" else self.gates[row.employer_id].division

    def _line(self, corridor: str) -> list[tuple[CorridorStop, Stop]]:
        if corridor not in self.lines:
            self.lines[corridor] = departing.line_stops(self.session, UUID(corridor))
        return self.lines[corridor]

    def _to_doors(self, running: departing.Running, riding: Sequence[UUID]) -> departing.Running:
        """On the way to work a coach with few employers drops each one's people at its gate."""
        doors = [self.gates[key] for key in dict.fromkeys(self.people[one].employer_id for one in riding)]
        if self.campaign.direction != "to_work" or len(doors) > DOORS:
            return running
        at, stops = running.arrives_at, list(running.stops)
        for gate in door_order(doors):
            at += departing.AT_A_GATE
            stops.append(departing.StopAt(self.door(gate), "alight", at, at))
        return departing.Running(running.departs_at, at, stops)

    def door(self, gate: Gate) -> UUID:
        """The stop at a factory gate."""
        return self.stop(f"{gate.name} 厂门", gate.division, gate.at, "gate")

    def stop(self, name: str, division: str, at: Point | None, kind: str = "stop") -> UUID:
        """The campaign's stop of that name and division; made where there is none yet."""
        if (name[:80], division) not in self.stops:
            made = departing.new_stop(self.session, self.campaign.id, name, division, at, kind)
            self.stops[made.name, division] = made.id
        return self.stops[name[:80], division]
