"""Taking a list: the good rows become requests, a batch of rows a transaction; then, only if wished, who is absent
from it is withdrawn."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.bookings.service import withdraw_registration
from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.registrations.problems import CampaignClosed
from charter.registrations.service import register_many
from charter.rosters import queries
from charter.rosters.content import GOOD, opened, request_of
from charter.rosters.models import RosterBatch, RosterRow
from charter.rosters.problems import NotNow
from charter.rosters.service.reading import added
from charter.rosters.service.uploading import NO_CHANGES, queue

__all__ = ["commit", "take_some", "withdraw_some"]

ROWS, PEOPLE = 2_000, 200  # of one transaction


def commit(session: Session, batch_id: UUID, *, withdraw: bool = False) -> RosterBatch:
    """Take the good rows; with `withdraw` the list is the whole one, and who is absent from it comes no more.

    Again gives the same. Raises NotFound, NotNow, CampaignClosed.
    """
    batch = queries.locked(session, current(), batch_id)
    if batch.state in ("committing", "committed") and batch.withdraws == withdraw:
        return batch
    if batch.state != "previewed":
        raise NotNow
    campaign = session.get(Campaign, batch.campaign_id)
    if campaign is None:
        raise NotFound
    if campaign.state != "open":
        raise CampaignClosed
    batch.state, batch.withdraws, batch.done, batch.changes = "committing", withdraw, 0, NO_CHANGES
    queue(session, batch)
    audit.record(session, "roster.committing", "roster_batch", batch.id, withdraw=withdraw)
    return batch


def take_some(session: Session, batch_id: UUID) -> bool:
    """Take the next rows; False when none are left or the list is not being taken. Raises CampaignClosed."""
    batch = queries.by_id(session, batch_id)
    if batch is None or batch.state != "committing" or batch.done >= batch.total:
        return False
    rows = session.scalars(select(RosterRow).where(
        RosterRow.batch_id == batch.id, RosterRow.seq >= batch.done, RosterRow.seq < batch.done + ROWS)
        .order_by(RosterRow.seq)).all()
    good = [row for row in rows if row.status in GOOD]
    campaign = session.get_one(Campaign, batch.campaign_id)
    requests = [request_of(opened(batch.id, row.seq, row.content_sealed).worker, campaign) for row in good]
    outcomes = register_many(session, batch.campaign_id, batch.employer_id, requests, source=batch.source,
                             source_id=batch.source_id)
    session.execute(update(RosterRow), [
        {"batch_id": batch.id, "seq": row.seq, "change": outcome.change, "registration_id": outcome.registration_id}
        for row, outcome in zip(good, outcomes, strict=True)]) if good else None
    batch.done = min(batch.done + ROWS, batch.total)
    batch.changes = added(batch.changes, Counter(outcome.change for outcome in outcomes))
    return True


def withdraw_some(session: Session, batch_id: UUID) -> bool:
    """Withdraw the next absent people, where that was wished, or come to the end; False at the end."""
    batch = queries.by_id(session, batch_id)
    if batch is None or batch.state != "committing" or batch.done < batch.total:
        return False
    absent = session.scalars(queries.absent(session, batch).limit(PEOPLE)).all() if batch.withdraws else []
    for registration_id in absent:
        withdraw_registration(session, registration_id)
    batch.changes = added(batch.changes, Counter(withdrawn=len(absent)))
    if len(absent) == PEOPLE:
        return True
    batch.state, batch.committed_at = "committed", clock.now()
    audit.record(session, "roster.committed", "roster_batch", batch.id, changes=batch.changes)
    return False
