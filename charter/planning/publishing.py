"""Publication: departures, costs, seats, states and messages out of a plan, in one act."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.bookings.problems import DepartureFull
from charter.bookings.service import place_many
from charter.campaigns.models import Campaign, Departure
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.funding.service import plan_costs
from charter.notices.approving import require
from charter.planning import compile as compiling
from charter.planning.chartering import Chartering
from charter.planning.feeding import charter_feeders
from charter.planning.models import FINISHED, Plan
from charter.planning.problems import AlreadyPublished, NothingRuns, NotReady, PlanStale
from charter.planning.results import REASONS, riders
from charter.planning.service import locked, unpacked
from charter.planning.standing import displaced, to_leave_out
from charter.planning.telling import tell_seated
from charter.planning.trouble import take_out
from charter.registrations.models import Registration
from charter.registrations.service import set_state_many

__all__ = ["publish"]


def publish(session: Session, plan_id: UUID, corridors: Collection[str] = (), *, by_phone: bool = False) -> Plan:
    """Charter the plan's vehicles and seat its people; who has withdrawn since simply does not ride.

    Departures that it leaves out are called off; their people are moved, with their passes, or told. With `corridors`
    (ids) only these run; the people of all others wait on, for another plan.

    Where the provider has not approved the message, nobody can be written to; `by_phone` publishes all the same, with
    everybody on the list of those who have to be called.

    Raises NotFound, AlreadyPublished, NotReady, PlanStale, NothingRuns, TemplateNotApproved.
    """
    plan = locked(session, plan_id)
    if plan.state == "published":
        raise AlreadyPublished
    if plan.state not in FINISHED or plan.plan_gz is None:
        raise NotReady
    if not by_phone:
        require(session, ["seat_given"])
    campaign = session.get(Campaign, plan.campaign_id, with_for_update=True)
    if campaign is None:
        raise NotFound
    if plan.inputs_digest != compiling.digest(session, campaign.id):
        raise PlanStale(departures=_changed(session, plan))
    left_out = [int(one) for one in plan.options.get("without", ())]
    broken = to_leave_out(session, campaign.id, left_out)
    moved = displaced(session, campaign.id, left_out)
    people = {row.id: row for row in session.scalars(select(Registration).where(
        Registration.campaign_id == campaign.id,
        Registration.state.in_(compiling.WAITING) | Registration.id.in_(list(moved))).with_for_update())}
    seated = _charter(session, campaign, plan, people, moved, frozenset(corridors))
    for departure in broken:
        take_out(session, departure)
    if corridors:
        plan.options, plan.figures = plan.options | {"corridors": sorted(corridors)}, plan.figures | {"seated": seated}
    else:
        _leave_behind(session, plan, people)
    plan.state, plan.published_at, plan.published_by = "published", clock.now(), current().caller
    audit.record(session, "plan.published", "plan", plan.id, **plan.figures)
    session.flush()
    return plan


def _leave_behind(session: Session, plan: Plan, people: Mapping[UUID, Registration]) -> None:
    """Who got no seat waits on, and his page says why."""
    for code in sorted({one["code"] for one in plan.left_behind}):
        left = [UUID(one["registration_id"]) for one in plan.left_behind if one["code"] == code]
        set_state_many(session, plan.campaign_id, [key for key in left if key in people], "left_behind",
                       REASONS[code])


def _changed(session: Session, plan: Plan) -> list[str]:
    return list(session.scalars(select(Departure.code).where(
        Departure.campaign_id == plan.campaign_id,
        (Departure.published_at > plan.created_at) | (Departure.called_off_at > plan.created_at))
        .order_by(Departure.code).limit(50)))


def _charter(session: Session, campaign: Campaign, plan: Plan, people: Mapping[UUID, Registration],
             moved: Mapping[UUID, Booking], corridors: Collection[str]) -> int:
    """Departures, costs, seats and messages: the plan's vehicles, and the feeders of its flights and trains.

    How many people have got a seat.
    """
    instance = unpacked(plan.instance_gz)
    seats = {(d, copy): ids for (d, copy), ids in riders(instance, unpacked(plan.plan_gz)).items()
             if not corridors or instance["departures"][d]["x_corridor"] in corridors}
    if corridors and (moved or not seats):
        raise NothingRuns
    work = Chartering(session, campaign, plan, people)
    done = work.mains(instance, seats)
    moving = {place: moved[one.registration_id].id for place, one in enumerate(done.placements)
              if one.registration_id in moved}
    if plan.feeder_plan_gz is not None:
        feeders = unpacked(plan.feeder_instance_gz)
        charter_feeders(work, done, feeders, riders(feeders, unpacked(plan.feeder_plan_gz)))
    plan_costs(session, done.costs)
    try:
        serials = place_many(session, campaign.id, done.placements, moving)
    except DepartureFull as full:  # a free seat that the plan counted on was taken since
        standing = {made.code for made in done.made.values() if made.id not in done.costs}
        raise PlanStale(departures=sorted(standing)) from full
    tell_seated(session, campaign.id, serials)
    return len({one.registration_id for one in done.placements})
