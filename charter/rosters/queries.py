"""Lists and their rows as each reader may see them; scope is part of every query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, String, and_, bindparam, false, func, select, true
from sqlalchemy.orm import Session, undefer

from charter.core.actor import SYSTEM, Actor, Role
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, NotFound, Repair
from charter.people.models import Employer, Worker, WorkerDocument
from charter.registrations.models import Registration
from charter.rosters.content import opened
from charter.rosters.models import RosterBatch, RosterRow

__all__ = ["AbsentView", "BatchLine", "RowView", "SharedPhone", "absent", "absent_people", "batch", "batches", "by_id",
           "employer_name", "employer_named", "employers", "locked", "row_numbers", "rows", "shared_phones",
           "visible_batches", "with_sample"]

LEAVES = ("received", "confirmed", "planned", "offered", "booked", "left_behind", "needs_decision")


def visible_batches(actor: Actor) -> ColumnElement[bool]:
    """The lists that this actor may see, as a condition on RosterBatch."""
    scope = uuid_or_none(actor.scope_id or "")
    if actor is SYSTEM:
        return true()
    if actor.role == Role.CITY_ORGANIZER:
        return true() if actor.scope_kind is None else RosterBatch.campaign_id == scope
    if scope is None:
        return false()
    if actor.role == Role.EMPLOYER:
        return RosterBatch.employer_id == scope
    if actor.role == Role.ORIGIN_PARTNER:
        return and_(RosterBatch.source == "partner", RosterBatch.source_id == str(scope))
    if actor.role == Role.DISTRICT_ORGANIZER:
        return RosterBatch.employer_id.in_(select(Employer.id).where(Employer.district_id == scope))
    return false()


def batch(session: Session, actor: Actor, batch_id: UUID) -> RosterBatch:
    """One list. Raises NotFound for missing and foreign alike."""
    found = session.scalar(select(RosterBatch).where(RosterBatch.id == batch_id, visible_batches(actor)))
    if found is None:
        raise NotFound
    return found


def with_sample(session: Session, actor: Actor, batch_id: UUID) -> RosterBatch:
    """One list with its first rows, which are not read otherwise. Raises NotFound."""
    found = session.scalar(select(RosterBatch).options(undefer(RosterBatch.sample_sealed)).where(
        RosterBatch.id == batch_id, RosterBatch.state.in_(("refused", "previewed")), visible_batches(actor)))
    if found is None:
        raise NotFound
    return found


def locked(session: Session, actor: Actor, batch_id: UUID) -> RosterBatch:
    """The same for writing. Raises NotFound."""
    found = session.scalar(select(RosterBatch).where(RosterBatch.id == batch_id, visible_batches(actor))
                           .with_for_update())
    if found is None:
        raise NotFound
    return found


def by_id(session: Session, batch_id: UUID) -> RosterBatch | None:
    """A list for the job that works on it, locked."""
    return session.get(RosterBatch, batch_id, with_for_update=True)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A line of the list of lists."""

    batch: RosterBatch
    employer: str


def batches(session: Session, actor: Actor, campaign_id: UUID, *, limit: int = 50, page: int = 1) -> list[BatchLine]:
    """Lists of a campaign, the newest first; one more than wanted, to know of a next page."""
    found = session.execute(
        select(RosterBatch, Employer.name).join(Employer, Employer.id == RosterBatch.employer_id)
        .where(RosterBatch.campaign_id == campaign_id, visible_batches(actor))
        .order_by(RosterBatch.created_at.desc(), RosterBatch.id).offset((page - 1) * limit).limit(limit + 1))
    return [BatchLine(one, name) for one, name in found]


def employers(session: Session, actor: Actor) -> list[Employer]:
    """The employers whose lists this actor may hand in, by name, for a field that completes what is typed."""
    query = select(Employer).where(_own_employers(actor)).order_by(Employer.name).limit(2_000)
    return list(session.scalars(query))


def employer_named(session: Session, actor: Actor, written: str) -> str:
    """What was typed as an id, where it is the whole name of one employer; else as it is."""
    found = session.scalars(select(Employer.id).where(Employer.name == written, _own_employers(actor)).limit(2)).all()
    return str(found[0]) if len(found) == 1 else written


def employer_name(session: Session, found: RosterBatch) -> str:
    """The name of a list's employer."""
    return session.get_one(Employer, found.employer_id).name


def _own_employers(actor: Actor) -> ColumnElement[bool]:
    district = uuid_or_none(actor.scope("district") or "")
    return true() if district is None else Employer.district_id == district


@dataclass(frozen=True, slots=True)
class RowView:
    """One judged row with its content opened; pages and JSON mask number and phone."""

    seq: int
    sheet: str
    row: int
    status: str
    change: str | None
    registration_id: UUID | None
    worker: dict[str, object]
    repairs: tuple[Repair, ...]
    problems: tuple[FieldProblem, ...]
    undone: tuple[str, ...] = ()


def rows(session: Session, found: RosterBatch, *, limit: int, after: int = -1, offset: int = 0,
         statuses: Sequence[str] = (), changes: Sequence[str] = ()) -> list[RowView]:
    """Rows in the order of the file, after that number; read one more than wanted to know of a next page."""
    query = select(RosterRow).where(RosterRow.batch_id == found.id, RosterRow.seq > after)
    if statuses:
        query = query.where(RosterRow.status.in_(statuses))
    if changes:
        query = query.where(RosterRow.change.in_(changes))
    return [_row(one) for one in session.scalars(query.order_by(RosterRow.seq).offset(offset).limit(limit + 1))]


def _row(found: RosterRow) -> RowView:
    said = opened(found.batch_id, found.seq, found.content_sealed)
    return RowView(found.seq, found.sheet, found.row, found.status, found.change, found.registration_id, said.worker,
                   said.repairs, said.problems, tuple(said.undone))


def row_numbers(session: Session, found: RosterBatch, sheet: str, row: int) -> int:
    """The number in the list of a row of a sheet. Raises NotFound."""
    seq = session.scalar(select(RosterRow.seq).where(RosterRow.batch_id == found.id, RosterRow.sheet == sheet,
                                                     RosterRow.row == row).limit(1))
    if seq is None:
        raise NotFound
    return seq


@dataclass(frozen=True, slots=True)
class SharedPhone:
    """A phone that many people of a list share: its last four, some of their names, who hands out their passes."""

    seq: int
    people: int
    last_four: str
    names: tuple[str, ...]
    by: str


def shared_phones(session: Session, found: RosterBatch) -> list[SharedPhone]:
    """The phones that are asked about, with a few names each."""
    made = []
    for one in found.shared:
        tag = select(RosterRow.phone_tag).where(RosterRow.batch_id == found.id, RosterRow.seq == one["seq"])
        rows = session.execute(select(RosterRow.seq, RosterRow.content_sealed).where(
            RosterRow.batch_id == found.id, RosterRow.phone_tag == tag.scalar_subquery())
            .order_by(RosterRow.seq).limit(3)).all()
        workers = [opened(found.id, seq, stored).worker for seq, stored in rows]
        made.append(SharedPhone(one["seq"], one["people"], str(workers[0].get("phone") or "")[-4:] if workers else "",
                                tuple(str(worker.get("name") or "") for worker in workers), one["by"]))
    return made


@dataclass(frozen=True, slots=True)
class AbsentView:
    """Somebody who has a request and is not in the list."""

    registration_id: UUID
    name: str
    last_four: str
    origin: str
    state: str


def absent(session: Session, found: RosterBatch) -> Select[UUID]:
    """Requests of the list's employer, made before its preview, whose person is in none of its rows.

    A wrong row speaks for everybody of its name: nobody is taken for absent because his number was mistyped.
    """
    named = select(RosterRow.registration_id).where(RosterRow.batch_id == found.id,
                                                    RosterRow.registration_id.is_not(None))
    query = select(Registration.id).join(Worker, Worker.id == Registration.worker_id).where(
        Registration.campaign_id == found.campaign_id, Registration.employer_id == found.employer_id,
        Registration.state.in_(LEAVES), Registration.created_at < func.coalesce(found.previewed_at, func.now()),
        Registration.id.not_in(named))
    if found.source == "partner":
        query = query.where(Registration.source == "partner", Registration.source_id == found.source_id)
    names = _wrong_names(session, found)
    if names:
        query = query.where(Worker.name != func.all(bindparam("names", names, type_=ARRAY(String))))
    return query.order_by(Worker.name, Registration.id)


def _wrong_names(session: Session, found: RosterBatch) -> list[str]:
    wrong = session.execute(select(RosterRow.seq, RosterRow.content_sealed).where(
        RosterRow.batch_id == found.id, RosterRow.status == "rejected", RosterRow.registration_id.is_(None)))
    names = {str(opened(found.id, seq, stored).worker.get("name") or "") for seq, stored in wrong}
    return sorted(names - {""})


def absent_people(session: Session, found: RosterBatch, *, limit: int, page: int = 1) -> list[AbsentView]:
    """Who would be withdrawn if this were the whole list; one more than wanted."""
    tail = (select(WorkerDocument.last_four).where(WorkerDocument.worker_id == Worker.id)
            .order_by(WorkerDocument.id).limit(1).correlate(Worker).scalar_subquery())
    query = absent(session, found).add_columns(Worker.name, func.coalesce(tail, ""), Registration.origin,
                                               Registration.state)
    return [AbsentView(*row) for row in session.execute(query.offset((page - 1) * limit).limit(limit + 1))]
