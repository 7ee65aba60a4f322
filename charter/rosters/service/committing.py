"""Taking a list: the good rows become requests, a batch of rows a transaction; then, only if wished, who is absent
from it is withdrawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from charter.bookings.service import withdraw_registration
from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.bulk import array_text, expect_growth
from charter.core.problems import NotFound
from charter.registrations.problems import CampaignClosed
from charter.registrations.service import Outcome, register_many
from charter.rosters import queries
from charter.rosters.content import GOOD, request_of, taken
from charter.rosters.keys import earlier_requests
from charter.rosters.models import RosterBatch, RosterRow
from charter.rosters.problems import NotNow, Stopped
from charter.rosters.service.reading import added
from charter.rosters.service.sharing import keep_bearers
from charter.rosters.service.uploading import NO_CHANGES, queue

__all__ = ["commit", "portions_left", "take_portion", "withdraw_some"]

PORTION, PEOPLE = 4_000, 200  # rows and people of one transaction


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
    batch.portions = []
    queue(session, batch)
    audit.record(session, "roster.committing", "roster_batch", batch.id, withdraw=withdraw)
    return batch


def portions_left(session: Session, batch_id: UUID) -> list[int]:
    """The portions that are still to be taken; each is a run of PORTION rows."""
    batch = session.get(RosterBatch, batch_id)
    if batch is None or batch.state != "committing":
        return []
    return sorted(set(range(-(-batch.total // PORTION))) - set(batch.portions))


def take_portion(session: Session, batch_id: UUID, portion: int) -> bool:
    """Take a run of rows; False where the list is not being taken (any more), and then nothing is written.

    Several portions may be taken at the same time: the list itself is locked at the end only. Raises CampaignClosed,
    AlreadyRegistered where somebody else registers one of the people at this moment.
    """
    batch = session.get(RosterBatch, batch_id)
    if batch is None or batch.state != "committing" or portion in batch.portions:
        return batch is not None and batch.state == "committing"
    first = portion * PORTION
    expect_growth(session)
    rows = session.execute(select(RosterRow.seq, RosterRow.content_sealed).where(
        RosterRow.batch_id == batch.id, RosterRow.seq >= first, RosterRow.seq < first + PORTION,
        RosterRow.status.in_(GOOD)).order_by(RosterRow.seq)).all()
    campaign = session.get_one(Campaign, batch.campaign_id)
    said = [taken(batch.id, seq, stored) for seq, stored in rows]
    outcomes = register_many(session, batch.campaign_id, batch.employer_id,
                             [request_of(worker, campaign, upgraded=upgraded) for worker, _, upgraded in said],
                             source=batch.source, source_id=batch.source_id,
                             earlier=earlier_requests(session, batch, [key for _, key, _ in said]))
    _write(session, batch.id, [seq for seq, _ in rows], outcomes)
    session.refresh(batch, with_for_update=True)
    if batch.state != "committing":
        raise Stopped
    batch.portions = sorted({*batch.portions, portion})
    batch.done += min(PORTION, batch.total - first)
    batch.changes = added(batch.changes, Counter(outcome.change for outcome in outcomes))
    return True


def _write(session: Session, batch_id: UUID, rows: Sequence[int], outcomes: Sequence[Outcome]) -> None:
    """What was done with each row."""
    session.execute(text(
        "UPDATE roster_row SET change = made.change, registration_id = made.id "
        "FROM unnest(CAST(:rows AS int[]), CAST(:changes AS text[]), CAST(:ids AS uuid[])) AS made(seq, change, id) "
        "WHERE batch_id = :batch AND roster_row.seq = made.seq"),
        {"batch": batch_id, "rows": array_text(rows), "changes": array_text(one.change for one in outcomes),
         "ids": array_text(one.registration_id for one in outcomes)})


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
    keep_bearers(session, batch)
    batch.state, batch.committed_at = "committed", clock.now()
    audit.record(session, "roster.committed", "roster_batch", batch.id, changes=batch.changes)
    return False
