"""To act for somebody: what is done, who did it and why are written in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.service import limits, persons
from charter.bookings.desk import person as people
from charter.bookings.desk.allowed import may, needs_reason, reveals
from charter.bookings.desk.searching import TooManySearches
from charter.bookings.desk.telling import tell_request, tell_seat, tell_seat_ended
from charter.bookings.models import Booking
from charter.bookings.service import cancel, confirm, hold_party, move, withdraw_registration
from charter.core import audit
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.core.sealed import Sealed
from charter.people.models import Worker, WorkerDocument
from charter.people.sealing import DOCUMENT_NUMBER, WORKER_PHONE
from charter.registrations import service as registrations
from charter.registrations.joining import EMERGENCY
from charter.registrations.models import Registration
from charter.registrations.problems import WrongState

__all__ = ["act_on_seat", "book", "confirm_many", "confirm_one", "for_him", "reject_many", "reject_one", "reveal",
           "unlock", "why", "withdraw"]

P = ParamSpec("P")
T = TypeVar("T")
REVEALED_A_DAY = 200


def why(actor: Actor, name: str, written: str) -> str:
    """The reason as typed, tidied. Raises Invalid at `reason` where the act needs one."""
    reason = " ".join(written.split())[:200]
    if not reason and needs_reason(actor, name):
        raise Invalid(errors=[FieldProblem("reason", "missing", N_("请写明原因"))])
    return reason


def for_him(session: Session, actor: Actor, registration_id: UUID, name: str, reason: str,
            service: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do one act that `may` opens, and keep its reason; gives what the act gives.

    Raises NotFound, Invalid, WrongState, and the act's own.
    """
    kept = why(actor, name, reason)
    if name not in may(actor, people.find(session, actor, registration_id)):
        raise WrongState
    made = service(session, *args, **kwargs)
    audit.record(session, "person.acted", "registration", registration_id, reason=kept or None, act=name)
    return made


def unlock(session: Session, registration_id: UUID) -> None:
    """Let the phone of a request's person try again. Raises NotFound."""
    persons.unlock(session, session.scalars(select(Registration.worker_id)
                                            .where(Registration.id == registration_id)).one())


def act_on_seat(session: Session, actor: Actor, registration_id: UUID, booking_id: int, name: str, reason: str,
                departure_id: int | None = None, seat: str | None = None) -> None:
    """Confirm, cancel or move a booking for its person. Raises NotFound, Invalid, and what the act raises."""
    kept = why(actor, name, reason)
    if all(one.id != booking_id for one in people.find(session, actor, registration_id).seats):
        raise NotFound
    acts: dict[str, Callable[[], Booking]] = {
        "confirm_seat": lambda: confirm(session, booking_id), "cancel_seat": lambda: cancel(session, booking_id),
        "move_seat": lambda: move(session, booking_id, departure_id, seat)}
    if name not in acts:
        raise NotFound
    (tell_seat_ended if name == "cancel_seat" else tell_seat)(session, acts[name]())
    audit.record(session, "person.acted", "registration", registration_id, reason=kept or None, act=name)


def book(session: Session, departure_id: int, registration_ids: Sequence[UUID], seat: str | None,
         at_once: bool) -> None:
    """Hold places for one or a party; `at_once` confirms them. Raises as holding does."""
    for booking in hold_party(session, departure_id, registration_ids, [seat] if seat else None):
        if at_once:
            tell_seat(session, confirm(session, booking.id))


def confirm_one(session: Session, registration_id: UUID) -> None:
    """Confirm a request, and tell its person. Raises NotFound, WrongState."""
    tell_request(session, registrations.confirm(session, registration_id), "request_confirmed")


def reject_one(session: Session, registration_id: UUID, reason: str) -> None:
    """Refuse a waiting request, and tell its person why. Raises NotFound, WrongState."""
    tell_request(session, registrations.reject(session, registration_id, reason), "request_refused", reason=reason)


def confirm_many(session: Session, ids: Sequence[UUID]) -> int:
    """Confirm each of these requests; how many. Raises NotFound, WrongState."""
    for key in ids:
        confirm_one(session, key)
    return len(ids)


def reject_many(session: Session, actor: Actor, ids: Sequence[UUID], reason: str) -> int:
    """Refuse each of these waiting requests with one reason; how many. Raises NotFound, Invalid, WrongState."""
    kept = why(actor, "reject", reason)
    for key in ids:
        reject_one(session, key, kept)
    return len(ids)


def withdraw(session: Session, registration_id: UUID) -> None:
    """He does not come; whose seat was given back is told. Raises NotFound, WrongState."""
    living = session.scalars(select(Booking).where(Booking.registration_id == registration_id,
                                                   Booking.state == "confirmed")).all()
    withdraw_registration(session, registration_id)
    for booking in living:
        tell_seat_ended(session, booking)


def reveal(session: Session, actor: Actor, registration_id: UUID, what: str, reason: str) -> str:
    """A phone, a document's number (`document`), whom to call in an `emergency` or, for an auditor, the name and last
    four (`person`): shown this once.

    Raises NotFound for what this reader may never see, Invalid without a reason.
    """
    if what not in reveals(actor):
        raise NotFound
    found = people.find(session, actor, registration_id)
    kept = why(actor, "reveal", reason)
    if not limits.take(session, f"reveal|{actor.caller}", times=REVEALED_A_DAY, within=timedelta(days=1)):
        raise TooManySearches
    worker = session.get_one(Worker, found.request.worker_id)
    document = session.scalars(select(WorkerDocument).where(WorkerDocument.worker_id == worker.id)
                               .order_by(WorkerDocument.id).limit(1)).first()
    if what == "person":
        audit.record(session, "sealed.revealed", "registration", registration_id, reason=kept, count=1, what=what)
        return f"{worker.name} {document.last_four if document else ''}".strip()
    guarded = _guarded(found.request, worker, document, what)
    if guarded is None:
        raise NotFound
    text = audit.reveal(session, guarded, kept, "registration", registration_id)
    return " ".join(json.loads(text).values()) if what == "emergency" else text


def _guarded(request: Registration, worker: Worker, document: WorkerDocument | None, what: str) -> Sealed | None:
    if what == "phone" and worker.phone_sealed:
        return WORKER_PHONE.view(worker.id, worker.phone_sealed)
    if what == "document" and document is not None and document.number_sealed:
        return DOCUMENT_NUMBER.view(document.id, document.number_sealed)
    if what == "emergency" and request.emergency_sealed:
        return EMERGENCY.view(request.id, request.emergency_sealed)
    return None
