"""Publication: departures, costs, seats, states and messages out of a plan, in one act."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.service import Placement, place_many
from charter.campaigns.models import Campaign, Corridor, CorridorStop, Departure, DepartureStop, Fleet, VehicleType
from charter.campaigns.rules.capacity import kept_seats
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.funding.service import plan_costs
from charter.planning import compile as compiling
from charter.planning.models import Plan
from charter.planning.problems import AlreadyPublished, NotReady, PlanStale
from charter.planning.results import riders
from charter.planning.service import locked, unpacked
from charter.planning.telling import tell_seated
from charter.registrations.models import Registration
from charter.registrations.service import set_state_many

__all__ = ["publish"]

LEAVES = time(8)  # on the wall clock of the first stop
GATHER = timedelta(minutes=40)


def publish(session: Session, plan_id: UUID) -> Plan:
    """Charter the plan's vehicles and seat its people; who has withdrawn since simply does not ride.

    Raises NotFound, AlreadyPublished, NotReady, PlanStale.
    """
    plan = locked(session, plan_id)
    if plan.state == "published":
        raise AlreadyPublished
    if plan.state not in ("done", "stopped") or plan.plan_gz is None:
        raise NotReady
    campaign = session.get(Campaign, plan.campaign_id, with_for_update=True)
    if campaign is None:
        raise NotFound
    if plan.inputs_digest != compiling.digest(session, campaign.id):
        raise PlanStale(departures=_changed(session, plan))
    instance, result = unpacked(plan.instance_gz), unpacked(plan.plan_gz)
    waiting = {str(one) for one in session.scalars(select(Registration.id).where(
        Registration.campaign_id == campaign.id, Registration.state.in_(compiling.WAITING)).with_for_update())}
    _charter(session, campaign, plan, instance, riders(instance, result), waiting)
    set_state_many(session, campaign.id, [UUID(one["registration_id"]) for one in plan.left_behind
                                          if one["registration_id"] in waiting], "left_behind")
    plan.state, plan.published_at, plan.published_by = "published", clock.now(), current().caller
    audit.record(session, "plan.published", "plan", plan.id, **plan.figures)
    session.flush()
    return plan


def _changed(session: Session, plan: Plan) -> list[str]:
    return list(session.scalars(select(Departure.code).where(
        Departure.campaign_id == plan.campaign_id,
        (Departure.published_at > plan.created_at) | (Departure.called_off_at > plan.created_at))
        .order_by(Departure.code).limit(50)))


def _charter(session: Session, campaign: Campaign, plan: Plan, instance: dict[str, Any],
             seated: dict[tuple[int, int], list[str]], waiting: set[str]) -> None:
    corridors = {str(row.id): row for row in session.scalars(
        select(Corridor).where(Corridor.campaign_id == campaign.id))}
    fleets = {str(fleet.id): (fleet, kind) for fleet, kind in session.execute(
        select(Fleet, VehicleType).join(VehicleType, VehicleType.id == Fleet.vehicle_type_id)
        .where(Fleet.campaign_id == campaign.id))}
    rows, _ = compiling.kept_of(session, campaign.id, campaign.ends_on)
    numbers: Counter[tuple[str, str]] = Counter()
    costs: dict[int, int] = {}
    placements: list[Placement] = []
    for (d, _copy), ids in sorted(seated.items()):
        found = instance["departures"][d]
        riding = [one for one in ids if one in waiting]
        if not riding:
            continue
        corridor, (fleet, kind) = corridors[found["x_corridor"]], fleets[found["x_fleet"]]
        day = date.fromisoformat(found["x_date"])
        numbers[found["x_corridor"], found["x_date"]] += 1
        code = f"{corridor.name[:14]} {day:%m%d}-{numbers[found['x_corridor'], found['x_date']]:02d}"
        made = _departure(campaign, plan, corridor, fleet, kind, day, code)
        made.seats_total, made.kept_seats = found["capacity"], kept_seats(kind.seat_map, rows)
        session.add(made)
        session.flush()
        _stops(session, made, corridor.id)
        costs[made.id] = round(found["fixed_cost"] * 100)
        placements += [Placement(UUID(one), made.id) for one in riding]
    plan_costs(session, costs)
    tell_seated(session, campaign.id, place_many(session, campaign.id, placements))


def _departure(campaign: Campaign, plan: Plan, corridor: Corridor, fleet: Fleet, kind: VehicleType, day: date,
               code: str) -> Departure:
    leaves = clock.at_local(day, LEAVES)
    return Departure(
        campaign_id=campaign.id, corridor_id=corridor.id, vehicle_type_id=kind.id, carrier_id=fleet.carrier_id,
        fleet_id=fleet.id, plan_id=plan.id, code=code, mode=corridor.mode, direction=campaign.direction,
        seating=kind.seating, origins=corridor.origins, date=day, departs_at=leaves,
        arrives_at=leaves + timedelta(minutes=corridor.duration_min), state="open", published_at=clock.now())


def _stops(session: Session, made: Departure, corridor_id: UUID) -> None:
    for row in session.scalars(select(CorridorStop).where(CorridorStop.corridor_id == corridor_id)
                               .order_by(CorridorStop.seq)):
        at: datetime = made.departs_at + timedelta(minutes=row.offset_min)
        session.add(DepartureStop(departure_id=made.id, seq=row.seq, stop_id=row.stop_id, kind=row.kind,
                                  gather_at=at - GATHER if row.kind == "board" else at, departs_at=at))
