"""What waits for an organizer now: decisions, vehicles without crew, messages that failed, plans not yet published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from charter.campaigns.models import Campaign, Departure
from charter.core.actor import Actor, Role
from charter.insight.trips import DepartureRow, Filters, departures
from charter.insight.unusual import of
from charter.notices.models import Outbox
from charter.planning.models import FINISHED, Plan
from charter.planning.queries import HEAVY

__all__ = ["Waiting", "Watched", "waiting", "watched"]

SOON = timedelta(hours=48)
FAILED_SINCE = timedelta(days=3)
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Waiting:
    """Counts of what waits, within the reader's rights; `plan` is the newest plan that is ready."""

    without_crew: int
    failed_messages: int
    plan: Plan | None


def waiting(session: Session, actor: Actor, campaign: Campaign, now: datetime) -> Waiting:
    """What an organizer may have to do today."""
    crew = session.scalar(select(func.count()).select_from(Departure).where(
        Departure.campaign_id == campaign.id, Departure.crew_name == "", Departure.departs_at < now + SOON,
        Departure.state.in_(("planned", "open", "closed", "boarding"))))
    if actor.role != Role.CITY_ORGANIZER:
        return Waiting(crew or 0, 0, None)
    failed = session.scalar(select(func.count()).select_from(Outbox).where(
        Outbox.campaign_id == campaign.id, Outbox.state == "failed", Outbox.created_at > now - FAILED_SINCE))
    newest = session.scalars(select(Plan).where(Plan.campaign_id == campaign.id)
                             .options(*(defer(column) for column in HEAVY))
                             .order_by(Plan.created_at.desc()).limit(1)).first()
    return Waiting(crew or 0, failed or 0, newest if newest and newest.state in FINISHED else None)


@dataclass(frozen=True, slots=True)
class Watched:
    """A departure of these hours with what is unusual about it (tone, message id)."""

    row: DepartureRow
    unusual: tuple[tuple[str, str], ...]


def watched(session: Session, actor: Actor, campaign: Campaign, now: datetime) -> list[Watched]:
    """Departures on the road, boarding or leaving within a day, the unusual ones first, then by time."""
    near = Filters(since=now - timedelta(hours=36), until=now + timedelta(hours=24))
    rows = departures(session, actor, campaign, near, limit=400)
    everybody = actor.scope("district") is None
    found = [Watched(row, tuple(of(row, now, counts_all=everybody))) for row in rows
             if row.state not in ("arrived", "called_off")]
    pressing = {"stop": 0, "look": 1}
    return sorted(found, key=lambda one: (min((pressing[tone] for tone, _ in one.unusual), default=2),
                                          one.row.departs_at))[:SHOWN]
