"""Bookings in bulk: what a published plan decided, and the seats that a carrier gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.problems import AlreadyBooked, DepartureFull
from charter.bookings.rules.arranging import Together, arrange, needs_door, spots
from charter.bookings.rules.seats import sellable
from charter.bookings.service.legs import give_up_feeders
from charter.bookings.service.room import during, seated
from charter.campaigns.models import Departure, VehicleType
from charter.core import audit, clock, locks
from charter.core.bulk import any_of
from charter.core.ids import new_serial
from charter.people.models import Worker
from charter.registrations.models import Registration
from charter.registrations.service import set_state_many

__all__ = ["Placement", "place_many", "set_carrier_seats"]


NOBODY: Mapping[int, int] = MappingProxyType({})
Free = dict[int, str | None]  # printed seat by slot; None where the carrier gives it


@dataclass(frozen=True, slots=True)
class Placement:
    """One person on one departure, and the stop where he gets on."""

    registration_id: UUID
    departure_id: int
    stop_id: UUID | None = None


def place_many(session: Session, campaign_id: UUID, placements: Sequence[Placement],
               moving: Mapping[int, int] = NOBODY) -> list[int]:
    """Confirmed bookings for all of them, on departures of this campaign; the serials in the same order.

    `moving` says which placements (by position) take a living booking along (its serial): it is moved, its revision
    rises, and its pass says the new place. Where we give the seats, parties sit side by side, people of one employer
    together, and who walks badly near the door.
    Raises DepartureFull where a departure has fewer free places than people, AlreadyBooked where somebody has a seat.
    """
    wanted: dict[int, list[int]] = defaultdict(list)
    for place, found in enumerate(placements):
        wanted[found.departure_id].append(place)
    locks.take(session, "departure", sorted(wanted), seconds=30)
    riders = _riders(session, campaign_id, [found.registration_id for found in placements])
    _not_seated(session, campaign_id, placements, moving)
    rows: dict[int, dict[str, object]] = {}
    for departure, vehicle in _departures(session, sorted(wanted)):
        free = _free(session, departure, vehicle)
        if len(free) < len(wanted[departure.id]):
            raise DepartureFull
        who = [riders[placements[place].registration_id] for place in wanted[departure.id]]
        for place, rider, (slot, seat) in zip(wanted[departure.id], who, _seated(who, free, vehicle), strict=True):
            rows[place] = {
                "campaign_id": campaign_id, "id": moving.get(place) or new_serial(),
                "registration_id": rider.registration_id, "departure_id": departure.id, "worker_number": rider.number,
                "during": during(departure), "slot": slot, "seat": seat, "stop_id": placements[place].stop_id,
                "lap_children": rider.lap_children, "state": "confirmed", "hold_expires_at": None,
                "confirmed_at": clock.now()}
    if rows:
        fresh = [rows[place] | {"revision": 1} for place in sorted(rows) if place not in moving]
        if fresh:
            session.execute(insert(Booking), fresh)
        _move(session, campaign_id, [rows[place] for place in sorted(rows) if place in moving])
        set_state_many(session, campaign_id, {found.registration_id for found in placements}, "booked")
    return [int(str(rows[place]["id"])) for place in range(len(placements))]


def _move(session: Session, campaign_id: UUID, rows: Sequence[dict[str, object]]) -> None:
    """Feeders that served the departure left behind are given up."""
    for row in rows:
        booking = session.scalars(select(Booking).where(Booking.campaign_id == campaign_id, Booking.id == row["id"])
                                  .with_for_update()).one()
        give_up_feeders(session, session.get_one(Departure, booking.departure_id), campaign_id,
                        booking.registration_id)
        for name, value in row.items():
            setattr(booking, name, value)
        session.flush()
        session.refresh(booking, ["revision"])  # the database has raised it
        audit.record(session, "booking.moved", "booking", booking.id, departure=str(booking.departure_id))


def set_carrier_seats(session: Session, campaign_id: UUID, seats: Mapping[int, str],
                      orders: Mapping[int, str] | None = None) -> None:
    """Write the seats that a carrier gave, by booking serial, with the order numbers of their tickets; a changed seat
    raises the pass's revision. Raises SeatTaken where two would sit on one.
    """
    found = session.scalars(
        select(Booking).where(Booking.campaign_id == campaign_id, any_of(Booking.id, list(seats)),
                              Booking.state.in_(LIVING)).order_by(Booking.id).with_for_update()).all()
    wanted = {booking.id: seats[booking.id][:12] for booking in found}
    for booking in found:
        booking.order_number = (orders or {}).get(booking.id, booking.order_number)
        if booking.seat != wanted[booking.id] and booking.seat in wanted.values():
            booking.seat = None  # somebody else gets it: two who change places stand for a moment
    session.flush()
    for booking in found:
        booking.seat = wanted[booking.id]
    session.flush()




def _not_seated(session: Session, campaign_id: UUID, placements: Sequence[Placement],
                moving: Mapping[int, int]) -> None:
    main = set(session.scalars(select(Departure.id).where(
        any_of(Departure.id, {one.departure_id for one in placements}), Departure.leg_kind == "main")))
    fresh = [one.registration_id for place, one in enumerate(placements)
             if place not in moving and one.departure_id in main]
    if fresh and seated(session, campaign_id, fresh, moving.values()):
        raise AlreadyBooked


@dataclass(frozen=True, slots=True)
class _Rider:
    """What decides where somebody sits."""

    registration_id: UUID
    number: int
    lap_children: int
    party: UUID
    employer: UUID
    near_door: bool


def _riders(session: Session, campaign_id: UUID, ids: Sequence[UUID]) -> dict[UUID, _Rider]:
    found: dict[UUID, _Rider] = {}
    for start in range(0, len(ids), 5_000):
        found.update({key: _Rider(key, number, lap, party or key, employer, needs_door(needs))
                      for key, number, lap, party, employer, needs in session.execute(
            select(Registration.id, Worker.number, Registration.lap_children, Registration.party_id,
                   Registration.employer_id, Registration.needs)
            .join(Worker, Worker.id == Registration.worker_id)
            .where(Registration.campaign_id == campaign_id, Registration.id.in_(ids[start:start + 5_000]))
            .order_by(Registration.id).with_for_update(of=Registration, key_share=True))})
    return found


def _departures(session: Session, ids: Sequence[int]) -> list[tuple[Departure, VehicleType]]:
    rows = session.execute(
        select(Departure, VehicleType).join(VehicleType, VehicleType.id == Departure.vehicle_type_id)
        .where(Departure.id.in_(ids)).order_by(Departure.id))
    return [(departure, vehicle) for departure, vehicle in rows]


def _seats(departure: Departure, vehicle: VehicleType) -> list[str]:
    if departure.seating != "ours":
        return []
    return sellable(vehicle.seat_map, departure.kept_seats, departure.seats_total)


def _free(session: Session, departure: Departure, vehicle: VehicleType) -> Free:
    taken = set(session.scalars(select(Booking.slot).where(Booking.departure_id == departure.id,
                                                           Booking.state.in_(LIVING))))
    seats = _seats(departure, vehicle)
    return {slot: seats[slot - 1] if seats else None for slot in range(1, (len(seats) or departure.seats_total) + 1)
            if slot not in taken}


def _seated(who: Sequence[_Rider], free: Free, vehicle: VehicleType) -> list[tuple[int, str | None]]:
    """A free place for each rider, in the order of the riders."""
    ours = {slot: seat for slot, seat in free.items() if seat is not None}
    if len(ours) < len(free):
        return list(free.items())[:len(who)]
    parties: dict[UUID, list[int]] = defaultdict(list)
    for place, rider in enumerate(who):
        parties[rider.party].append(place)
    wanted = [Together(len(places), who[places[0]].employer, any(who[place].near_door for place in places))
              for places in parties.values()]
    slots = arrange(spots(vehicle.seat_map, ours), wanted)
    given = {place: slot for places, some in zip(parties.values(), slots, strict=True)
             for place, slot in zip(places, some, strict=True)}
    return [(given[place], free[given[place]]) for place in range(len(who))]
