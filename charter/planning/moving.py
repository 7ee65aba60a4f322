"""Put people of a finished plan into another of its vehicles; the change of cost is shown before anything is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from charter.core import audit
from charter.core.problems import NotFound
from charter.planning import queries
from charter.planning.models import FINISHED, Plan
from charter.planning.problems import HasFeeders, NoRoomThere, NotReady
from charter.planning.reading import PersonRow, VehicleRow, people_of, vehicle, vehicle_rows
from charter.planning.results import figures
from charter.planning.rules.moving import Target, Vehicle, moved, split, targets
from charter.planning.rules.proof import gap
from charter.planning.service import locked, packed, unpacked

__all__ = ["Choice", "Choices", "choices", "move"]



@dataclass(frozen=True, slots=True)
class Choice:
    """A vehicle that has room for them, and what it would change."""

    target: Target
    row: VehicleRow


@dataclass(frozen=True, slots=True)
class Choices:
    """Who would move (parties whole), from where, and where to."""

    plan: Plan
    source: VehicleRow
    people: list[PersonRow]
    found: list[Choice]


def choices(session: Session, plan_id: UUID, source: Vehicle, people: Collection[str]) -> Choices:
    """Where these people of a vehicle may go. Raises NotFound, NotReady, HasFeeders."""
    plan = queries.plan(session, plan_id)
    row, _ = vehicle(session, plan, *source)
    instance, result, groups = _split(plan, source, people)
    fed = _with_feeders(plan)
    found = [one for one in targets(instance, result, source, groups) if one.vehicle not in fed]
    rows = vehicle_rows(session, plan)
    going = [one for g in groups for one in instance["groups"][g]["x_registrations"]]
    return Choices(plan, row, people_of(session, plan.campaign_id, dict.fromkeys(going, "")),
                   [Choice(one, rows[one.vehicle]) for one in found if one.vehicle in rows])


def move(session: Session, plan_id: UUID, source: Vehicle, people: Collection[str], target: Vehicle) -> Plan:
    """Put them there. Raises NotFound, NotReady, HasFeeders, NoRoomThere where it has become impossible."""
    plan = locked(session, plan_id)
    instance, result, groups = _split(plan, source, people)
    found = next((one for one in targets(instance, result, source, groups) if one.vehicle == target), None)
    if found is None:
        raise NoRoomThere
    if target in _with_feeders(plan):
        raise HasFeeders
    result = moved(result, source, groups, target, found.yuan)
    plan.instance_gz, plan.plan_gz = packed(instance), packed(result)
    plan.best = result["objective"]
    plan.gap = gap(result["objective"], result["lower_bound"])
    plan.figures = plan.figures | {"charter_fen": plan.figures["charter_fen"] + found.fen,
                                   "vehicles": plan.figures["vehicles"] | _vehicles(plan, instance, result)}
    plan.options = plan.options | {"by_hand": int(plan.options.get("by_hand", 0)) + 1}
    audit.record(session, "plan.moved", "plan", plan.id, people=len(people), yuan=round(found.yuan, 2))
    session.flush()
    return plan


def _vehicles(plan: Plan, instance: dict[str, Any], result: dict[str, Any]) -> dict[str, int]:
    now, _ = figures(instance, result)
    return dict.fromkeys(set(plan.figures["vehicles"]) - {"feeder"}, 0) | dict(now["vehicles"])


def _split(plan: Plan, source: Vehicle, people: Collection[str]) -> tuple[dict[str, Any], dict[str, Any], list[int]]:
    if plan.state not in FINISHED or plan.plan_gz is None:
        raise NotReady
    if source in _with_feeders(plan):
        raise HasFeeders
    try:
        found = split(unpacked(plan.instance_gz), unpacked(plan.plan_gz), source, people)
    except ValueError as wrong:
        raise NotFound from wrong
    if not found[2]:
        raise NotFound
    return found


def _with_feeders(plan: Plan) -> set[Vehicle]:
    """The vehicles whose people have feeder coaches: a move would leave those driving for somebody else."""
    if plan.feeder_instance_gz is None:
        return set()
    return {(one["x_main"][0], one["x_main"][1]) for one in unpacked(plan.feeder_instance_gz)["departures"]}
