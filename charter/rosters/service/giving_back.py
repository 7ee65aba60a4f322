"""Hand a list back with its bad cells marked: what stands where, and why, in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.core import audit
from charter.core.actor import current
from charter.core.i18n import gettext, language
from charter.core.problems import FieldProblem
from charter.rosters import queries
from charter.rosters.content import GOOD, opened
from charter.rosters.forms import FIELD_WORDS
from charter.rosters.giving_back.marks import HEADINGS, Marks, SheetMarks
from charter.rosters.keys import key_of
from charter.rosters.models import RosterBatch, RosterRow
from charter.rosters.problems import FileGone, NotNow
from charter.rosters.reader.headers import KEY
from charter.rosters.sealing import FILE

__all__ = ["GivenBack", "give_back"]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The file as it came, what to mark in it, and its name."""

    content: bytes
    marks: Marks
    name: str


def give_back(session: Session, batch_id: UUID) -> GivenBack:
    """What the marked workbook is made of. Raises NotFound, NotNow, FileGone."""
    batch = queries.batch(session, current(), batch_id)
    if batch.state not in ("previewed", "committing", "committed"):
        raise NotNow
    if batch.file_sealed is None:
        raise FileGone
    rows, keys = _wrong_rows(session, batch), _keys(session, batch)
    sheets = {sheet["name"]: SheetMarks(
        sheet["header_row"], sheet["places"], rows.get(sheet["name"], {}),
        again=any(heading.strip() in HEADINGS for heading in sheet["unread"]),
        keys={} if KEY in sheet["places"] else keys.get(sheet["name"], {}))
              for sheet in batch.sheets if not sheet.get("hidden")}
    audit.record(session, "roster.given_back", "roster_batch", batch.id, rows=sum(map(len, rows.values())))
    return GivenBack(FILE.open_bytes(batch.id, batch.file_sealed), Marks(HEADINGS[language() == "en"], sheets),
                     batch.file_name.rpartition(".")[0] or batch.file_name)


def _keys(session: Session, batch: RosterBatch) -> dict[str, dict[int, str]]:
    """A key for each row that is taken, so that a correction of its number is known for one."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for seq, sheet, row in session.execute(select(RosterRow.seq, RosterRow.sheet, RosterRow.row).where(
            RosterRow.batch_id == batch.id, RosterRow.status.in_(GOOD))):
        found[sheet][row] = key_of(batch.id, seq)
    return found


def _wrong_rows(session: Session, batch: RosterBatch) -> dict[str, dict[int, tuple[tuple[str, ...], str]]]:
    found: dict[str, dict[int, tuple[tuple[str, ...], str]]] = defaultdict(dict)
    for row in session.scalars(select(RosterRow).where(
            RosterRow.batch_id == batch.id, RosterRow.status == "rejected").order_by(RosterRow.seq)):
        problems = opened(batch.id, row.seq, row.content_sealed).problems
        found[row.sheet][row.row] = (tuple(one.field for one in problems), "；".join(map(_words, problems)))
    return found


def _words(problem: FieldProblem) -> str:
    colon = ": " if language() == "en" else "："
    return gettext(FIELD_WORDS[problem.field]) + colon + gettext(problem.message, **problem.params)
