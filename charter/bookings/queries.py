"""Seats as others see them: departures with what is left, bookings, a departure's seat map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from charter.bookings.line import claimed, claimed_slots
from charter.bookings.models import Booking
from charter.bookings.rules.arranging import side_by_side
from charter.bookings.rules.seats import all_seats, sellable
from charter.campaigns.models import Campaign, Corridor, Departure, DepartureStop, Stop, VehicleType
from charter.core import clock
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.problems import NotFound
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["BookingView", "DepartureView", "SeatView", "StopView", "departures", "find", "left_on", "living",
           "of_departure", "of_registrations", "seat_map", "seats_taken", "view"]


def living() -> ColumnElement[bool]:
    """Bookings that own their place now: confirmed, or held and not lapsed."""
    return or_(Booking.state == "confirmed", and_(Booking.state == "held", Booking.hold_expires_at > clock.now()))


@dataclass(frozen=True, slots=True)
class BookingView:
    """One booking. A lapsed hold shows as expired, whatever the row still says."""

    id: int
    campaign_id: UUID
    registration_id: UUID
    departure_id: int
    seat: str | None
    state: str
    revision: int
    hold_expires_at: datetime | None
    boarded_at: datetime | None
    arrived_at: datetime | None
    offered: bool = False  # a held place of the waiting list


def view(found: Booking) -> BookingView:
    """A booking's row as a value."""
    lapsed = found.state == "held" and found.hold_expires_at is not None and found.hold_expires_at <= clock.now()
    return BookingView(found.id, found.campaign_id, found.registration_id, found.departure_id, found.seat,
                       "expired" if lapsed else found.state, found.revision,
                       None if lapsed else found.hold_expires_at, found.boarded_at, found.arrived_at,
                       found.state == "held" and not lapsed and found.waiting_id is not None)


def _scoped(actor: Actor) -> Any:
    return (select(Booking).join(Registration, (Registration.campaign_id == Booking.campaign_id)
                                 & (Registration.id == Booking.registration_id)).where(visible_registrations(actor)))


def find(session: Session, actor: Actor, booking_id: int) -> BookingView:
    """One booking. Raises NotFound for missing and foreign alike."""
    found = session.scalar(_scoped(actor).where(Booking.id == booking_id))
    if found is None:
        raise NotFound
    return view(found)


def of_departure(session: Session, actor: Actor, departure_id: int, *, limit: int,
                 after: tuple[Any, ...] | None = None) -> list[BookingView]:
    """The bookings of a departure that the actor may see, by serial; one more than wanted. Raises NotFound for a
    departure that is not there, or not published, or of another campaign than the actor's."""
    departure = session.get(Departure, departure_id)
    if departure is None or actor.scope("campaign") not in (None, str(departure.campaign_id)) or (
            departure.published_at is None and actor.role not in ORGANIZERS):
        raise NotFound
    query = _scoped(actor).where(Booking.departure_id == departure_id)
    if after is not None:
        query = query.where(Booking.id > int(after[0]))
    return [view(found) for found in session.scalars(query.order_by(Booking.id).limit(limit + 1))]


def of_registrations(session: Session, campaign_id: UUID, ids: Iterable[UUID]) -> dict[UUID, list[BookingView]]:
    """The bookings of each request that count: not cancelled, not expired; one per leg, by time."""
    found: dict[UUID, list[BookingView]] = defaultdict(list)
    rows = session.scalars(select(Booking).join(Departure, Departure.id == Booking.departure_id).where(
        Booking.campaign_id == campaign_id, Booking.registration_id.in_(list(ids)), living())
        .order_by(Departure.departs_at))
    for row in rows:
        found[row.registration_id].append(view(row))
    return found


@dataclass(frozen=True, slots=True)
class StopView:
    """A stop where people get on."""

    id: UUID
    name: str
    division: str
    gather_at: datetime
    departs_at: datetime
    bay: str


@dataclass(frozen=True, slots=True)
class DepartureView:
    """A departure as the public sees it."""

    id: int
    campaign_id: UUID
    mode: str
    direction: str
    corridor: str
    code: str
    date: date
    departs_at: datetime
    arrives_at: datetime
    state: str
    seats_total: int
    seats_left: int
    seating: str
    origins: tuple[str, ...]
    stops: tuple[StopView, ...]


def seats_taken(session: Session, departure_ids: Iterable[int]) -> dict[int, int]:
    """Places taken by living bookings, by departure."""
    rows = session.execute(select(Booking.departure_id, func.count()).where(
        Booking.departure_id.in_(list(departure_ids)), living()).group_by(Booking.departure_id))
    return {row[0]: int(row[1]) for row in rows}


def departures(session: Session, campaign_id: UUID, *, day: date | None = None, mode: str | None = None,
               origin: str | None = None, state: str | None = None, limit: int = 200,
               after: tuple[Any, ...] | None = None, only: int | None = None) -> list[DepartureView]:
    """Published departures by time, without feeders; one more than wanted.

    Raises NotFound for a campaign that is not public.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.state == "draft":
        raise NotFound
    query = select(Departure, Corridor.name, VehicleType.seat_map).join(
        Corridor, Corridor.id == Departure.corridor_id).join(
        VehicleType, VehicleType.id == Departure.vehicle_type_id).where(
        Departure.campaign_id == campaign_id, Departure.published_at.is_not(None), Departure.leg_kind == "main")
    for column, value in ((Departure.date, day), (Departure.mode, mode), (Departure.state, state),
                          (Departure.id, only)):
        if value is not None:
            query = query.where(column == value)
    if origin is not None:
        query = query.where(Departure.origins.contains([origin]))
    if after is not None:
        query = query.where(tuple_(Departure.departs_at, Departure.id)
                            > tuple_(datetime.fromisoformat(str(after[0])), int(after[1])))
    rows = session.execute(query.order_by(Departure.departs_at, Departure.id).limit(limit + 1)).all()
    left = _left(session, [(found, seats) for found, _, seats in rows])
    stops = _stops(session, [row[0].id for row in rows])
    return [DepartureView(
        found.id, found.campaign_id, found.mode, found.direction, corridor, found.code, found.date, found.departs_at,
        found.arrives_at, found.state, found.seats_total, left[found.id],
        found.seating, tuple(found.origins), tuple(stops[found.id])) for found, corridor, seats in rows]


def _left(session: Session, rows: Sequence[tuple[Departure, dict[str, Any]]]) -> dict[int, int]:
    """What anybody may still take of each departure: what is free, less what belongs to the waiting list."""
    free = _free(session, rows)
    lines = claimed(session, {departure.id: free[departure.id] for departure, _ in rows if departure.state == "open"})
    return {key: places - lines.get(key, 0) for key, places in free.items()}


def _free(session: Session, rows: Sequence[tuple[Departure, dict[str, Any]]]) -> dict[int, int]:
    taken = seats_taken(session, [departure.id for departure, _ in rows])
    return {departure.id: max(_places(departure, seats) - taken.get(departure.id, 0), 0) for departure, seats in rows}


def left_on(session: Session, departure_ids: Iterable[int]) -> dict[int, int]:
    """The free places of each departure, those included that the waiting list has a claim on."""
    rows = session.execute(select(Departure, VehicleType.seat_map).join(
        VehicleType, VehicleType.id == Departure.vehicle_type_id).where(Departure.id.in_(list(departure_ids))))
    return _free(session, [(departure, seats) for departure, seats in rows])


def _places(departure: Departure, seat_map: dict[str, Any]) -> int:
    """How many places may be sold: kept seats are none."""
    seats = sellable(seat_map, departure.kept_seats, departure.seats_total) if departure.seating == "ours" else []
    return len(seats) or departure.seats_total


def _stops(session: Session, departure_ids: Iterable[int]) -> dict[int, list[StopView]]:
    found: dict[int, list[StopView]] = defaultdict(list)
    rows = session.execute(
        select(DepartureStop, Stop).join(Stop, Stop.id == DepartureStop.stop_id)
        .where(DepartureStop.departure_id.in_(list(departure_ids)), DepartureStop.kind == "board")
        .order_by(DepartureStop.departure_id, DepartureStop.seq))
    for at, stop in rows:
        found[at.departure_id].append(StopView(stop.id, stop.name, stop.division, at.gather_at, at.departs_at, at.bay))
    return found


@dataclass(frozen=True, slots=True)
class SeatView:
    """One printed seat: free, taken (kept ones too), or mine (of the reader's registrations)."""

    name: str
    state: str


def seat_map(session: Session, actor: Actor, departure_id: int) -> list[list[list[SeatView | None]]]:
    """Cars, rows, seats of a departure whose seats we give; None is the aisle. Raises NotFound."""
    row = session.execute(
        select(Departure, VehicleType).join(VehicleType, VehicleType.id == Departure.vehicle_type_id)
        .where(Departure.id == departure_id, Departure.published_at.is_not(None))).first()
    if row is None:
        raise NotFound
    departure, vehicle = row
    slots = sellable(vehicle.seat_map, departure.kept_seats, departure.seats_total)
    taken = set(session.scalars(select(Booking.seat).where(Booking.departure_id == departure_id, living())))
    free = {seat for seat in slots if seat not in taken}
    lined = claimed_slots(session, departure_id, [slot for slot, seat in enumerate(slots, 1) if seat in free],
                          partial(side_by_side, vehicle.seat_map, slots))
    free -= {slots[slot - 1] for slot in lined}
    own = set(session.scalars(_scoped(actor).with_only_columns(Booking.seat).where(
        Booking.departure_id == departure_id, living()))) if actor.role == Role.WORKER else set()

    def look(seat: str) -> SeatView:
        if seat in own:
            return SeatView(seat, "mine")
        return SeatView(seat, "free" if seat in free else "taken")
    printed = iter(all_seats(vehicle.seat_map))
    return [[[look(next(printed)) if seat else None for seat in line] for line in car["rows"]]
            for car in vehicle.seat_map.get("cars", ())]
