"""A safe repair that the clerk does not agree with: undone at its row, which then waits to be mended, or restored."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.core import audit
from charter.core.actor import current
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, NotFound
from charter.people.rules.text import clean
from charter.rosters import queries
from charter.rosters.content import Content, opened, sealed
from charter.rosters.models import RosterBatch, RosterRow
from charter.rosters.problems import NotNow
from charter.rosters.service.reading import count_absent, foreseen

__all__ = ["UNDONE", "restore_repair", "undo_repair"]

UNDONE = "repair_undone"
MESSAGE = N_("您撤销了这一格的自动修正；请改成正确的内容，或者恢复修正")


def undo_repair(session: Session, batch_id: UUID, seq: int, field: str) -> None:
    """The field stands again as written, and its row is not taken. Again gives the same. Raises NotFound, NotNow."""
    batch, row, said = _found(session, batch_id, seq)
    if field in said.undone:
        return
    before = next((one.before for one in said.repairs if one.field == field), None)
    if before is None or (row.status != "repaired" and not said.undone):
        raise NotFound
    kept = replace(said, worker={**said.worker, field: clean(before).trimmed},
                   problems=(*said.problems, FieldProblem(field, UNDONE, MESSAGE)),
                   undone={**said.undone, field: said.worker[field]})
    _write(session, batch, row, kept, "rejected", None)
    audit.record(session, "roster.repair_undone", "roster_batch", batch.id, row=row.row, field=field)


def restore_repair(session: Session, batch_id: UUID, seq: int, field: str) -> None:
    """The repair counts after all. Again gives the same. Raises NotFound, NotNow."""
    batch, row, said = _found(session, batch_id, seq)
    if field not in said.undone:
        if any(one.field == field for one in said.repairs):
            return
        raise NotFound
    left = {name: value for name, value in said.undone.items() if name != field}
    kept = replace(said, worker={**said.worker, field: said.undone[field]}, undone=left, problems=tuple(
        one for one in said.problems if one.field != field or one.code != UNDONE))
    change = None if left else foreseen(session, batch, [kept.worker], [kept.key])[0].change
    _write(session, batch, row, kept, "rejected" if left else "repaired", change)
    audit.record(session, "roster.repair_restored", "roster_batch", batch.id, row=row.row, field=field)


def _found(session: Session, batch_id: UUID, seq: int) -> tuple[RosterBatch, RosterRow, Content]:
    batch = queries.locked(session, current(), batch_id)
    if batch.state != "previewed":
        raise NotNow
    row = session.scalar(select(RosterRow).where(RosterRow.batch_id == batch.id, RosterRow.seq == seq))
    if row is None:
        raise NotFound
    return batch, row, opened(batch.id, seq, row.content_sealed)


def _write(session: Session, batch: RosterBatch, row: RosterRow, said: Content, status: str,
           change: str | None) -> None:
    """The row with its new verdict, and the figures of the list."""
    figures, changes = dict(batch.summary), dict(batch.changes)
    for verdict, step in ((row.status, -1), (status, 1)):
        figures[verdict] += step
    for kind, step in ((row.change, -1), (change, 1)):
        if kind is not None:
            changes[kind] += step
    row.content_sealed, row.status, row.change = sealed(batch.id, row.seq, said), status, change
    session.flush()
    batch.summary, batch.changes = figures, {**changes, "withdrawn": count_absent(session, batch)}
