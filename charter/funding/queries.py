"""Costs by departure, no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Departure
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.funding.models import DepartureCost

__all__ = ["CostRow", "costs"]


@dataclass(frozen=True, slots=True)
class CostRow:
    """One departure's cost line, whole fen."""

    departure_id: int
    code: str
    mode: str
    date: date
    kind: str
    planned_fen: int
    actual_fen: int | None


def costs(session: Session, limit: int = 2_000) -> list[CostRow]:
    """The cost lines of the newest campaign that the caller may see, by day. Raises NotFound without any campaign."""
    newest = select(Campaign.id).order_by(Campaign.created_at.desc()).limit(1)
    only = current().scope("campaign")
    campaign = session.scalar(newest.where(Campaign.id == UUID(only)) if only else newest)
    if campaign is None:
        raise NotFound
    rows = session.execute(
        select(Departure, DepartureCost).join(DepartureCost, DepartureCost.departure_id == Departure.id)
        .where(Departure.campaign_id == campaign).order_by(Departure.date, Departure.code).limit(limit))
    return [CostRow(found.id, found.code, found.mode, found.date, cost.kind, cost.planned_fen, cost.actual_fen)
            for found, cost in rows]
