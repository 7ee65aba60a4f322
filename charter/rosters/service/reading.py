"""The steps of reading a list into rows: begin, keep a batch of rows, finish or refuse. Each is one transaction.

A step that finds the list cancelled says so, and a process that begins again goes on after the rows that are kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.bulk import copy_rows
from charter.core.problems import Problem
from charter.people.sealing import phone_tag
from charter.people.service.workers import PersonIn, find_many
from charter.registrations.models import Registration
from charter.registrations.service import Outcome, preview_many
from charter.rosters import queries
from charter.rosters.content import GOOD, request_of, sealed
from charter.rosters.giving_back.marks import KEY_HEADINGS
from charter.rosters.keys import earlier_requests
from charter.rosters.models import RosterBatch, RosterHeading, RosterRow
from charter.rosters.reader.headers import KEY
from charter.rosters.reader.refusals import Refused
from charter.rosters.reader.result import FIGURES, RowResult, SheetResult
from charter.rosters.sealing import FILE, SAMPLE
from charter.rosters.service.sharing import find_shared
from charter.rosters.service.uploading import NO_CHANGES, NO_ROWS

__all__ = ["Work", "added", "begin", "count_absent", "ended", "expect", "fail", "finish", "foreseen", "keep", "refuse"]

COLUMNS = ("batch_id", "seq", "sheet", "row", "status", "content_sealed", "change", "registration_id", "phone_tag")
WHICH = {status: figure for figure, status in FIGURES.items()}


@dataclass(frozen=True, slots=True)
class Work:
    """A list to be read, from its `done`-th row on; `today` is the day that it was handed in."""

    content: bytes
    headings: dict[str, str]
    today: date
    done: int


def begin(session: Session, batch_id: UUID) -> Work | None:
    """Take a list up to read it; None where there is nothing (more) to read."""
    batch = queries.by_id(session, batch_id)
    if batch is None or batch.state not in ("queued", "reading"):
        return None
    if batch.file_sealed is None:
        batch.state = "failed"
        return None
    batch.state = "reading"
    headings = dict(session.execute(select(RosterHeading.heading, RosterHeading.field).where(
        RosterHeading.employer_id == batch.employer_id)).all()) | dict.fromkeys(KEY_HEADINGS, KEY)
    return Work(FILE.open_bytes(batch.id, batch.file_sealed), headings, clock.local(batch.created_at).date(),
                batch.done)


def expect(session: Session, batch_id: UUID, rows: int) -> None:
    """About so many rows are going to be read."""
    batch = queries.by_id(session, batch_id)
    if batch is not None and batch.state == "reading":
        batch.total = rows


def ended(session: Session, batch_id: UUID) -> bool:
    """Whether nothing is left to be done beside an act."""
    batch = session.get(RosterBatch, batch_id)
    return batch is None or batch.state not in ("queued", "reading", "committing")


def keep(session: Session, batch_id: UUID, first: int, rows: Sequence[RowResult]) -> bool:
    """Write judged rows, the first of them numbered `first`; False where the list is not being read any more."""
    batch = queries.by_id(session, batch_id)
    if batch is None or batch.state != "reading" or batch.done != first:
        return False
    changes = _changes(session, batch, rows)
    copy_rows(session, RosterRow, COLUMNS, (
        (batch.id, seq, row.sheet, row.row, row.status, sealed(batch.id, seq, row), *changes[seq - first],
         phone_tag(row.worker["phone"]) if row.status in GOOD else None)
        for seq, row in enumerate(rows, first)))
    batch.done += len(rows)
    batch.total = max(batch.total, batch.done)
    batch.summary = added(batch.summary, Counter(WHICH[row.status] for row in rows))
    batch.changes = added(batch.changes, Counter(change for change, _ in changes if change))
    return True


def added(before: dict[str, int], more: Counter[str]) -> dict[str, int]:
    """Figures with more counted in."""
    return {figure: count + more[figure] for figure, count in before.items()}


def _changes(session: Session, batch: RosterBatch, rows: Sequence[RowResult]) -> list[tuple[str | None, UUID | None]]:
    """What a commit would do with each row, and the request that the person has at this employer."""
    good = [place for place, row in enumerate(rows) if row.status in GOOD]
    outcomes = foreseen(session, batch, [rows[place].worker for place in good], [rows[place].key for place in good])
    found: list[tuple[str | None, UUID | None]] = [(None, None)] * len(rows)
    for place, outcome in zip(good, outcomes, strict=True):
        found[place] = outcome.change, outcome.registration_id
    for place, key in _recognized(session, batch, rows).items():
        found[place] = None, key
    return found


def foreseen(session: Session, batch: RosterBatch, workers: Sequence[Mapping[str, Any]],
             keys: Sequence[str]) -> list[Outcome]:
    """What a commit would do with good rows."""
    campaign = session.get_one(Campaign, batch.campaign_id)
    return preview_many(session, batch.campaign_id, batch.employer_id,
                        [request_of(worker, campaign) for worker in workers], source=batch.source,
                        source_id=batch.source_id, earlier=earlier_requests(session, batch, keys))


def _recognized(session: Session, batch: RosterBatch, rows: Sequence[RowResult]) -> dict[int, UUID]:
    """The requests of people whose row is wrong elsewhere than in the document: they are not absent."""
    places = [place for place, row in enumerate(rows) if row.status not in GOOD and row.worker.get("id_type")
              and not any(problem.field == "id_number" for problem in row.problems)]
    people = find_many(session, [PersonIn("", rows[place].worker["id_type"], rows[place].worker["id_number"])
                                 for place in places])
    known = {one.worker_id for one in people if one}
    requests = dict(session.execute(select(Registration.worker_id, Registration.id).where(
        Registration.campaign_id == batch.campaign_id, Registration.employer_id == batch.employer_id,
        Registration.worker_id.in_(known), Registration.state.not_in(("withdrawn", "rejected")))).all())
    return {place: requests[one.worker_id] for place, one in zip(places, people, strict=True)
            if one and one.worker_id in requests}


def finish(session: Session, batch_id: UUID, sheets: Sequence[SheetResult]) -> None:
    """All rows are kept: the list can be looked at. `withdrawn` counts who would be if it were the whole list."""
    batch = queries.by_id(session, batch_id)
    if batch is None or batch.state != "reading":
        return
    batch.state, batch.previewed_at, batch.total = "previewed", clock.now(), batch.done
    batch.sheets = [{**sheet.as_json(), "unread": list(sheet.unread), "places": dict(sheet.places)} for sheet in sheets]
    for sheet in batch.sheets:
        sheet["columns"].pop(KEY, None)
    _keep_sample(batch, next((sheet.sample for sheet in sheets if sheet.sample), ()))
    session.flush()
    batch.changes = {**batch.changes, "withdrawn": count_absent(session, batch)}
    find_shared(session, batch)
    audit.record(session, "roster.read", "roster_batch", batch.id, **batch.summary)


def count_absent(session: Session, batch: RosterBatch) -> int:
    """How many people of the employer are not in the list."""
    return session.scalar(select(func.count()).select_from(queries.absent(session, batch).subquery())) or 0


def _keep_sample(batch: RosterBatch, sample: Sequence[Any]) -> None:
    if sample:
        text = json.dumps(sample, ensure_ascii=False).encode("utf-8", "replace")
        batch.sample_sealed = SAMPLE.seal_bytes(batch.id, text)


def refuse(session: Session, batch_id: UUID, problem: Refused) -> None:
    """The file is no list: nothing of it stays but, where somebody might name its columns, a few rows."""
    batch = queries.by_id(session, batch_id)
    if batch is None or batch.state != "reading":
        return
    session.execute(delete(RosterRow).where(RosterRow.batch_id == batch.id))
    batch.state, batch.refusal_code, batch.refusal_message = "refused", problem.code, problem.message
    batch.summary, batch.changes, batch.done, batch.total = NO_ROWS, NO_CHANGES, 0, 0
    _keep_sample(batch, problem.sample)
    audit.record(session, "roster.refused", "roster_batch", batch.id, code=problem.code)


def fail(session: Session, batch_id: UUID, problem: Problem | None = None) -> None:
    """What is done beside an act did not come to its end; what was taken before stays, and taking again harms not."""
    batch = queries.by_id(session, batch_id)
    if batch is None or batch.state not in ("queued", "reading", "committing"):
        return
    batch.state = "failed"
    if problem is not None:
        batch.refusal_code, batch.refusal_message = problem.code, problem.message
    audit.record(session, "roster.failed", "roster_batch", batch.id)
