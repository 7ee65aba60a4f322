"""Plans as the reader may see them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.planning.models import Plan

__all__ = ["newest_campaign", "plan", "plans"]


def plan(session: Session, plan_id: UUID) -> Plan:
    """One plan. Raises NotFound."""
    found = session.get(Plan, plan_id)
    if found is None or current().scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    return found


def newest_campaign(session: Session) -> Campaign:
    """The newest campaign that the caller may plan. Raises NotFound."""
    query = select(Campaign).order_by(Campaign.created_at.desc()).limit(1)
    only = current().scope("campaign")
    found = session.scalar(query.where(Campaign.id == UUID(only)) if only else query)
    if found is None:
        raise NotFound
    return found


def plans(session: Session, campaign_id: UUID, limit: int = 30) -> list[Plan]:
    """The campaign's plans, newest first."""
    return list(session.scalars(select(Plan).where(Plan.campaign_id == campaign_id)
                                .order_by(Plan.created_at.desc()).limit(limit)))
