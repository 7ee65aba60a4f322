"""The contact query: everybody who was on board with one person, and how near, for the health office; audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding.models import Scan
from charter.boarding.rules.near import NEAR_ROWS, Stay, overlap, rows_apart, rows_of
from charter.bookings.models import Booking
from charter.campaigns.models import Departure, VehicleType
from charter.campaigns.naming import named
from charter.core import audit
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.people.models import Employer, Worker, WorkerDocument
from charter.people.sealing import WORKER_PHONE
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["Contact", "Contacts", "query"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who was on board with the person. `rows` between their seats or None; `near` within two of them."""

    departure: str
    departs_at: datetime
    name: str
    last_four: str
    phone: str
    employer: str
    seat: str | None
    rows: int | None
    near: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class Contacts:
    """The person, and the contacts: the near ones first, then by departure and seat."""

    name: str
    last_four: str
    rides: Sequence[str]
    rows: Sequence[Contact]


@dataclass(frozen=True, slots=True)
class _Ride:
    booking: Booking
    stay: Stay


def query(session: Session, actor: Actor, registration_id: UUID, reason: str) -> Contacts:
    """Everybody who rode with the person of this request on any of his rides in the campaign.

    Raises NotFound, Invalid without a reason of some words. Each use leaves an audit event with the reason.
    """
    asked = session.scalar(select(Registration).where(Registration.id == registration_id,
                                                      visible_registrations(actor)))
    if asked is None:
        raise NotFound
    if len(reason.strip()) < 4:
        raise Invalid(errors=[FieldProblem("reason", "missing", N_("请写明为什么查、谁要求查"))])
    worker = session.get_one(Worker, asked.worker_id)
    own = {one.booking.departure_id: one for one in _rides(session, Registration.worker_id == worker.id,
                                                           Booking.campaign_id == asked.campaign_id)}
    found = [contact for departure_id, ride in own.items() for contact in _with(session, departure_id, ride, worker.id)]
    audit.record(session, "contacts.queried", "registration", registration_id, reason=reason.strip()[:500],
                 count=len(found), rides=len(own))
    found.sort(key=lambda one: (not one.near, one.departs_at, one.rows if one.rows is not None else 999, one.name))
    rides = [named(session.get_one(Departure, departure_id)) for departure_id in own]
    return Contacts(worker.name, _tails(session, [worker.id]).get(worker.id, ""), rides, found)


def _with(session: Session, departure_id: int, mine: _Ride, worker_id: UUID) -> list[Contact]:
    departure = session.get_one(Departure, departure_id)
    places = rows_of(session.get_one(VehicleType, departure.vehicle_type_id).seat_map)
    others = {one.booking.registration_id: one for one in _rides(session, Booking.departure_id == departure_id)
              if one.booking.id != mine.booking.id and overlap(one.stay, mine.stay)}
    people = session.execute(
        select(Registration.id, Worker, Employer.name).join(Worker, Worker.id == Registration.worker_id)
        .join(Employer, Employer.id == Registration.employer_id)
        .where(Registration.campaign_id == departure.campaign_id, Registration.id.in_(list(others)),
               Worker.id != worker_id)).all()
    tails = _tails(session, [worker.id for _, worker, _ in people])
    phoned = [worker for _, worker, _ in people if worker.phone_sealed]
    phones = dict(zip((worker.id for worker in phoned), audit.reveal_many(
        session, [WORKER_PHONE.view(worker.id, worker.phone_sealed) for worker in phoned if worker.phone_sealed],
        "密接查询", "departure", departure_id), strict=True))
    made = []
    for registration, worker, employer in people:
        other = others[registration]
        apart = rows_apart(places, mine.booking.seat, other.booking.seat)
        made.append(Contact(
            named(departure), departure.departs_at, worker.name, tails.get(worker.id, ""), phones.get(worker.id, ""),
            employer, other.booking.seat, apart, apart is not None and apart <= NEAR_ROWS,
            round(overlap(other.stay, mine.stay).total_seconds() / 60)))
    return made


def _rides(session: Session, *where: object) -> list[_Ride]:
    """Who was on board, from getting on until getting off, arriving, or the planned arrival."""
    rows = session.execute(
        select(Booking, Departure.arrived_at, Departure.arrives_at)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.boarded_at.is_not(None), *where)).all()  # type: ignore[arg-type]
    off = dict(session.execute(
        select(Scan.booking_id, Scan.corrected_at).where(
            Scan.departure_id.in_({booking.departure_id for booking, *_ in rows}), Scan.kind == "alight",
            Scan.verdict.in_(("go", "look"))).order_by(Scan.corrected_at)).all())
    return [_Ride(booking, Stay(booking.boarded_at, off.get(booking.id) or arrived or planned))
            for booking, arrived, planned in rows if booking.boarded_at]


def _tails(session: Session, workers: Sequence[UUID]) -> dict[UUID, str]:
    return dict(session.execute(select(WorkerDocument.worker_id, WorkerDocument.last_four).where(
        WorkerDocument.worker_id.in_(workers)).order_by(WorkerDocument.id.desc())).all())
