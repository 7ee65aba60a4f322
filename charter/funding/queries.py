"""Costs by departure, no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure
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


def costs(session: Session, campaign_id: UUID, limit: int = 2_000) -> list[CostRow]:
    """The cost lines of a campaign, by day."""
    rows = session.execute(
        select(Departure, DepartureCost).join(DepartureCost, DepartureCost.departure_id == Departure.id)
        .where(Departure.campaign_id == campaign_id).order_by(Departure.date, Departure.code).limit(limit))
    return [CostRow(found.id, found.code, found.mode, found.date, cost.kind, cost.planned_fen, cost.actual_fen)
            for found, cost in rows]
