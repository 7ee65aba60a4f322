"""Campaigns that take registrations now, as the door shows them to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Corridor
from charter.core import clock

__all__ = ["Opening", "open_campaigns", "opening"]

MODES = ("bus", "train", "flight")


@dataclass(frozen=True, slots=True)
class Opening:
    """A campaign as a worker meets it. `days`: its days from today on; `modes`: those that have a corridor."""

    id: UUID
    name: str
    name_en: str
    direction: str
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    hotline: str
    state: str
    health_declaration: bool
    health_text: str
    days: tuple[date, ...]
    modes: tuple[str, ...]

    @property
    def takes_requests(self) -> bool:
        """Whether somebody may register now."""
        return self.state == "open" and bool(self.days) and (self.opens_at is None or self.opens_at <= clock.now())


def open_campaigns(session: Session) -> list[Opening]:
    """Open campaigns that have a day left, the next one first."""
    rows = session.scalars(select(Campaign).where(Campaign.state == "open", Campaign.ends_on >= clock.today())
                           .order_by(Campaign.starts_on, Campaign.name))
    return [_opening(session, row) for row in rows]


def opening(session: Session, campaign_id: UUID) -> Opening | None:
    """One campaign that is published, or None."""
    found = session.get(Campaign, campaign_id)
    return None if found is None or found.state == "draft" else _opening(session, found)


def _opening(session: Session, row: Campaign) -> Opening:
    first = max(row.starts_on, clock.today())
    offered = set(session.scalars(select(Corridor.mode).where(Corridor.campaign_id == row.id).distinct()))
    return Opening(
        row.id, row.name, row.name_en, row.direction, row.starts_on, row.ends_on, row.opens_at, row.hotline, row.state,
        row.health_declaration, row.health_text,
        tuple(first + timedelta(days=days) for days in range((row.ends_on - first).days + 1)),
        tuple(mode for mode in MODES if mode in offered) or MODES)
