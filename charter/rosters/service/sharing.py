"""Phones that many people of a list share: the clerk says who hands these people their passes, and it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.core import audit
from charter.core.actor import current
from charter.core.problems import Invalid
from charter.people.rules.text import judge_plain
from charter.registrations.service import hand_passes_by, pass_bearers
from charter.rosters import queries
from charter.rosters.content import GOOD
from charter.rosters.models import RosterBatch, RosterRow
from charter.rosters.problems import NotNow

__all__ = ["MANY", "find_shared", "keep_bearers", "name_bearers"]

MANY, MOST, NAME = 4, 50, 50  # people who share a phone; phones that are asked about; characters of a name


def find_shared(session: Session, batch: RosterBatch) -> None:
    """Note the phones that at least MANY good rows share, with who was named for them before."""
    found = session.execute(
        select(RosterRow.phone_tag, func.min(RosterRow.seq), func.count()).where(
            RosterRow.batch_id == batch.id, RosterRow.status.in_(GOOD), RosterRow.phone_tag.is_not(None))
        .group_by(RosterRow.phone_tag).having(func.count() >= MANY)
        .order_by(func.count().desc(), func.min(RosterRow.seq)).limit(MOST)).all()
    named = pass_bearers(session, batch.campaign_id, batch.employer_id, [tag for tag, _, _ in found if tag])
    batch.shared = [{"seq": seq, "people": people, "by": named.get(tag or b"", "")} for tag, seq, people in found]


def name_bearers(session: Session, batch_id: UUID, names: Mapping[int, str]) -> None:
    """Who hands out the passes of the people who share the phone of that row; "" for nobody.

    Raises NotFound, NotNow, Invalid for a name of more than 50 characters.
    """
    batch = queries.locked(session, current(), batch_id)
    if batch.state != "previewed":
        raise NotNow
    judged = {seq: judge_plain(name, field=f"by-{seq}", limit=NAME) for seq, name in names.items()}
    wrong = [one.problem for one in judged.values() if one.problem is not None]
    if wrong:
        raise Invalid(errors=wrong)
    batch.shared = [{**one, "by": judged[one["seq"]].value or "" if one["seq"] in judged else one["by"]}
                    for one in batch.shared]
    audit.record(session, "roster.bearers_named", "roster_batch", batch.id, phones=len(judged))


def keep_bearers(session: Session, batch: RosterBatch) -> None:
    """Write at the requests of the list who hands out their passes."""
    for one in batch.shared:
        tag = session.scalar(select(RosterRow.phone_tag).where(RosterRow.batch_id == batch.id,
                                                               RosterRow.seq == one["seq"]))
        if tag is not None:
            hand_passes_by(session, batch.campaign_id, batch.employer_id, tag, one["by"])
