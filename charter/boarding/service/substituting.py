"""Another vehicle comes: one act re-seats everybody, tells who sits elsewhere, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding.models import Substitution
from charter.boarding.problems import NothingToTakeBack, VehicleTooSmall
from charter.bookings.desk.telling import tell_seat
from charter.bookings.models import LIVING, Booking
from charter.bookings.rules.reseating import Sitting, TooSmall, reseat
from charter.bookings.rules.seats import sellable
from charter.bookings.service.reseating import seat_anew
from charter.campaigns.models import Departure, VehicleType
from charter.campaigns.rules.capacity import kept_seats, seats_to_sell
from charter.campaigns.rules.ruling import limits_at
from charter.campaigns.ruling import rulings
from charter.campaigns.trip import OVER, own_departure, put_vehicle
from charter.core import audit, clock, locks
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.people.models import Worker
from charter.registrations.models import Registration

__all__ = ["Moved", "NewVehicle", "last", "preview", "substitute", "take_back"]


@dataclass(frozen=True, slots=True)
class NewVehicle:
    """What comes instead, and why."""

    type_id: UUID
    plate: str
    drivers: str
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody who sits elsewhere in the new vehicle; seats as printed or None."""

    name: str
    before: str | None
    after: str | None


def preview(session: Session, departure_id: int, type_id: UUID) -> list[Moved]:
    """Who would sit elsewhere. Raises NotFound, VehicleTooSmall."""
    departure = _open(session, departure_id, lock=False)
    kind = _kind(session, departure, type_id)
    people, names = _people(session, departure.id)
    wanted = _wanted(people, *_room(session, departure, kind))
    return [Moved(names[one.booking], one.seat, wanted[one.booking][1]) for one in people
            if one.seat != wanted[one.booking][1]]


def substitute(session: Session, departure_id: int, actor: Actor, wanted: NewVehicle) -> int:
    """The other vehicle takes over; how many people sit elsewhere and are told.

    Raises NotFound, Invalid without plate or reason, VehicleTooSmall.
    """
    missing = [FieldProblem(name, "missing", N_("必须填写")) for name in ("plate", "reason")
               if not getattr(wanted, name).strip()]
    if missing:
        raise Invalid(errors=missing)
    locks.take(session, "departure", [departure_id])
    departure = _open(session, departure_id)
    kind = _kind(session, departure, wanted.type_id)
    people, _ = _people(session, departure_id)
    places, total, kept = _room(session, departure, kind)
    before = _standing(session, departure)
    changed = seat_anew(session, departure_id, _wanted(people, places, total, kept))
    put_vehicle(session, departure, kind.id, wanted.plate.strip()[:16], wanted.drivers.strip()[:120], total, kept)
    made = Substitution(departure_id=departure_id, at=clock.now(), by=actor.caller[:64],
                        reason=wanted.reason.strip()[:500], before=before)
    session.add(made)
    session.flush()
    _tell(session, changed, f"|{made.id}")
    audit.record(session, "vehicle.substituted", "departure", departure_id, moved=len(changed), type=kind.code)
    return len(changed)


def take_back(session: Session, departure_id: int, actor: Actor) -> int:
    """The first vehicle comes after all: everybody who sat in it has his seat again; how many sit elsewhere.

    Raises NotFound, NothingToTakeBack, VehicleTooSmall where more people have got seats since.
    """
    locks.take(session, "departure", [departure_id])
    departure = _open(session, departure_id)
    made = last(session, departure_id)
    if made is None:
        raise NothingToTakeBack
    kind = session.get_one(VehicleType, UUID(made.before["type"]))
    people, _ = _people(session, departure_id)
    old = made.before["seats"]
    people = sorted((Sitting(one.booking, old.get(str(one.booking), one.seat), one.party) for one in people),
                    key=lambda one: str(one.booking) not in old)  # who sat in it first
    places = sellable(kind.seat_map, made.before["kept"], made.before["total"]) if kind.seating == "ours" else []
    changed = seat_anew(session, departure_id, _wanted(people, places, made.before["total"], made.before["kept"]))
    put_vehicle(session, departure, kind.id, made.before["plate"], made.before["drivers"], made.before["total"],
                made.before["kept"])
    made.undone_at = clock.now()
    session.flush()
    _tell(session, changed, f"|{made.id}|back")
    audit.record(session, "vehicle.put_back", "departure", departure_id, moved=len(changed))
    return len(changed)


def last(session: Session, departure_id: int) -> Substitution | None:
    """The newest substitution that stands."""
    return session.scalar(select(Substitution).where(
        Substitution.departure_id == departure_id, Substitution.undone_at.is_(None))
        .order_by(Substitution.at.desc(), Substitution.id).limit(1))


def _open(session: Session, departure_id: int, *, lock: bool = True) -> Departure:
    departure = own_departure(session, departure_id, lock=lock)
    if departure.state in OVER:
        raise NotFound
    return departure


def _kind(session: Session, departure: Departure, type_id: UUID) -> VehicleType:
    kind = session.get(VehicleType, type_id)
    if kind is None or kind.mode != departure.mode or kind.seating != departure.seating:
        raise NotFound
    return kind


def _room(session: Session, departure: Departure, kind: VehicleType) -> tuple[list[str], int, list[str]]:
    """Printed seats in walking order, how many may be sold, and which are kept free, by the rules of that day."""
    limits = limits_at(rulings(session, departure.campaign_id), clock.day_bounds(departure.date)[1])
    kept = kept_seats(kind.seat_map, limits.rows, limits.pattern)
    total = seats_to_sell(kind.approved_capacity, kind.passenger_seats, len(kept), limits.percent)
    return sellable(kind.seat_map, kept, total) if kind.seating == "ours" else [], total, kept


def _people(session: Session, departure_id: int) -> tuple[list[Sitting], dict[int, str]]:
    rows = session.execute(
        select(Booking.id, Booking.seat, Registration.party_id, Worker.name)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id)).join(Worker, Worker.id == Registration.worker_id)
        .where(Booking.departure_id == departure_id, Booking.state.in_(LIVING)).order_by(Booking.slot)).all()
    return ([Sitting(key, seat, str(party) if party else None) for key, seat, party, _ in rows],
            {key: name for key, _, _, name in rows})


def _wanted(people: Sequence[Sitting], places: Sequence[str], total: int, kept: Sequence[str]
            ) -> dict[int, tuple[int, str | None]]:
    try:
        slots = reseat(people, places, len(places) or total)
    except TooSmall as error:
        raise VehicleTooSmall(params={"people": len(people), "seats": len(places) or total}) from error
    seats = {one.booking: one.seat for one in people}
    return {key: (slot, places[slot - 1] if places else seats[key]) for key, slot in slots.items()}


def _standing(session: Session, departure: Departure) -> dict[str, Any]:
    seats = {str(key): seat for key, seat in session.execute(select(Booking.id, Booking.seat).where(
        Booking.departure_id == departure.id, Booking.state.in_(LIVING)))}
    return {"type": str(departure.vehicle_type_id), "plate": departure.plate, "drivers": departure.drivers,
            "total": departure.seats_total, "kept": list(departure.kept_seats), "seats": seats}


def _tell(session: Session, changed: Sequence[Booking], again: str) -> None:
    for booking in changed:
        if booking.state == "confirmed":
            tell_seat(session, booking, again=again)
