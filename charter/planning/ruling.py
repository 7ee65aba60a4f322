"""A rule and the departures that it touches: what each may still sell, and where more people sit than may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.rules.seats import sellable
from charter.campaigns import ruling
from charter.campaigns.models import Departure, VehicleType
from charter.campaigns.rules.capacity import kept_seats, seats_to_sell
from charter.campaigns.rules.ruling import Ruling, limits_at
from charter.campaigns.ruling import RuleIn
from charter.campaigns.setting_up import own_campaign
from charter.core import clock

__all__ = ["TouchedDeparture", "add", "preview", "remove"]

BEFORE_BOARDING = ("planned", "open", "closed")  # vehicles that board or are under way are exempt


@dataclass(frozen=True, slots=True)
class TouchedDeparture:
    """A departure whose seats change. `kept` is None where its printed seats stay, since people chose by them."""

    id: int
    code: str
    date: date
    seats_now: int
    seats_then: int
    booked: int
    kept: list[str] | None

    @property
    def over(self) -> int:
        """How many people more than may sit."""
        return max(self.booked - self.seats_then, 0)


def preview(session: Session, campaign_id: UUID, wanted: RuleIn) -> list[TouchedDeparture]:
    """The departures that a new rule touches. Raises NotFound."""
    own_campaign(session, campaign_id)
    return _touched(session, campaign_id, [*ruling.rulings(session, campaign_id), wanted.ruling])


def add(session: Session, campaign_id: UUID, wanted: RuleIn) -> int:
    """Keep a rule and apply it to the departures that have not begun to board; how many it touched. Raises NotFound."""
    own_campaign(session, campaign_id, lock=True)
    ruling.add_rule(session, campaign_id, wanted)
    return _apply(session, campaign_id)


def remove(session: Session, campaign_id: UUID, rule_id: UUID) -> int:
    """Take a rule back; the departures that have not begun to board sell again what they may. Raises NotFound."""
    own_campaign(session, campaign_id, lock=True)
    ruling.remove_rule(session, campaign_id, rule_id)
    return _apply(session, campaign_id)


def _apply(session: Session, campaign_id: UUID) -> int:
    found = _touched(session, campaign_id, ruling.rulings(session, campaign_id))
    ruling.set_seats(session, [(one.id, one.seats_then, one.kept) for one in found])
    return len(found)


def _touched(session: Session, campaign_id: UUID, rules: Sequence[Ruling]) -> list[TouchedDeparture]:
    booked = (select(Booking.departure_id, func.count().label("booked")).where(
        Booking.campaign_id == campaign_id, Booking.state.in_(LIVING)).group_by(Booking.departure_id).subquery())
    rows = session.execute(
        select(Departure, VehicleType, func.coalesce(booked.c.booked, 0))
        .join(VehicleType, VehicleType.id == Departure.vehicle_type_id)
        .outerjoin(booked, booked.c.departure_id == Departure.id)
        .where(Departure.campaign_id == campaign_id, Departure.state.in_(BEFORE_BOARDING))
        .order_by(Departure.departs_at, Departure.id))
    found = [_one(departure, kind, count, rules) for departure, kind, count in rows]
    return [one for one in found if one is not None]


def _one(row: Departure, kind: VehicleType, booked: int, rules: Sequence[Ruling]) -> TouchedDeparture | None:
    limits = limits_at(rules, clock.day_bounds(row.date)[1])
    kept = kept_seats(kind.seat_map, limits.rows, limits.pattern)
    total = seats_to_sell(kind.approved_capacity, kind.passenger_seats, len(kept), limits.percent)
    if (total, sorted(kept)) == (row.seats_total, sorted(row.kept_seats)):
        return None
    before = sellable(kind.seat_map, row.kept_seats, row.seats_total)
    after = sellable(kind.seat_map, kept, total)
    # A booking's slot counts the seats that are sold: with people aboard it may only lose seats at its end.
    may_change = booked == 0 or after == before[:len(after)] or before == after[:len(before)]
    if not may_change and total == row.seats_total:
        return None
    return TouchedDeparture(row.id, row.code, row.date, row.seats_total, total, booked, kept if may_change else None)
