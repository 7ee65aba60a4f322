"""Find a worker by document, or make one; in bulk, by a handful of statements whatever the number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from charter.core import audit, clock
from charter.core.bulk import any_of, array_text, copy_rows
from charter.core.ids import new_uuids
from charter.people.models import Worker, WorkerDocument
from charter.people.rules import documents
from charter.people.rules.pinyin import spelled
from charter.people.sealing import DOCUMENT_NUMBER, WORKER_PHONE, document_tag, phone_tag

__all__ = ["Found", "PersonIn", "confirm_documents", "correct", "correctable", "find_many", "find_or_make",
           "find_or_make_many", "prove_phone", "set_phone"]


@dataclass(frozen=True, slots=True)
class PersonIn:
    """A judged person: the number in its repaired form, the phone as 11 digits. Of an `upgraded` number the person is
    to say that it is his."""

    name: str
    id_type: str
    number: str
    phone: str | None = None
    household_book: bool = False
    upgraded: bool = False  # the number was written with 15 digits


@dataclass(frozen=True, slots=True)
class Found:
    """Whom the document names. `other_name`: it is known under another name, which a person must decide.
    `other_phone`: the phone given is newer than the one that was kept."""

    worker_id: UUID
    made: bool
    other_name: bool
    other_phone: bool = False


def find_or_make(session: Session, person: PersonIn) -> Found:
    """The worker of this document, made where there is none."""
    return find_or_make_many(session, [person])[0]


def find_or_make_many(session: Session, people: Sequence[PersonIn]) -> list[Found]:
    """The workers of these documents in the same order. One document twice gives one worker.

    A phone is written where none is proven yet: the newest list wins until its owner has used a code on it. Under
    another name nothing is written.
    """
    tags = [document_tag(person.id_type, person.number) for person in people]
    before = _known(session, tags)
    fresh = {tag: person for tag, person in zip(tags, people, strict=True) if tag not in before}
    known = before | _make(session, fresh) if fresh else before
    found = [Found(known[tag].id, True, False) if fresh.get(tag) is person and known[tag].new
             else _found(known[tag], person, made=tag not in before) for tag, person in zip(tags, people, strict=True)]
    _write_phones(session, {one.worker_id: person.phone for one, person in zip(found, people, strict=True)
                            if one.other_phone and person.phone})
    return found


def find_many(session: Session, people: Sequence[PersonIn]) -> list[Found | None]:
    """The workers of these documents in the same order, None where there is none; nothing is written."""
    tags = [document_tag(person.id_type, person.number) for person in people]
    known = _known(session, tags)
    return [_found(known[tag], person, made=False) if tag in known else None
            for tag, person in zip(tags, people, strict=True)]


def _found(row: _Row, person: PersonIn, *, made: bool) -> Found:
    same = row.name == person.name
    newer = person.phone is not None and same and not row.proven and row.phone_tag != phone_tag(person.phone)
    return Found(row.id, made, not same, newer)


def correctable(session: Session, worker_ids: Collection[UUID]) -> set[UUID]:
    """Of these workers those whom lists alone have named: one document, and a phone that no code came back from."""
    documents_ = select(func.count()).where(WorkerDocument.worker_id == Worker.id).correlate(Worker).scalar_subquery()
    return set(session.scalars(select(Worker.id).where(
        any_of(Worker.id, worker_ids), Worker.phone_proven_at.is_(None), Worker.erased_at.is_(None), documents_ == 1)))


def correct(session: Session, worker_id: UUID, person: PersonIn) -> None:
    """Write name and document anew for a worker whom a list had named wrongly."""
    session.execute(update(Worker).where(Worker.id == worker_id).values(
        name=person.name, name_pinyin=spelled(person.name),
        birth_date=documents.birth_date(person.id_type, person.number)))
    kept = session.scalars(select(WorkerDocument).where(WorkerDocument.worker_id == worker_id)).one()
    kept.id_type, kept.tag = person.id_type, document_tag(person.id_type, person.number)
    kept.number_sealed = DOCUMENT_NUMBER.seal(kept.id, person.number)
    kept.last_four = documents.last_four(person.number)
    session.flush()
    audit.record(session, "worker.corrected", "worker", worker_id)


def confirm_documents(session: Session, worker_id: UUID) -> None:
    """The person says that the numbers that we have of him are his. Again changes nothing."""
    done = session.execute(update(WorkerDocument).where(
        WorkerDocument.worker_id == worker_id, WorkerDocument.confirmed.is_(False)).values(confirmed=True)
        .returning(WorkerDocument.id)).first()
    if done is not None:
        audit.record(session, "worker.number_confirmed", "worker", worker_id)


def set_phone(session: Session, worker_id: UUID, phone: str, *, proven: bool) -> None:
    """Write a worker's phone; `proven` where a code sent to it came back."""
    session.execute(update(Worker).where(Worker.id == worker_id).values(
        phone_sealed=WORKER_PHONE.seal(worker_id, phone), phone_tag=phone_tag(phone),
        phone_proven_at=clock.now() if proven else None))


def prove_phone(session: Session, worker_id: UUID) -> None:
    """A code sent to the worker's phone came back, and the person said who he is."""
    session.execute(update(Worker).where(Worker.id == worker_id).values(phone_proven_at=clock.now()))


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    name: str
    phone_tag: bytes | None
    proven: bool
    new: bool = False


def _known(session: Session, tags: Sequence[bytes]) -> dict[bytes, _Row]:
    if not tags:
        return {}
    rows = session.execute(
        select(WorkerDocument.tag, Worker.id, Worker.name, Worker.phone_tag, Worker.phone_proven_at)
        .join(Worker, Worker.id == WorkerDocument.worker_id).where(any_of(WorkerDocument.tag, tags)))
    return {tag: _Row(key, name, phone, proven is not None) for tag, key, name, phone, proven in rows
            if tag is not None}


def _make(session: Session, fresh: dict[bytes, PersonIn]) -> dict[bytes, _Row]:
    """Workers and documents of people whom nobody knew a moment ago."""
    now, half = clock.now(), len(fresh)
    keys = new_uuids(2 * half)
    made = {tag: _Row(key, person.name, phone_tag(person.phone) if person.phone else None, False, True)
            for (tag, person), key in zip(fresh.items(), keys, strict=False)}
    copy_rows(session, Worker, WORKER_COLUMNS, (
        (made[tag].id, person.name, spelled(person.name), documents.birth_date(person.id_type, person.number),
         WORKER_PHONE.seal(made[tag].id, person.phone) if person.phone else None, made[tag].phone_tag,
         person.household_book, now) for tag, person in fresh.items()))
    rows = [(key, made[tag].id, person.id_type, tag, DOCUMENT_NUMBER.seal(key, person.number),
             documents.last_four(person.number), not person.upgraded)
            for (tag, person), key in zip(fresh.items(), keys[half:], strict=True)]
    lost = _keep_documents(session, rows)
    if lost:
        session.execute(Worker.__table__.delete().where(  # type: ignore[attr-defined]
            any_of(Worker.id, [made[tag].id for tag in lost])))
        made |= _known(session, sorted(lost))
    return made


MANY = 50  # documents for which COPY is worth a savepoint
WORKER_COLUMNS = ("id", "name", "name_pinyin", "birth_date", "phone_sealed", "phone_tag", "household_book",
                  "created_at")
DOCUMENT_COLUMNS = ("id", "worker_id", "id_type", "tag", "number_sealed", "last_four", "confirmed")
KEEP = text(
    "INSERT INTO worker_document (id, worker_id, id_type, tag, number_sealed, last_four, confirmed) "
    "SELECT given.* FROM unnest(CAST(:id AS uuid[]), CAST(:worker_id AS uuid[]), CAST(:id_type AS text[]), "
    "CAST(:tag AS bytea[]), CAST(:number_sealed AS bytea[]), CAST(:last_four AS text[]), "
    "CAST(:confirmed AS bool[])) AS given "
    "ON CONFLICT (tag) DO NOTHING RETURNING tag")


def _keep_documents(session: Session, rows: Sequence[tuple[object, ...]]) -> set[bytes]:
    """Write documents; the tags of those that somebody else has written at the same moment, which stay as they are."""
    if len(rows) >= MANY:
        with suppress(IntegrityError), session.begin_nested():
            copy_rows(session, WorkerDocument, DOCUMENT_COLUMNS, rows)
            return set()
    given = {name: array_text(row[at] for row in rows) for at, name in enumerate(DOCUMENT_COLUMNS)}
    kept = {bytes(tag) for tag in session.scalars(KEEP, given)}
    return {tag for row in rows if (tag := row[3]) not in kept and isinstance(tag, bytes)}


def _write_phones(session: Session, changed: Mapping[UUID, str]) -> None:
    if changed:
        session.execute(update(Worker), [
            {"id": key, "phone_sealed": WORKER_PHONE.seal(key, phone), "phone_tag": phone_tag(phone)}
            for key, phone in changed.items()])
