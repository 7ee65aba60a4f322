"""One person's request with all that belongs to it: party, consents, documents, seats, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service.persons import locked
from charter.bookings.desk.listing import PersonRow, rows
from charter.bookings.desk.scope import listed, masked, masked_name
from charter.bookings.models import Booking
from charter.bookings.queries import living
from charter.campaigns.models import Campaign, Departure, DepartureStop, Stop
from charter.core import clock
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.audit import AuditEvent, AuditReason
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.core.sealed import Sealed
from charter.people.models import Worker, WorkerDocument
from charter.people.rules.documents import age
from charter.people.sealing import WORKER_PHONE
from charter.registrations.models import Companion, Consent, Registration

__all__ = ["DocumentLine", "Event", "Mate", "Person", "Seat", "find"]

HISTORY = 60


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document: its type and last four."""

    id: UUID
    id_type: str
    last_four: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody who rides together with the person, or is he himself in another request."""

    id: UUID
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A booking, past ones too; `living` while it owns its place, `open` while its departure may still be changed."""

    id: int
    departure_id: int
    code: str
    mode: str
    leg_kind: str
    departs_at: datetime
    departure_state: str
    stop: str
    stop_en: str
    gather_at: datetime | None
    bay: str
    seat: str | None
    state: str
    living: bool
    open: bool
    hold_expires_at: datetime | None
    boarded_at: datetime | None
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """One audited event: who (by role, for organizers by name), what, why."""

    at: datetime
    action: str
    role: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that this reader may see. `row` is the line of the list."""

    row: PersonRow
    request: Registration
    campaign: Campaign
    years: int | None
    phone: Sealed | None
    phone_proven: bool
    phone_locked: bool  # somebody said wrong names or numbers on it five times
    documents: tuple[DocumentLine, ...]
    party: tuple[Mate, ...]
    others: tuple[Mate, ...]
    consents: tuple[Consent, ...]
    companions: tuple[tuple[str, int], ...]  # name, age in years
    seats: tuple[Seat, ...]
    history: tuple[Event, ...]

    @property
    def living(self) -> tuple[Seat, ...]:
        """The bookings that own a place now."""
        return tuple(seat for seat in self.seats if seat.living)


def find(session: Session, actor: Actor, registration_id: UUID) -> Person:
    """One person's request. Raises NotFound for missing and foreign alike."""
    here = (Registration.id == registration_id, listed(actor))
    request = session.scalar(select(Registration).where(*here))
    if request is None:
        raise NotFound
    row = rows(session, actor, here, "new", limit=1)[0]
    worker = session.get_one(Worker, request.worker_id)
    hidden = masked(actor)
    seats = _seats(session, request)
    return Person(
        row, request, session.get_one(Campaign, request.campaign_id),
        age(worker.birth_date, clock.today()) if worker.birth_date and not hidden else None,
        WORKER_PHONE.view(worker.id, worker.phone_sealed) if worker.phone_sealed and not hidden else None,
        worker.phone_proven_at is not None, locked(session, worker.id),
        () if hidden else _documents(session, worker.id),
        _party(session, actor, request), _others(session, actor, request), _consents(session, request),
        _companions(session, request, hidden), seats, _history(session, actor, request, seats))


def _documents(session: Session, worker_id: UUID) -> tuple[DocumentLine, ...]:
    found = session.scalars(select(WorkerDocument).where(WorkerDocument.worker_id == worker_id)
                            .order_by(WorkerDocument.id))
    return tuple(DocumentLine(one.id, one.id_type, one.last_four, one.confirmed) for one in found)


def _mates(session: Session, actor: Actor, *which: Any) -> tuple[Mate, ...]:
    found = session.execute(select(Registration.id, Worker.name, Registration.state)
                            .join(Worker, Worker.id == Registration.worker_id)
                            .where(listed(actor), *which).order_by(Registration.created_at, Registration.id).limit(30))
    return tuple(Mate(key, masked_name(name) if masked(actor) else name, state) for key, name, state in found)


def _party(session: Session, actor: Actor, request: Registration) -> tuple[Mate, ...]:
    if request.party_id is None:
        return ()
    return _mates(session, actor, Registration.campaign_id == request.campaign_id,
                  Registration.party_id == request.party_id, Registration.id != request.id,
                  Registration.state.not_in(("withdrawn", "rejected")))


def _others(session: Session, actor: Actor, request: Registration) -> tuple[Mate, ...]:
    return _mates(session, actor, Registration.worker_id == request.worker_id, Registration.id != request.id)


def _of(table: Any, request: Registration) -> Any:
    return select(table).where(table.campaign_id == request.campaign_id, table.registration_id == request.id)


def _consents(session: Session, request: Registration) -> tuple[Consent, ...]:
    return tuple(session.scalars(_of(Consent, request).order_by(Consent.layer)))


def _companions(session: Session, request: Registration, hidden: bool) -> tuple[tuple[str, int], ...]:
    return tuple((masked_name(one.name) if hidden else one.name, age(one.birth_date, clock.today()))
                 for one in session.scalars(_of(Companion, request).order_by(Companion.birth_date)))


def _seats(session: Session, request: Registration) -> tuple[Seat, ...]:
    found = session.execute(
        select(Booking, Departure, living()).join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.campaign_id == request.campaign_id, Booking.registration_id == request.id)
        .order_by(Departure.departs_at, Booking.created_at)).all()
    stops = _stops(session, {departure.id for _, departure, _ in found})
    return tuple(_seat(booking, departure, bool(alive), stops.get(departure.id, []))
                 for booking, departure, alive in found)


def _stops(session: Session, departures: set[int]) -> dict[int, list[tuple[DepartureStop, Stop]]]:
    made: dict[int, list[tuple[DepartureStop, Stop]]] = {}
    for at, stop in session.execute(
            select(DepartureStop, Stop).join(Stop, Stop.id == DepartureStop.stop_id)
            .where(DepartureStop.departure_id.in_(departures), DepartureStop.kind == "board")
            .order_by(DepartureStop.departure_id, DepartureStop.seq)):
        made.setdefault(at.departure_id, []).append((at, stop))
    return made


def _seat(booking: Booking, departure: Departure, alive: bool, stops: Sequence[tuple[DepartureStop, Stop]]) -> Seat:
    at, stop = next((pair for pair in stops if booking.stop_id in (None, pair[1].id)), (None, None))
    lapsed = booking.state == "held" and not alive
    return Seat(
        booking.id, departure.id, departure.code, departure.mode, departure.leg_kind, departure.departs_at,
        departure.state, stop.name if stop else "", (stop.name_en or stop.name) if stop else "",
        at.gather_at if at else None, at.bay if at else "", booking.seat, "expired" if lapsed else booking.state, alive,
        departure.state in ("planned", "open", "closed", "boarding") and booking.boarded_at is None,
        booking.hold_expires_at, booking.boarded_at, booking.arrived_at)


def _history(session: Session, actor: Actor, request: Registration, seats: Sequence[Seat]) -> tuple[Event, ...]:
    events = session.execute(
        select(AuditEvent, AuditReason.text).outerjoin(AuditReason, AuditReason.event_id == AuditEvent.id)
        .where(or_(and_(AuditEvent.object_type == "registration", AuditEvent.object_id == str(request.id)),
                   and_(AuditEvent.object_type == "booking", AuditEvent.object_id.in_([str(one.id) for one in seats]))))
        .order_by(AuditEvent.id.desc()).limit(HISTORY)).all()
    inside = actor.role in ORGANIZERS or actor.role == Role.HOTLINE  # reasons may speak of others
    names = _names(session, {event.actor for event, _ in events}) if inside else {}
    told = [(event, (reason or "") if inside or _own(actor, event) else "") for event, reason in events]
    return tuple(Event(event.at, event.action, event.role, names.get(event.actor, ""), reason)
                 for event, reason in told if event.action != "person.acted" or reason)


def _own(actor: Actor, event: AuditEvent) -> bool:
    """Whether the reader himself has done it, so that he may read what he wrote."""
    return bool(event.actor == actor.caller)


def _names(session: Session, accounts: set[str]) -> dict[str, str]:
    ids = [key for key in map(uuid_or_none, accounts) if key is not None]
    return {str(key): name for key, name in session.execute(select(Account.id, Account.name).where(
        Account.id.in_(ids), Account.role != Role.WORKER))}
