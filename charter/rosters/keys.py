"""The key that a row of a workbook carries when it goes back to its employer: which list and which row it was."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.core.bulk import any_of
from charter.rosters.models import RosterBatch, RosterRow
from charter.rosters.reader.headers import ROW_KEY

__all__ = ["earlier_requests", "key_of"]


def key_of(batch_id: UUID, seq: int) -> str:
    """What stands in the column of keys. It opens nothing: only its own employer's lists are looked at."""
    return f"{batch_id.hex}-{seq}"


def earlier_requests(session: Session, found: RosterBatch, keys: Sequence[str]) -> list[UUID | None]:
    """The request that came of each key's row, in the same order; None for no key and for a foreign one."""
    read = [ROW_KEY.fullmatch(key) for key in keys]
    batches = {UUID(one[1]) for one in read if one}
    if not batches:
        return [None] * len(keys)
    query = select(RosterRow.batch_id, RosterRow.seq, RosterRow.registration_id).join(
        RosterBatch, RosterBatch.id == RosterRow.batch_id).where(
        any_of(RosterRow.batch_id, batches), any_of(RosterRow.seq, {int(one[2]) for one in read if one}),
        RosterBatch.campaign_id == found.campaign_id, RosterBatch.employer_id == found.employer_id)
    if found.source == "partner":
        query = query.where(RosterBatch.source == "partner", RosterBatch.source_id == found.source_id)
    known = {(batch, seq): request for batch, seq, request in session.execute(query)}
    return [known.get((UUID(one[1]), int(one[2]))) if one else None for one in read]
