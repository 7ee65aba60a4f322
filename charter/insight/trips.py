"""Departures as the desk reads them: the list, and the whole life of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Carrier, Corridor, Departure, DepartureStop, Stop, VehicleType
from charter.campaigns.naming import named
from charter.core.actor import Actor
from charter.core.audit import AuditEvent
from charter.core.problems import NotFound
from charter.funding.models import DepartureCost
from charter.insight.queries import TRAVELS, own_people
from charter.people.models import Employer, Worker
from charter.registrations.models import Registration

__all__ = ["ORDERS", "DepartureRow", "Filters", "LegRow", "LogRow", "PassengerRow", "StopRow", "departure",
           "departures", "legs", "log", "passengers", "stops"]

ON_TIME = ("planned", "open", "closed", "boarding")


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """One departure with its figures; people counted within the reader's scope, money in whole fen."""

    id: int
    code: str
    mode: str
    state: str
    leg_kind: str
    corridor: str
    corridor_en: str
    vehicle: str
    vehicle_en: str
    carrier: str
    date: date
    departs_at: datetime
    arrives_at: datetime
    seats_total: int
    booked: int
    boarded: int
    crew_name: str
    crew_phone: str
    plate: str
    drivers: str
    planned_fen: int
    actual_fen: int | None
    campaign_id: UUID
    published: bool
    journey_id: UUID | None
    seating: str
    seat_map: Mapping[str, Any]
    kept_seats: tuple[str, ...]
    name: str  # with a coach's number


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of departures is narrowed to; None and "" narrow nothing. `sort` is a key of ORDERS, "-" reverses."""

    day: date | None = None
    mode: str | None = None
    state: str | None = None
    text: str = ""
    lacks: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "time"


def _figures(actor: Actor, bookings: ColumnElement[bool], costs: ColumnElement[bool]) -> tuple[Any, Any]:
    seats = (select(Booking.departure_id, func.count().label("booked"), func.count(Booking.boarded_at).label("boarded"))
             .join(Registration, (Registration.campaign_id == Booking.campaign_id)
                   & (Registration.id == Booking.registration_id))
             .where(bookings, TRAVELS, own_people(actor)).group_by(Booking.departure_id).subquery())
    money = (select(DepartureCost.departure_id, func.sum(DepartureCost.planned_fen).label("planned"),
                    func.sum(DepartureCost.actual_fen).label("actual"))
             .where(costs).group_by(DepartureCost.departure_id).subquery())
    return seats, money


def _query(seats: Any, money: Any) -> Select[Any]:
    return (select(Departure, Corridor, VehicleType, Carrier.name, func.coalesce(seats.c.booked, 0),
                   func.coalesce(seats.c.boarded, 0), func.coalesce(money.c.planned, 0), money.c.actual)
            .join(Corridor, Corridor.id == Departure.corridor_id)
            .join(VehicleType, VehicleType.id == Departure.vehicle_type_id)
            .outerjoin(Carrier, Carrier.id == Departure.carrier_id)
            .outerjoin(seats, seats.c.departure_id == Departure.id)
            .outerjoin(money, money.c.departure_id == Departure.id))


def _row(row: Any) -> DepartureRow:
    found, corridor, vehicle, carrier, booked, boarded, planned, actual = row
    return DepartureRow(
        found.id, found.code, found.mode, found.state, found.leg_kind, corridor.name, corridor.name_en or corridor.name,
        vehicle.name, vehicle.name_en, carrier or "", found.date, found.departs_at, found.arrives_at,
        found.seats_total, booked, boarded, found.crew_name, found.crew_phone, found.plate, found.drivers,
        int(planned), None if actual is None else int(actual), found.campaign_id, found.published_at is not None,
        found.journey_id, found.seating, vehicle.seat_map, tuple(found.kept_seats), named(found))


ORDERS = ("time", "code", "booked", "boarded", "seats")


def departures(session: Session, actor: Actor, campaign: Campaign, wanted: Filters | None = None, *,
               limit: int = 200, offset: int = 0) -> list[DepartureRow]:
    """Departures as filtered and sorted; read one more than `limit` to know of a next page."""
    wanted = wanted or Filters()
    seats, money = _figures(actor, Booking.campaign_id == campaign.id, true())
    query = _query(seats, money).where(Departure.campaign_id == campaign.id)
    only = actor.scope("departure")
    if only is not None:
        query = query.where(Departure.id == int(only))
    for column, value in ((Departure.date, wanted.day), (Departure.mode, wanted.mode), (Departure.state, wanted.state)):
        if value:
            query = query.where(column == value)
    if wanted.since and wanted.until:
        query = query.where(Departure.departs_at.between(wanted.since, wanted.until))
    if wanted.text:
        fitting = f"%{wanted.text.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Departure.code.ilike(fitting), Departure.plate.ilike(fitting),
                                Corridor.name.ilike(fitting), Corridor.name_en.ilike(fitting)))
    if wanted.lacks == "crew":
        query = query.where(Departure.crew_name == "", Departure.state.in_(ON_TIME))
    elif wanted.lacks == "plate":
        query = query.where(Departure.plate == "", Departure.state.in_(ON_TIME))
    columns: dict[str, Any] = {
        "time": Departure.departs_at, "code": Departure.code, "booked": func.coalesce(seats.c.booked, 0),
        "boarded": func.coalesce(seats.c.boarded, 0), "seats": Departure.seats_total}
    column = columns.get(wanted.sort.lstrip("-"), Departure.departs_at)
    order = column.desc() if wanted.sort.startswith("-") else column
    return [_row(row) for row in session.execute(query.order_by(order, Departure.id).limit(limit + 1).offset(offset))]


def departure(session: Session, actor: Actor, departure_id: int) -> DepartureRow:
    """One departure. Raises NotFound."""
    figures = _figures(actor, Booking.departure_id == departure_id, DepartureCost.departure_id == departure_id)
    row = session.execute(_query(*figures).where(Departure.id == departure_id)).first()
    if row is None or actor.scope("campaign") not in (None, str(row[0].campaign_id)) \
            or actor.scope("departure") not in (None, str(departure_id)):
        raise NotFound
    return _row(row)


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop of a departure."""

    name: str
    name_en: str
    kind: str
    gather_at: datetime
    departs_at: datetime
    bay: str
    people: int


def stops(session: Session, departure_id: int) -> list[StopRow]:
    """The stops in driving order, with how many people chose each."""
    chosen: dict[UUID | None, int] = {row[0]: row[1] for row in session.execute(
        select(Booking.stop_id, func.count()).where(Booking.departure_id == departure_id, TRAVELS,
                                                    Booking.stop_id.is_not(None)).group_by(Booking.stop_id))}
    rows = session.execute(select(Stop, DepartureStop).join(DepartureStop, DepartureStop.stop_id == Stop.id)
                           .where(DepartureStop.departure_id == departure_id).order_by(DepartureStop.seq))
    return [StopRow(stop.name, stop.name_en or stop.name, at.kind, at.gather_at, at.departs_at, at.bay,
                    chosen.get(stop.id, 0)) for stop, at in rows]


@dataclass(frozen=True, slots=True)
class PassengerRow:
    """Who rides: no ID number, no phone."""

    booking_id: int
    registration_id: UUID
    name: str
    employer: str
    origin: str
    seat: str | None
    stop: str
    state: str
    lap_children: int
    boarded: bool
    arrived: bool


def passengers(session: Session, actor: Actor, departure_id: int) -> list[PassengerRow]:
    """The living bookings of a departure that the reader may see, by slot."""
    rows = session.execute(
        select(Booking, Worker.name, Employer.name, Registration.origin, Stop.name)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id).join(Employer, Employer.id == Registration.employer_id)
        .outerjoin(Stop, Stop.id == Booking.stop_id)
        .where(Booking.departure_id == departure_id, TRAVELS, own_people(actor)).order_by(Booking.slot))
    return [PassengerRow(booking.id, booking.registration_id, name, employer, origin, booking.seat, stop or "",
                         booking.state, booking.lap_children, booking.boarded_at is not None,
                         booking.arrived_at is not None)
            for booking, name, employer, origin, stop in rows]


@dataclass(frozen=True, slots=True)
class LegRow:
    """Another leg of the same journey."""

    id: int
    code: str
    leg_no: int
    departs_at: datetime
    state: str


def legs(session: Session, row: DepartureRow) -> list[LegRow]:
    """The other legs of a departure's journey, by time."""
    if row.journey_id is None:
        return []
    found = session.scalars(select(Departure).where(Departure.journey_id == row.journey_id, Departure.id != row.id)
                            .order_by(Departure.leg_no, Departure.departs_at))
    return [LegRow(leg.id, leg.code, leg.leg_no, leg.departs_at, leg.state) for leg in found]


@dataclass(frozen=True, slots=True)
class LogRow:
    """One thing that was done to a departure, by a role."""

    at: datetime
    action: str
    role: str


def log(session: Session, departure_id: int, limit: int = 30) -> list[LogRow]:
    """What was done to a departure, the newest first."""
    rows = session.scalars(select(AuditEvent).where(
        AuditEvent.object_type == "departure", AuditEvent.object_id == str(departure_id))
        .order_by(AuditEvent.id.desc()).limit(limit))
    return [LogRow(event.at, event.action, event.role) for event in rows]
