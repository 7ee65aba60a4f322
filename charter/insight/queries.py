"""Figures over all rooms, scoped by the reader: a district organizer counts only the workers of its employers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Corridor, Departure, DepartureStop, Stop, VehicleType
from charter.core.actor import Actor
from charter.core.problems import NotFound
from charter.funding.models import DepartureCost
from charter.people.models import District, Employer, Worker
from charter.registrations.models import Registration

__all__ = ["DemandRow", "DepartureRow", "Figures", "PassengerRow", "Report", "StopRow", "demand",
           "departure", "departures", "figures", "passengers", "report", "stops"]

LIVE = Registration.state.not_in(("withdrawn", "rejected"))
TRAVELS = Booking.state.in_(("held", "confirmed"))


def _own_people(actor: Actor) -> ColumnElement[bool]:
    district = actor.scope("district")
    if district is None:
        return true()
    return Registration.employer_id.in_(select(Employer.id).where(Employer.district_id == UUID(district)))


@dataclass(frozen=True, slots=True)
class Figures:
    """The overview: people by how far they are, vehicles, money in whole fen."""

    states: dict[str, int]
    registered: int
    seated: int
    boarded: int
    arrived: int
    left_behind: int
    employers: int
    departures: dict[str, int]
    planned_fen: int
    actual_fen: int
    answers_late: int


def figures(session: Session, actor: Actor, campaign: Campaign, now: datetime) -> Figures:
    """Count the campaign for this reader."""
    mine = (Registration.campaign_id == campaign.id, _own_people(actor))
    states = {str(row[0]): int(row[1]) for row in session.execute(
        select(Registration.state, func.count()).where(*mine).group_by(Registration.state))}
    registered, employers, late = session.execute(
        select(func.count(), func.count(Registration.employer_id.distinct()),
               func.count().filter(Registration.state.in_(("received", "needs_decision")),
                                   Registration.answer_by < now)).where(*mine, LIVE)).one()
    seated, boarded, arrived = session.execute(
        select(_persons(Booking.state == "confirmed"), _persons(Booking.boarded_at.is_not(None)),
               _persons(Booking.arrived_at.is_not(None)))
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id)).where(*mine, TRAVELS)).one()
    vehicles = {str(row[0]): int(row[1]) for row in session.execute(
        select(Departure.mode, func.count()).where(Departure.campaign_id == campaign.id,
                                                   Departure.state != "called_off").group_by(Departure.mode))}
    planned, actual = session.execute(
        select(func.coalesce(func.sum(DepartureCost.planned_fen), 0),
               func.coalesce(func.sum(DepartureCost.actual_fen), 0))
        .join(Departure, Departure.id == DepartureCost.departure_id)
        .where(Departure.campaign_id == campaign.id)).one()
    return Figures(states, registered, seated, boarded, arrived, states.get("left_behind", 0), employers, vehicles,
                   int(planned or 0), int(actual or 0), late)


def _persons(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(Booking.registration_id.distinct()).filter(which)


@dataclass(frozen=True, slots=True)
class DemandRow:
    """People of one origin county, by mode that they accept and by first day."""

    origin: str
    people: int
    unlisted: int
    modes: dict[str, int]
    days: dict[date, int]


def demand(session: Session, actor: Actor, campaign: Campaign) -> list[DemandRow]:
    """Demand by origin county, most people first."""
    rows = session.execute(
        select(Registration.origin, Registration.earliest, Registration.state, Registration.modes, func.count())
        .where(Registration.campaign_id == campaign.id, LIVE, _own_people(actor))
        .group_by(Registration.origin, Registration.earliest, Registration.state, Registration.modes)).all()
    people: Counter[str] = Counter()
    unlisted: Counter[str] = Counter()
    modes: dict[str, Counter[str]] = {}
    days: dict[str, Counter[date]] = {}
    for origin, earliest, state, accepted, count in rows:
        people[origin] += count
        if state in ("received", "needs_decision"):
            unlisted[origin] += count
        for mode in accepted:
            modes.setdefault(origin, Counter())[mode] += count
        days.setdefault(origin, Counter())[earliest] += count
    return [DemandRow(origin, count, unlisted[origin], dict(modes[origin]), dict(days[origin]))
            for origin, count in people.most_common()]


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
    date: date
    departs_at: datetime
    arrives_at: datetime
    seats_total: int
    booked: int
    boarded: int
    crew_name: str
    crew_phone: str
    plate: str
    planned_fen: int
    actual_fen: int | None
    campaign_id: UUID
    published: bool
    journey_id: UUID | None


def _departure_query(actor: Actor) -> Any:
    seats = (select(Booking.departure_id, func.count().label("booked"),
                    func.count(Booking.boarded_at).label("boarded"))
             .join(Registration, (Registration.campaign_id == Booking.campaign_id)
                   & (Registration.id == Booking.registration_id))
             .where(TRAVELS, _own_people(actor)).group_by(Booking.departure_id).subquery())
    money = (select(DepartureCost.departure_id, func.sum(DepartureCost.planned_fen).label("planned"),
                    func.sum(DepartureCost.actual_fen).label("actual"))
             .group_by(DepartureCost.departure_id).subquery())
    return (select(Departure, Corridor, VehicleType, func.coalesce(seats.c.booked, 0),
                   func.coalesce(seats.c.boarded, 0), func.coalesce(money.c.planned, 0), money.c.actual)
            .join(Corridor, Corridor.id == Departure.corridor_id)
            .join(VehicleType, VehicleType.id == Departure.vehicle_type_id)
            .outerjoin(seats, seats.c.departure_id == Departure.id)
            .outerjoin(money, money.c.departure_id == Departure.id))


def _departure_row(row: Any) -> DepartureRow:
    found, corridor, vehicle, booked, boarded, planned, actual = row
    return DepartureRow(
        found.id, found.code, found.mode, found.state, found.leg_kind, corridor.name, corridor.name_en or corridor.name,
        vehicle.name, vehicle.name_en, found.date, found.departs_at, found.arrives_at, found.seats_total, booked,
        boarded, found.crew_name, found.crew_phone, found.plate, int(planned), None if actual is None else int(actual),
        found.campaign_id, found.published_at is not None, found.journey_id)


def departures(session: Session, actor: Actor, campaign: Campaign, *, day: date | None = None, mode: str | None = None,
               state: str | None = None, limit: int = 200, offset: int = 0) -> list[DepartureRow]:
    """Departures by time, filtered by day, mode and state; read one more than `limit` to know of a next page."""
    query = _departure_query(actor).where(Departure.campaign_id == campaign.id)
    only = actor.scope("departure")
    if only is not None:
        query = query.where(Departure.id == int(only))
    for column, value in ((Departure.date, day), (Departure.mode, mode), (Departure.state, state)):
        if value:
            query = query.where(column == value)
    rows = session.execute(query.order_by(Departure.departs_at, Departure.id).limit(limit + 1).offset(offset))
    return [_departure_row(row) for row in rows]


def departure(session: Session, actor: Actor, departure_id: int) -> DepartureRow:
    """One departure. Raises NotFound."""
    row = session.execute(_departure_query(actor).where(Departure.id == departure_id)).first()
    if row is None or (actor.scope("campaign") or str(row[0].campaign_id)) != str(row[0].campaign_id):
        raise NotFound
    return _departure_row(row)


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop of a departure."""

    name: str
    name_en: str
    kind: str
    gather_at: datetime
    departs_at: datetime
    bay: str


def stops(session: Session, departure_id: int) -> list[StopRow]:
    """The stops in driving order."""
    rows = session.execute(select(Stop, DepartureStop).join(DepartureStop, DepartureStop.stop_id == Stop.id)
                           .where(DepartureStop.departure_id == departure_id).order_by(DepartureStop.seq))
    return [StopRow(stop.name, stop.name_en or stop.name, at.kind, at.gather_at, at.departs_at, at.bay)
            for stop, at in rows]


@dataclass(frozen=True, slots=True)
class PassengerRow:
    """Who rides: no ID number, no phone."""

    booking_id: int
    registration_id: UUID
    name: str
    employer: str
    origin: str
    seat: str | None
    state: str
    lap_children: int
    boarded: bool


def passengers(session: Session, actor: Actor, departure_id: int) -> list[PassengerRow]:
    """The living bookings of a departure that the reader may see, by slot."""
    rows = session.execute(
        select(Booking, Worker.name, Employer.name, Registration.origin)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id).join(Employer, Employer.id == Registration.employer_id)
        .where(Booking.departure_id == departure_id, TRAVELS, _own_people(actor)).order_by(Booking.slot))
    return [PassengerRow(booking.id, booking.registration_id, name, employer, origin, booking.seat, booking.state,
                         booking.lap_children, booking.boarded_at is not None)
            for booking, name, employer, origin in rows]


@dataclass(frozen=True, slots=True)
class Report:
    """The figures that are reported: vehicles and people by mode and district, employers, money in whole fen."""

    vehicles: dict[str, int]
    persons: int
    person_trips: int
    by_mode: dict[str, int]
    by_district: list[tuple[str, str, int, int]]
    by_province: dict[str, int]
    employers: int
    planned_fen: int
    actual_fen: int


def report(session: Session, actor: Actor, campaign: Campaign) -> Report:
    """Who travelled on departures that have left. Persons are counted once, person-trips once a main leg."""
    left = (Departure.campaign_id == campaign.id, Departure.state.in_(("departed", "arrived")))
    vehicles = {str(row[0]): int(row[1]) for row in session.execute(
        select(Departure.mode, func.count()).where(*left).group_by(Departure.mode))}
    rode = (select(Registration.id, Departure.mode, Departure.leg_kind, Registration.origin, Registration.employer_id,
                   Employer.district_id)
            .join(Booking, (Registration.campaign_id == Booking.campaign_id)
                  & (Registration.id == Booking.registration_id))
            .join(Departure, Departure.id == Booking.departure_id)
            .join(Employer, Employer.id == Registration.employer_id)
            .where(*left, Booking.boarded_at.is_not(None), _own_people(actor)).subquery())
    main = rode.c.leg_kind == "main"
    persons, trips, employers = session.execute(
        select(func.count(rode.c.id.distinct()), func.count().filter(main),
               func.count(rode.c.employer_id.distinct())).select_from(rode)).one()
    by_mode = {str(row[0]): int(row[1]) for row in session.execute(
        select(rode.c.mode, func.count()).where(main).group_by(rode.c.mode))}
    by_district = [(row[0], row[1], row[2], row[3]) for row in session.execute(
        select(District.name, District.name_en, func.count(rode.c.id.distinct()),
               func.count(rode.c.employer_id.distinct()))
        .join(rode, rode.c.district_id == District.id).group_by(District.id).order_by(District.code))]
    province, people = func.left(rode.c.origin, 2), func.count(rode.c.id.distinct())
    by_province = {str(row[0]): int(row[1]) for row in session.execute(
        select(province, people).group_by(province).order_by(people.desc()))}
    planned, actual = session.execute(
        select(func.coalesce(func.sum(DepartureCost.planned_fen), 0),
               func.coalesce(func.sum(case((DepartureCost.actual_fen.is_not(None), DepartureCost.actual_fen),
                                           else_=0)), 0))
        .join(Departure, Departure.id == DepartureCost.departure_id).where(*left)).one()
    return Report(vehicles, persons, trips, by_mode, by_district, by_province, employers, int(planned or 0),
                  int(actual or 0))
