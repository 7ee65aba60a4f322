"""Plans as the reader may see them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from charter.core.actor import current
from charter.core.problems import NotFound
from charter.planning.models import Plan

__all__ = ["HEAVY", "plan", "plans", "progress"]

HEAVY = (Plan.instance_gz, Plan.plan_gz, Plan.feeder_instance_gz, Plan.feeder_plan_gz, Plan.left_behind, Plan.history)


def plan(session: Session, plan_id: UUID) -> Plan:
    """One plan. Raises NotFound."""
    found = session.get(Plan, plan_id)
    if found is None or current().scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    return found


def plans(session: Session, campaign_id: UUID, limit: int = 30) -> list[Plan]:
    """The campaign's plans, newest first."""
    return list(session.scalars(select(Plan).where(Plan.campaign_id == campaign_id)
                                .options(*(defer(column) for column in HEAVY))
                                .order_by(Plan.created_at.desc()).limit(limit)))


def progress(session: Session, plan_id: UUID) -> Plan:
    """One plan without its files: how far it is. Raises NotFound."""
    found = session.scalar(select(Plan).where(Plan.id == plan_id).options(
        *(defer(column) for column in HEAVY if column is not Plan.history)))
    if found is None or current().scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    return found
