"""What is free on a departure, under its lock; expired holds give their places back here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Uuid,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from charter.bookings.models import IN_LINE, IS_LIVING, Booking, Waiting
from charter.bookings.problems import DepartureClosed, seat_unknown
from charter.bookings.rules.arranging import side_by_side
from charter.bookings.rules.seats import all_seats, sellable
from charter.campaigns.models import Departure, VehicleType
from charter.core import clock, locks
from charter.core.actor import SYSTEM, Actor, Role, current
from charter.core.bulk import any_of
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.core.trip import Step, trip
from charter.people.models import Worker
from charter.registrations.models import Registration
from charter.registrations.queries import visible_to

__all__ = ["Ride", "Rider", "Room", "during", "expire_lapsed", "expire_of_person", "open_room",
           "room_on_sale", "seated", "set_state"]

SELLING = ("open",)
STAFF_SELLING = ("planned", "open", "closed", "boarding")


@dataclass(frozen=True, slots=True)
class Ride:
    """What decides about a departure whether and how it may be sold."""

    id: int
    campaign_id: UUID
    state: str
    published_at: datetime | None
    departs_at: datetime
    arrives_at: datetime
    date: date
    mode: str
    leg_kind: str
    origins: list[str]
    seating: str
    seats_total: int
    kept_seats: list[str]


RIDE = tuple(field.name for field in fields(Ride))


@dataclass(slots=True)
class Room:
    """The free slots of one departure. `seats` names slot i at index i - 1; empty where the carrier gives seats.

    `known` are all printed seats of the vehicle, those that are kept included.
    """

    departure: Ride
    known: list[str]
    seats: list[str]
    free: list[int]
    waited_for: bool  # its free places are offered to the line before anybody else may take one
    seat_map: Mapping[str, Any]

    def slot_of(self, seat: str) -> int:
        """The slot of a printed seat. Raises seat_unknown; a kept seat has no slot, and counts as taken."""
        if seat not in self.seats:
            raise seat_unknown()
        return self.seats.index(seat) + 1

    def seat_of(self, slot: int) -> str | None:
        """The printed seat of a slot, None where the carrier gives it."""
        return self.seats[slot - 1] if slot <= len(self.seats) else None

    def beside(self, size: int, among: Sequence[int]) -> list[int]:
        """As `side_by_side`, in this vehicle."""
        return side_by_side(self.seat_map, self.seats, size, among)

    def take(self, slot: int) -> None:
        """The slot is no longer free."""
        self.free.remove(slot)


@dataclass(frozen=True, slots=True)
class Rider:
    """Who is to ride, and what decides whether he may."""

    registration_id: UUID
    campaign_id: UUID
    state: str
    origin: str
    earliest: date
    latest: date
    modes: list[str]
    lap_children: int
    worker_number: int


RIDER = (Registration.id, Registration.campaign_id, Registration.state, Registration.origin, Registration.earliest,
         Registration.latest, Registration.modes, Registration.lap_children, Worker.number)


def open_room(session: Session, departure_id: int, registration_ids: Sequence[UUID] = ()) -> tuple[Room, list[Rider]]:
    """What is free on a departure that the actor may sell, with those of the requests that he may see.

    Takes the departure's lock until the act ends; expired holds, of the departure and of the riders, are freed.
    Raises NotFound for unpublished ones, DepartureClosed.
    """
    now, actor = clock.now(), current()
    rows = _read(session, departure_id, registration_ids, actor, now)
    if not rows:
        raise NotFound
    _check_open(Ride(*rows[0][:len(RIDE)]), actor, now)
    return _made(session, rows, now)


def room_on_sale(session: Session, departure_id: int) -> Room | None:
    """The same for nobody in particular; None where the departure is not on sale."""
    now = clock.now()
    rows = _read(session, departure_id, (), SYSTEM, now)
    if not rows or rows[0][RIDE.index("state")] not in SELLING or rows[0][RIDE.index("departs_at")] <= now:
        return None
    return _made(session, rows, now)[0]


def _read(session: Session, departure_id: int, registration_ids: Sequence[UUID], actor: Actor,
          now: datetime) -> list[tuple[Any, ...]]:
    one = len(registration_ids) == 1
    return trip(session, locks.step("departure", [departure_id]), (
        _everything(actor is SYSTEM, actor.role, actor.scope_kind, one),
        {"departure_id": departure_id, "now": now, "ids": registration_ids[0] if one else list(registration_ids),
         "scope": uuid_or_none(actor.scope_id or ""), "only": uuid_or_none(actor.scope("campaign") or "")}))


def _made(session: Session, rows: Sequence[tuple[Any, ...]], now: datetime) -> tuple[Room, list[Rider]]:
    ride = Ride(*rows[0][:len(RIDE)])
    seat_map, taken, _, waited_for = rows[0][len(RIDE):-len(RIDER)]
    riders = [Rider(*row[-len(RIDER):]) for row in rows if row[-1] is not None]
    if any(row[len(RIDE) + 2] for row in rows):
        _expire(session, [Booking.departure_id == ride.id, *_of([rider.worker_number for rider in riders])], now)
    ours = ride.seating == "ours"
    known = all_seats(seat_map) if ours else []  # a seat that the carrier gives cannot be named
    seats = sellable(seat_map, ride.kept_seats, ride.seats_total) if ours else []
    number, gone = len(seats) or ride.seats_total, set(taken)
    free = [slot for slot in range(1, number + 1) if slot not in gone]
    return Room(ride, known, seats, free, waited_for, seat_map), riders


@cache
def _everything(system: bool, role: Role | None, scope_kind: str | None, one: bool) -> Step:
    """One question for all that decides, so that a booking makes few trips to the database; written once a kind of
    actor. Its places: departure_id, ids (the requests; `one`: a single one), now, scope, only.
    """
    now, scope = bindparam("now", type_=DateTime(timezone=True)), bindparam("scope", type_=Uuid())
    taken = select(Booking.slot).where(
        Booking.campaign_id == Departure.campaign_id, Booking.departure_id == Departure.id, IS_LIVING,
        or_(Booking.hold_expires_at.is_(None), Booking.hold_expires_at > now)).correlate(Departure)
    lapsed = select(Booking.id).where(IS_LIVING, Booking.hold_expires_at <= now)
    here = lapsed.where(Booking.campaign_id == Departure.campaign_id, Booking.departure_id == Departure.id)
    his = lapsed.where(Booking.person.op("&&")(func.int8range(Worker.number, Worker.number, "[]")))
    line = select(Waiting.id).where(
        Waiting.campaign_id == Departure.campaign_id, Waiting.corridor_id == Departure.corridor_id, IN_LINE,
        Waiting.state == "waiting", Departure.date.between(Waiting.first_day, Waiting.last_day))
    query = (
        select(*(getattr(Departure, name) for name in RIDE), VehicleType.seat_map,
               func.array(taken.scalar_subquery()),
               or_(here.correlate(Departure).exists(), his.correlate(Worker).exists()),
               line.correlate(Departure).exists(), *RIDER)
        .join(VehicleType, VehicleType.id == Departure.vehicle_type_id)
        .outerjoin(Registration, and_(
            Registration.campaign_id == Departure.campaign_id,
            Registration.id == (bindparam("ids", type_=Uuid()) if one
                                else func.any(bindparam("ids", type_=ARRAY(Uuid())))),
            true() if system else visible_to(role, scope_kind, scope)))
        .outerjoin(Worker, Worker.id == Registration.worker_id)
        .where(Departure.id == bindparam("departure_id", type_=BigInteger()), Departure.published_at.is_not(None)))
    only = Departure.campaign_id == bindparam("only", type_=Uuid())
    return Step(query.where(only) if scope_kind == "campaign" else query)


def _check_open(departure: Ride, actor: Actor, now: datetime) -> None:
    staff = actor.role in (Role.CITY_ORGANIZER, Role.DISTRICT_ORGANIZER, Role.HOTLINE)
    if departure.state not in (STAFF_SELLING if staff else SELLING) or departure.departs_at <= now:
        raise DepartureClosed


def expire_of_person(session: Session, worker_numbers: Sequence[int], now: datetime) -> None:
    """A person's own expired holds must not stand in his way."""
    _expire(session, _of(worker_numbers), now)


def _of(worker_numbers: Sequence[int]) -> list[ColumnElement[bool]]:
    return [Booking.person.op("&&")(func.int8range(number, number, "[]")) for number in worker_numbers]


def _expire(session: Session, whose: Sequence[ColumnElement[bool]], now: datetime) -> None:
    session.execute(update(Booking).where(or_(false(), *whose), Booking.state == "held", IS_LIVING,
                                          Booking.hold_expires_at <= now)
                    .values(state="expired", hold_expires_at=None))


def expire_lapsed(session: Session) -> None:
    """Every hold whose time is over gives its place back; who wants one frees it himself, this only tidies."""
    session.execute(update(Booking).where(Booking.state == "held", Booking.hold_expires_at <= clock.now())
                    .values(state="expired", hold_expires_at=None))


def during(departure: Departure | Ride) -> Range[datetime]:
    """The time that a ride takes of a person."""
    return Range(departure.departs_at, departure.arrives_at, bounds="[)")


def seated(session: Session, campaign_id: UUID, registration_ids: Sequence[UUID],
           apart_from: Collection[int] = ()) -> bool:
    """Whether one of these requests has a seat on a main leg, apart from these bookings.

    Whose coach has left without him may be given another.
    """
    return session.scalar(
        select(Booking.id).join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.campaign_id == campaign_id, any_of(Booking.registration_id, registration_ids),
               Booking.state == "confirmed", Departure.leg_kind == "main", ~any_of(Booking.id, apart_from),
               or_(Departure.departed_at.is_(None), Booking.boarded_at.is_not(None)))
        .limit(1)) is not None


def set_state(session: Session, campaign_id: UUID, registration_id: UUID, state: str) -> None:
    """A request follows its booking."""
    session.execute(update(Registration).where(Registration.campaign_id == campaign_id,
                                               Registration.id == registration_id).values(state=state))
