"""What stands already when a plan is made: chartered departures with their free seats, and money that is spent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.queries import seats_taken
from charter.campaigns.models import Campaign, Departure
from charter.core import clock
from charter.core.problems import NotFound
from charter.funding.models import DepartureCost
from charter.planning.rules.instance import Standing

__all__ = ["displaced", "spent_fen", "standing", "to_leave_out"]

OPEN = ("planned", "open")
LEAD = timedelta(hours=6)  # nobody is put on a departure that leaves sooner


def standing(session: Session, campaign: Campaign, without: Collection[int] = ()) -> list[Standing]:
    """The campaign's departures but feeders, those called off and those in `without`."""
    rows = session.scalars(select(Departure).where(
        Departure.campaign_id == campaign.id, Departure.leg_kind == "main", Departure.state != "called_off",
        Departure.id.not_in(list(without))).order_by(Departure.departs_at, Departure.id)).all()
    taken = seats_taken(session, [row.id for row in rows])
    return [Standing(str(row.id), str(row.corridor_id), row.date, _free(row, taken.get(row.id, 0)),
                     str(row.fleet_id) if row.fleet_id else None) for row in rows]


def _free(row: Departure, taken: int) -> int:
    open_yet = row.state in OPEN and row.departs_at > clock.now() + LEAD
    return max(0, row.seats_total - taken) if open_yet else 0


def to_leave_out(session: Session, campaign_id: UUID, without: Sequence[int]) -> list[Departure]:
    """The departures that are to run no more. Raises NotFound for one that is foreign, a feeder, gone or over."""
    found = session.scalars(select(Departure).where(
        Departure.campaign_id == campaign_id, Departure.id.in_(list(without)), Departure.leg_kind == "main",
        Departure.state.in_((*OPEN, "closed", "boarding")))).all()
    if len(found) != len(set(without)):
        raise NotFound
    return list(found)


def displaced(session: Session, campaign_id: UUID, without: Collection[int]) -> dict[UUID, Booking]:
    """Who sits on these departures, by registration; who has got on is not moved by a plan."""
    rows = session.scalars(select(Booking).where(
        Booking.campaign_id == campaign_id, Booking.departure_id.in_(list(without)), Booking.state.in_(LIVING),
        Booking.boarded_at.is_(None)))
    return {row.registration_id: row for row in rows}


def spent_fen(session: Session, campaign_id: UUID, without: Collection[int] = ()) -> int:
    """What the standing departures, feeders too, cost: the bill where there is one, else as planned."""
    cost = func.coalesce(DepartureCost.actual_fen, DepartureCost.planned_fen)
    found = session.scalar(
        select(func.coalesce(func.sum(cost), 0)).join(Departure, Departure.id == DepartureCost.departure_id)
        .where(Departure.campaign_id == campaign_id, Departure.state != "called_off",
               Departure.id.not_in(list(without))))
    return int(found or 0)
