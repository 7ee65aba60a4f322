"""The waiting list as it is read: what its people have a claim on, where somebody stands, and the line as the desk
sees it. An offer or a hold that is over counts as over, whatever the row still says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from charter.bookings.models import Booking, Waiting
from charter.bookings.rules.line import Beside, in_turn
from charter.campaigns.models import Corridor, Departure, DepartureStop, Stop
from charter.core import clock
from charter.core.actor import Actor
from charter.people.models import Employer, Worker
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations
from charter.registrations.rules.eligible import RIDING_STATES

__all__ = ["Place", "Waits", "claimed", "claimed_slots", "lines", "places_of", "sizes", "waits_for", "whole"]

LIVING = ("waiting", "offered")


def waits_for() -> ColumnElement[bool]:
    """Who waits for which departure: a condition on Waiting, Registration and Departure, all three joined."""
    near = exists().where(DepartureStop.departure_id == Departure.id, DepartureStop.kind == "board",
                          DepartureStop.stop_id == Stop.id, Stop.division == any_(Waiting.near))
    return and_(
        Waiting.campaign_id == Departure.campaign_id, Waiting.corridor_id == Departure.corridor_id,
        Waiting.state == "waiting", Departure.date.between(Waiting.first_day, Waiting.last_day),
        Departure.leg_kind == "main", Departure.id != func.all(Waiting.passed),
        or_(Departure.origins.overlap(Waiting.near), near),
        Registration.campaign_id == Waiting.campaign_id, Registration.id == Waiting.registration_id,
        Registration.state.in_(RIDING_STATES), Departure.mode == any_(Registration.modes), ~_seated())


def _seated() -> ColumnElement[bool]:
    """Whether the person has a place, or thinks about one."""
    other = aliased(Booking)
    return exists().where(
        other.campaign_id == Registration.campaign_id, other.registration_id == Registration.id,
        or_(other.state == "confirmed", and_(other.state == "held", other.hold_expires_at > clock.now())))


def whole() -> ColumnElement[int]:
    """How many people wait together with a place in the line: a group that does not fit as a whole is passed over."""
    mate = aliased(Waiting)
    return select(func.count()).where(mate.campaign_id == Waiting.campaign_id, mate.group_id == Waiting.group_id,
                                      mate.state == "waiting").scalar_subquery()


def sizes(session: Session, departure_ids: Sequence[int]) -> dict[int, list[int]]:
    """How many people stand together at each place of the line of each departure, in the line's order."""
    rows = session.execute(
        select(Departure.id, func.count()).select_from(Waiting, Registration, Departure)
        .where(Departure.id.in_(departure_ids), waits_for())
        .group_by(Departure.id, Waiting.campaign_id, Waiting.group_id).having(func.count() == whole())
        .order_by(func.min(Waiting.since), Waiting.group_id))
    found: dict[int, list[int]] = defaultdict(list)
    for departure_id, size in rows:
        found[departure_id].append(size)
    return found


def claimed(session: Session, left: Mapping[int, int]) -> dict[int, int]:
    """How many of the places that are `left` on each departure belong to its line, and are nobody else's."""
    found = sizes(session, [key for key, places in left.items() if places > 0])
    return {key: sum(map(len, in_turn(range(1, left[key] + 1), groups, _any))) for key, groups in found.items()}


def _any(size: int, among: Sequence[int]) -> list[int]:
    """Whatever is free: how many places the line takes does not depend on where they are."""
    return list(among[:size])


def claimed_slots(session: Session, departure_id: int, free: Sequence[int], beside: Beside) -> set[int]:
    """Which of the free slots of a departure its line will be offered; `beside` as in `in_turn`."""
    groups = sizes(session, [departure_id]).get(departure_id, []) if free else []
    return {slot for run in in_turn(free, groups, beside) for slot in run}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the line. `ahead` counts the people before it who wait for one of the same days; `until` is when the
    offer lapses, with the departure that was offered."""

    id: UUID
    registration_id: UUID
    corridor_id: UUID
    corridor: str
    corridor_en: str
    first_day: date
    last_day: date
    within_km: int
    state: str
    since: datetime
    together: int
    ahead: int
    until: datetime | None
    departure: str
    name: str
    employer: str


def _places(session: Session, *where: ColumnElement[bool], limit: int = 200) -> list[Place]:
    before, mate = aliased(Waiting), aliased(Waiting)
    ahead = (select(func.count()).where(
        before.campaign_id == Waiting.campaign_id, before.corridor_id == Waiting.corridor_id,
        before.state == "waiting", before.group_id != Waiting.group_id, before.first_day <= Waiting.last_day,
        before.last_day >= Waiting.first_day, tuple_(before.since, before.id) < tuple_(Waiting.since, Waiting.id))
        .scalar_subquery())
    together = (select(func.count()).where(
        mate.campaign_id == Waiting.campaign_id, mate.group_id == Waiting.group_id, mate.state == Waiting.state)
        .scalar_subquery())
    rows = session.execute(
        select(Waiting, Corridor, Booking.hold_expires_at, Departure.code, Worker.name, Employer.name, ahead, together)
        .join(Corridor, Corridor.id == Waiting.corridor_id)
        .join(Registration, and_(Registration.campaign_id == Waiting.campaign_id,
                                 Registration.id == Waiting.registration_id))
        .join(Worker, Worker.id == Registration.worker_id).join(Employer, Employer.id == Registration.employer_id)
        .outerjoin(Booking, and_(Booking.campaign_id == Waiting.campaign_id, Booking.waiting_id == Waiting.id,
                                 Booking.state == "held"))
        .outerjoin(Departure, Departure.id == Booking.departure_id)
        .where(*where).order_by(Waiting.since, Waiting.id).limit(limit))
    return [_place(*row) for row in rows]


def _place(row: Waiting, corridor: Corridor, until: datetime | None, departure: str | None, name: str, employer: str,
           ahead: int, together: int) -> Place:
    lapsed = row.state == "offered" and (until is None or until <= clock.now())
    return Place(row.id, row.registration_id, row.corridor_id, corridor.name, corridor.name_en or corridor.name,
                 row.first_day, row.last_day, row.within_km, "lapsed" if lapsed else row.state, row.since, together,
                 ahead, None if lapsed else until, departure or "", name, employer)


def places_of(session: Session, campaign_id: UUID, registration_id: UUID) -> list[Place]:
    """Where a request stands in lines, the living places and those whose offer lapsed, oldest first."""
    return _places(session, Waiting.campaign_id == campaign_id, Waiting.registration_id == registration_id,
                   Waiting.state.in_((*LIVING, "lapsed")))


@dataclass(frozen=True, slots=True)
class Waits:
    """One corridor with how many wait and were offered a seat, and with those of them whom the reader asked to see."""

    id: UUID
    name: str
    waiting: int
    offered: int
    places: tuple[Place, ...]


def lines(session: Session, actor: Actor, campaign_id: UUID, corridor_id: UUID | None, *, limit: int = 200,
          ) -> list[Waits]:
    """The corridors where somebody waits whom the actor may see; of the one named, the people in the line's order."""
    mine = (Waiting.campaign_id == campaign_id, Waiting.state.in_(LIVING), Waiting.last_day >= clock.today(),
            visible_registrations(actor))
    rows = session.execute(
        select(Corridor.id, Corridor.name, func.count().filter(Waiting.state == "waiting"),
               func.count().filter(Waiting.state == "offered"))
        .select_from(Waiting).join(Corridor, Corridor.id == Waiting.corridor_id)
        .join(Registration, and_(Registration.campaign_id == Waiting.campaign_id,
                                 Registration.id == Waiting.registration_id))
        .where(*mine).group_by(Corridor.id, Corridor.name).order_by(Corridor.name, Corridor.id)).all()
    shown = corridor_id or (rows[0][0] if rows else None)
    return [Waits(key, name, waiting, offered, tuple(
        _places(session, *mine, Waiting.corridor_id == key, limit=limit)) if key == shown else ())
        for key, name, waiting, offered in rows]
