"""Everything that is kept about one worker, as a file for himself (the right to a copy of one's own data)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Departure
from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.problems import NotFound
from charter.people.models import Employer, Worker, WorkerDocument
from charter.people.sealing import DOCUMENT_NUMBER, WORKER_PHONE
from charter.registrations.joining import COMPANION, EMERGENCY, HEALTH
from charter.registrations.models import Companion, Consent, HealthDeclaration, Registration

__all__ = ["own_data"]

WHY = "本人索取自己的信息"


def own_data(session: Session, actor: Actor) -> dict[str, Any]:
    """Name, documents, phone, every request with family, consents, health and seats. Audited. Raises NotFound."""
    key = actor.scope("worker")
    worker = session.get(Worker, UUID(key)) if key else None
    if worker is None:
        raise NotFound
    documents = session.scalars(select(WorkerDocument).where(WorkerDocument.worker_id == worker.id)).all()
    sealed = [DOCUMENT_NUMBER.view(one.id, one.number_sealed) for one in documents if one.number_sealed]
    phones = [WORKER_PHONE.view(worker.id, worker.phone_sealed)] if worker.phone_sealed else []
    clear = audit.reveal_many(session, [*sealed, *phones], WHY, "worker", worker.id)
    kinds = [one.id_type for one in documents if one.number_sealed]
    rows = session.scalars(select(Registration).where(Registration.worker_id == worker.id)
                           .order_by(Registration.created_at)).all()
    return {"made_at": _at(clock.now()), "name": worker.name,
            "birth_date": worker.birth_date.isoformat() if worker.birth_date else None,
            "documents": [{"type": kind, "number": number} for kind, number in zip(kinds, clear, strict=False)],
            "phone": clear[-1] if phones else None, "registrations": [_request(session, row) for row in rows]}


def _request(session: Session, row: Registration) -> dict[str, Any]:
    mine = (row.campaign_id, row.id)
    consents = session.scalars(select(Consent).where(Consent.campaign_id == mine[0],
                                                     Consent.registration_id == mine[1]))
    health = session.get(HealthDeclaration, mine)
    return {"campaign": session.get_one(Campaign, row.campaign_id).name, "state": row.state,
            "employer": session.get_one(Employer, row.employer_id).name, "origin": row.origin,
            "origin_as_written": row.origin_text, "earliest": row.earliest.isoformat(),
            "latest": row.latest.isoformat(),
            "modes": row.modes, "needs": row.needs, "note": row.note, "handed_in_by": row.source,
            "handed_in_at": _at(row.created_at),
            "emergency": json.loads(_clear(session, EMERGENCY, row.id, row.emergency_sealed) or "null"),
            "health": json.loads(_clear(session, HEALTH, row.id, health.answers_sealed if health else None) or "null"),
            "children": [{"name": one.name, "birth_date": one.birth_date.isoformat(), "document": _clear(
                session, COMPANION, one.id, one.number_sealed)} for one in session.scalars(select(Companion).where(
                    Companion.campaign_id == mine[0], Companion.registration_id == mine[1]))],
            "consents": [{"layer": one.layer, "version": one.version, "given_at": _at(one.given_at),
                          "withdrawn_at": _at(one.withdrawn_at)} for one in consents],
            "seats": _seats(session, mine)}


def _seats(session: Session, mine: tuple[UUID, UUID]) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Booking, Departure.code).join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.campaign_id == mine[0], Booking.registration_id == mine[1]).order_by(Booking.created_at))
    return [{"departure": code, "seat": one.seat, "state": one.state, "made_at": _at(one.created_at),
             "boarded_at": _at(one.boarded_at), "arrived_at": _at(one.arrived_at)} for one, code in rows]


def _clear(session: Session, field: Any, key: UUID, stored: bytes | None) -> str | None:
    return audit.reveal(session, field.view(key, stored), WHY, field.table, key) if stored else None


def _at(moment: Any) -> str | None:
    return clock.local(moment).isoformat(timespec="seconds") if moment else None
