"""Acts of the person who hands a list in: hand in, cancel, say what a heading means; and the end of a file's time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from charter.access.service import limits
from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.actor import Actor, current
from charter.core.api import TooLarge
from charter.core.deferral import defer
from charter.core.ids import new_uuid
from charter.core.problems import NotFound
from charter.registrations.problems import CampaignClosed
from charter.registrations.service import employer_for, source_of
from charter.rosters import queries
from charter.rosters.models import RosterBatch, RosterHeading, RosterRow
from charter.rosters.problems import FileGone, NotNow, TooManyLists
from charter.rosters.reader.headers import FIELDS, POSITION, plain
from charter.rosters.reader.limits import FILE_BYTES
from charter.rosters.sealing import FILE

__all__ = ["KEPT_DAYS", "NO_CHANGES", "NO_ROWS", "cancel", "explain", "forget_old", "queue", "upload"]

KEPT_DAYS = 30
LISTS_AN_HOUR = 120  # of one caller; an organizer hands in for many employers
NO_ROWS = {"accepted": 0, "repaired": 0, "rejected": 0, "duplicates": 0}
NO_CHANGES = {"new": 0, "changed": 0, "unchanged": 0, "withdrawn": 0, "needs_decision": 0}
CONTROLS = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def upload(session: Session, actor: Actor, campaign_id: UUID, employer: str | None, file_name: str,
           content: bytes) -> RosterBatch:
    """A queued list with its file sealed. `employer` is an id or credit code, needed of those who are no employer.

    Raises NotFound, CampaignClosed, TooLarge, TooManyLists, Invalid at field `employer`.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.state == "draft" or actor.scope("campaign") not in (None, str(campaign_id)):
        raise NotFound
    if campaign.state != "open":
        raise CampaignClosed
    if len(content) > FILE_BYTES:
        raise TooLarge
    if not limits.take(session, f"roster|{actor.caller}", times=LISTS_AN_HOUR, within=timedelta(hours=1)):
        raise TooManyLists
    employer_id = employer_for(session, actor, employer)
    source, source_id = source_of(actor)
    key = new_uuid()
    batch = RosterBatch(id=key, campaign_id=campaign_id, employer_id=employer_id, source=source, source_id=source_id,
                        file_name=shown_name(file_name), file_sealed=FILE.seal_bytes(key, content),
                        file_bytes=len(content), summary=NO_ROWS, changes=NO_CHANGES)
    session.add(batch)
    session.flush()
    queue(session, batch)
    audit.record(session, "roster.uploaded", "roster_batch", key, bytes=len(content),
                 sha256=hashlib.sha256(content).hexdigest()[:16])
    return batch


def queue(session: Session, batch: RosterBatch) -> None:
    """Have the list's next step done beside the act, once this has committed."""
    defer(session, "rosters.run", batch_id=str(batch.id))


def shown_name(written: str) -> str:
    """The file's own name for people to read; it is never a path to anything."""
    bare = CONTROLS.sub("", written.replace("\\", "/").rpartition("/")[2]).strip()
    return bare[-200:] or "-"


def cancel(session: Session, batch_id: UUID) -> RosterBatch:
    """Leave the list. Before a commit nothing was written; during one, what was taken stays and is counted.
    Again gives the same. Raises NotFound, NotNow."""
    batch = queries.locked(session, current(), batch_id)
    if batch.state == "cancelled":
        return batch
    if batch.state not in ("queued", "reading", "previewed", "committing"):
        raise NotNow
    if batch.state != "committing":
        session.execute(delete(RosterRow).where(RosterRow.batch_id == batch.id))
        batch.summary, batch.changes, batch.done, batch.total = NO_ROWS, NO_CHANGES, 0, 0
    batch.state = "cancelled"
    audit.record(session, "roster.cancelled", "roster_batch", batch.id)
    return batch


def explain(session: Session, batch_id: UUID, meanings: Mapping[str, str]) -> RosterBatch:
    """Remember for the employer what headings mean ("" for one that is not read), or columns of a list without a header
    ("#1" the first), and read the list again.

    Raises NotFound, NotNow, FileGone.
    """
    batch = queries.locked(session, current(), batch_id)
    if batch.state not in ("previewed", "refused"):
        raise NotNow
    if batch.file_sealed is None:
        raise FileGone
    for heading, field in meanings.items():
        word = heading if POSITION.fullmatch(heading) else plain(heading)[:200]
        if word and (field in FIELDS or not field):
            session.execute(upsert(RosterHeading).values(employer_id=batch.employer_id, heading=word, field=field)
                            .on_conflict_do_update(index_elements=["employer_id", "heading"], set_={"field": field}))
    session.execute(delete(RosterRow).where(RosterRow.batch_id == batch.id))
    batch.state, batch.done, batch.total, batch.sheets, batch.sample_sealed = "queued", 0, 0, [], None
    batch.summary, batch.changes, batch.refusal_code, batch.refusal_message = NO_ROWS, NO_CHANGES, None, None
    queue(session, batch)
    audit.record(session, "roster.explained", "roster_batch", batch.id, headings=len(meanings))
    return batch


def forget_old(session: Session) -> int:
    """Delete files and rows' contents after 30 days; how many lists lost theirs. Figures and verdicts stay."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    old = session.scalars(select(RosterBatch.id).where(RosterBatch.created_at < before,
                                                       RosterBatch.file_sealed.is_not(None)).limit(200)).all()
    if old:
        session.execute(update(RosterBatch).where(RosterBatch.id.in_(old)).values(file_sealed=None, sample_sealed=None))
        session.execute(update(RosterRow).where(RosterRow.batch_id.in_(old)).values(content_sealed=None))
    return len(old)
