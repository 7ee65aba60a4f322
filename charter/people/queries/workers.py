"""Workers as others may see them: a name, the last four of a document, a masked phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.core.sealed import Sealed
from charter.people.models import Worker, WorkerDocument
from charter.people.sealing import DOCUMENT_NUMBER, WORKER_PHONE, document_tag, phone_tag

__all__ = ["WorkerView", "by_document", "documents_of", "of_phone", "phones_of", "unconfirmed", "view", "views"]


@dataclass(frozen=True, slots=True)
class WorkerView:
    """One worker; `phone` shows nothing but its last four."""

    id: UUID
    number: int
    name: str
    last_four: str
    phone: Sealed | None
    phone_proven: bool


def views(session: Session, worker_ids: Iterable[UUID]) -> dict[UUID, WorkerView]:
    """The workers by id."""
    rows = session.execute(
        select(Worker, WorkerDocument.last_four).join(WorkerDocument, WorkerDocument.worker_id == Worker.id)
        .where(Worker.id.in_(list(worker_ids))).order_by(WorkerDocument.id))
    return {worker.id: _view(worker, last_four) for worker, last_four in rows}


def view(session: Session, worker_id: UUID) -> WorkerView | None:
    """One worker, or None."""
    return views(session, [worker_id]).get(worker_id)


def of_phone(session: Session, phone: str) -> list[WorkerView]:
    """Everybody who gave this phone, by name."""
    ids = session.scalars(select(Worker.id).where(Worker.phone_tag == phone_tag(phone), Worker.erased_at.is_(None)))
    return sorted(views(session, ids.all()).values(), key=lambda found: found.name)


def by_document(session: Session, id_type: str, number: str) -> UUID | None:
    """The worker of a document, or None."""
    return session.scalar(select(WorkerDocument.worker_id).where(WorkerDocument.tag == document_tag(id_type, number)))


def documents_of(session: Session, worker_id: UUID) -> list[tuple[str, Sealed]]:
    """Type and guarded number of each document of a worker."""
    rows = session.scalars(select(WorkerDocument).where(WorkerDocument.worker_id == worker_id))
    return [(found.id_type, DOCUMENT_NUMBER.view(found.id, found.number_sealed)) for found in rows
            if found.number_sealed is not None]


def unconfirmed(session: Session, worker_id: UUID) -> list[str]:
    """The last four of numbers that were upgraded from 15 digits and that their person has not confirmed yet."""
    return list(session.scalars(select(WorkerDocument.last_four).where(
        WorkerDocument.worker_id == worker_id, WorkerDocument.confirmed.is_(False)).order_by(WorkerDocument.id)))


def phones_of(session: Session, worker_ids: Iterable[UUID]) -> dict[UUID, Sealed]:
    """The guarded phones of workers who gave one."""
    rows = session.execute(select(Worker.id, Worker.phone_sealed)
                           .where(Worker.id.in_(list(worker_ids)), Worker.phone_sealed.is_not(None)))
    return {key: WORKER_PHONE.view(key, sealed) for key, sealed in rows if sealed is not None}


def _view(worker: Worker, last_four: str) -> WorkerView:
    phone = WORKER_PHONE.view(worker.id, worker.phone_sealed) if worker.phone_sealed else None
    return WorkerView(worker.id, worker.number, worker.name, last_four, phone, worker.phone_proven_at is not None)
