"""The figures that such a campaign is judged by: of departures that have left, and of the people who got on.

Brought (接回) is who was scanned or written on board. Persons (人) count once, person-trips (人次) once a main leg; a
feeder is no trip of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Corridor, Departure
from charter.core.actor import Actor
from charter.funding.models import DepartureCost
from charter.insight.queries import own_people
from charter.people.models import District, Employer
from charter.registrations.models import Registration

__all__ = ["DayRow", "LineRow", "Report", "report"]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day: vehicles that left by mode, person-trips, and persons brought up to then."""

    day: date
    vehicles: dict[str, int]
    feeders: int
    person_trips: int
    persons_so_far: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """One corridor: vehicles that left and person-trips."""

    name: str
    name_en: str
    mode: str
    vehicles: int
    person_trips: int


@dataclass(frozen=True, slots=True)
class Report:
    """The figures, money in whole fen. `silent`: main legs that left and of which nobody was written on board."""

    until: datetime
    vehicles: dict[str, int]
    feeders: int
    corridors: dict[str, int]
    persons: int
    person_trips: int
    by_mode: dict[str, int]
    by_district: list[tuple[str, str, int, int]]
    by_province: dict[str, int]
    by_day: list[DayRow]
    by_line: list[LineRow]
    costs: dict[str, tuple[int, int]]
    employers: int
    planned_fen: int
    actual_fen: int
    spent_fen: int  # the bill where it came, else what was planned
    missing_bills: int
    silent: int


def report(session: Session, actor: Actor, campaign: Campaign, until: datetime) -> Report:
    """The figures as of `until`, within the reader's scope. Without departures all of them are zero."""
    left = (Departure.campaign_id == campaign.id, Departure.state.in_(("departed", "arrived")),
            func.coalesce(Departure.departed_at, Departure.departs_at) <= until)
    rode = _rode(left, actor)
    persons, trips, employers = session.execute(
        select(func.count(rode.c.id.distinct()), func.count(), func.count(rode.c.employer_id.distinct()))
        .select_from(rode)).one()
    by_district = [(row[0], row[1], row[2], row[3]) for row in session.execute(
        select(District.name, District.name_en, func.count(rode.c.id.distinct()),
               func.count(rode.c.employer_id.distinct()))
        .join(rode, rode.c.district_id == District.id).group_by(District.id).order_by(District.code))]
    province, people = func.left(rode.c.origin, 2), func.count(rode.c.id.distinct())
    by_province = {str(row[0]): int(row[1]) for row in session.execute(
        select(province, people).group_by(province).order_by(people.desc(), province))}
    ran = _ran(session, left, rode)
    costs = _costs(session, left)
    return Report(
        until, dict(Counter(row.mode for row in ran if row.leg_kind == "main")),
        sum(row.leg_kind == "feeder" for row in ran), _corridors(ran), persons, trips,
        dict(_trips_by_mode(ran)), by_district, by_province, _days(session, ran, rode), _lines(ran),
        {row.kind: (row.planned, row.actual) for row in costs}, employers, sum(row.planned for row in costs),
        sum(row.actual for row in costs), sum(row.spent for row in costs),
        sum(row.missing for row in costs if row.kind == "charter"),
        sum(row.leg_kind == "main" and row.on_board == 0 for row in ran) if actor.scope("district") is None else 0)


def _rode(left: tuple[ColumnElement[bool], ...], actor: Actor) -> Subquery:
    """Who got on a main leg; a person who has only ridden a feeder is not brought yet."""
    return (select(Registration.id, Departure.id.label("departure_id"), Departure.date, Registration.origin,
                   Registration.employer_id, Employer.district_id)
            .join(Booking, (Registration.campaign_id == Booking.campaign_id)
                  & (Registration.id == Booking.registration_id))
            .join(Departure, Departure.id == Booking.departure_id)
            .join(Employer, Employer.id == Registration.employer_id)
            .where(*left, Departure.leg_kind == "main", Booking.boarded_at.is_not(None), own_people(actor)).subquery())


def _ran(session: Session, left: tuple[ColumnElement[bool], ...], rode: Subquery) -> list[Any]:
    """Each departure that has left with its corridor and how many of the reader's people got on."""
    counted = (select(rode.c.departure_id, func.count().label("on_board")).group_by(rode.c.departure_id).subquery())
    return list(session.execute(
        select(Departure.id, Departure.date, Departure.mode, Departure.leg_kind, Corridor.id.label("corridor_id"),
               Corridor.name, Corridor.name_en, func.coalesce(counted.c.on_board, 0).label("on_board"))
        .join(Corridor, Corridor.id == Departure.corridor_id)
        .outerjoin(counted, counted.c.departure_id == Departure.id).where(*left)
        .order_by(Departure.date, Departure.id)))


def _corridors(ran: list[Any]) -> dict[str, int]:
    found: dict[str, set[Any]] = defaultdict(set)
    for row in ran:
        if row.leg_kind == "main":
            found[row.mode].add(row.corridor_id)
    return {mode: len(ids) for mode, ids in found.items()}


def _trips_by_mode(ran: list[Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in ran:
        if row.leg_kind == "main":
            found[row.mode] += row.on_board
    return found


def _days(session: Session, ran: list[Any], rode: Subquery) -> list[DayRow]:
    first = select(rode.c.id, func.min(rode.c.date).label("first")).group_by(rode.c.id).subquery()
    new: dict[date, int] = {row[0]: row[1] for row in session.execute(
        select(first.c.first, func.count()).group_by(first.c.first))}
    found, so_far = [], 0
    for day in sorted({row.date for row in ran}):
        of_day = [row for row in ran if row.date == day]
        main = [row for row in of_day if row.leg_kind == "main"]
        so_far += new.get(day, 0)
        found.append(DayRow(day, dict(Counter(row.mode for row in main)), len(of_day) - len(main),
                            sum(row.on_board for row in main), so_far))
    return found


def _lines(ran: list[Any]) -> list[LineRow]:
    by_line: dict[Any, list[Any]] = defaultdict(list)
    for row in ran:
        if row.leg_kind == "main":
            by_line[row.corridor_id].append(row)
    found = [LineRow(rows[0].name, rows[0].name_en or rows[0].name, rows[0].mode, len(rows),
                     sum(row.on_board for row in rows)) for rows in by_line.values()]
    return sorted(found, key=lambda one: (-one.person_trips, one.name))


@dataclass(frozen=True, slots=True)
class _Cost:
    """One kind of cost, whole fen, and how many of its lines have no bill yet."""

    kind: str
    planned: int
    actual: int
    spent: int
    missing: int


def _costs(session: Session, left: tuple[ColumnElement[bool], ...]) -> list[_Cost]:
    rows = session.execute(
        select(DepartureCost.kind, func.sum(DepartureCost.planned_fen), func.sum(DepartureCost.actual_fen),
               func.sum(func.coalesce(DepartureCost.actual_fen, DepartureCost.planned_fen)),
               func.count().filter(DepartureCost.actual_fen.is_(None)))
        .join(Departure, Departure.id == DepartureCost.departure_id).where(*left)
        .group_by(DepartureCost.kind).order_by(DepartureCost.kind))
    return [_Cost(kind, int(planned or 0), int(actual or 0), int(spent or 0), missing)
            for kind, planned, actual, spent, missing in rows]
