"""Costs by departure, no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.campaigns.models import Departure
from charter.funding.models import DepartureCost

__all__ = ["CostRow", "Totals", "costs", "days", "lines", "totals"]

GONE = ("departed", "arrived")


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one departure costs in all, whole fen; `charter_fen` is the vehicle's own bill, None until it came."""

    departure_id: int
    code: str
    mode: str
    state: str
    date: date
    people: int
    planned_fen: int
    actual_fen: int | None
    charter_fen: int | None

    @property
    def fen_a_head(self) -> int | None:
        """Whole fen for each who has a seat; None where nobody has."""
        return round((self.planned_fen if self.actual_fen is None else self.actual_fen) / self.people) \
            if self.people else None


def costs(session: Session, campaign_id: UUID, *, day: date | None = None, missing: bool = False,
          limit: int = 20_000, offset: int = 0) -> list[CostRow]:
    """Departures with their costs by day; `missing`: those that have left and whose bill is not written. One more
    than wanted."""
    people = (select(Booking.departure_id, func.count().label("people")).where(
        Booking.campaign_id == campaign_id, Booking.state.in_(LIVING)).group_by(Booking.departure_id).subquery())
    charter = func.max(DepartureCost.actual_fen).filter(DepartureCost.kind == "charter")
    query: Select[Departure, int, int, int, int] = (
        select(Departure, func.coalesce(func.max(people.c.people), 0), func.sum(DepartureCost.planned_fen),
               func.sum(DepartureCost.actual_fen), charter)
        .join(DepartureCost, DepartureCost.departure_id == Departure.id)
        .outerjoin(people, people.c.departure_id == Departure.id)
        .where(Departure.campaign_id == campaign_id).group_by(Departure.id))
    if day is not None:
        query = query.where(Departure.date == day)
    if missing:
        query = query.where(Departure.state.in_(GONE)).having(charter.is_(None))
    rows = session.execute(query.order_by(Departure.date, Departure.code).limit(limit + 1).offset(offset))
    return [CostRow(found.id, found.code, found.mode, found.state, found.date, count, int(planned),
                    None if actual is None else int(actual), None if bill is None else int(bill))
            for found, count, planned, actual, bill in rows]


@dataclass(frozen=True, slots=True)
class Totals:
    """The campaign's money, whole fen, and how many departures have left without their bill written."""

    planned_fen: int
    actual_fen: int
    missing: int


def totals(session: Session, campaign_id: UUID) -> Totals:
    """Planned and actual of a campaign; what was called off counts only what it really cost."""
    counts = (Departure.state != "called_off") | DepartureCost.actual_fen.is_not(None)
    planned, actual, missing = session.execute(
        select(func.coalesce(func.sum(DepartureCost.planned_fen), 0),
               func.coalesce(func.sum(DepartureCost.actual_fen), 0),
               func.count().filter(DepartureCost.kind == "charter", DepartureCost.actual_fen.is_(None),
                                   Departure.state.in_(GONE)))
        .join(Departure, Departure.id == DepartureCost.departure_id)
        .where(Departure.campaign_id == campaign_id, counts)).one()
    return Totals(int(planned or 0), int(actual or 0), missing)


def days(session: Session, campaign_id: UUID) -> list[date]:
    """The days with departures."""
    return list(session.scalars(select(Departure.date).where(Departure.campaign_id == campaign_id).distinct()
                                .order_by(Departure.date)))


def lines(session: Session, departure_id: int) -> dict[str, DepartureCost]:
    """The cost lines of one departure by kind."""
    return {row.kind: row for row in session.scalars(select(DepartureCost).where(
        DepartureCost.departure_id == departure_id))}
