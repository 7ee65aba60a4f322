"""JSON of campaigns that are published."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core.api import Answer, call
from charter.core.db import ask
from charter.core.routes import PUBLIC

__all__ = ["bp"]

bp = Blueprint("campaigns_api", __name__)


class CampaignAnswer(Answer):
    """A campaign."""

    id: str
    name: str
    direction: str
    destination: str
    starts_on: date
    ends_on: date
    state: str
    hotline: str


class CampaignsAnswer(Answer):
    """All that are open."""

    items: list[CampaignAnswer]
    next: str | None = None


@call(bp, "GET", "/api/v1/campaigns", roles=PUBLIC, answer=CampaignsAnswer)
def campaigns() -> CampaignsAnswer:
    """The campaigns that are open, newest first."""
    return ask(_open)


def _open(session: Session) -> CampaignsAnswer:
    rows = session.scalars(select(Campaign).where(Campaign.state == "open").order_by(Campaign.starts_on.desc())
                           .limit(200))
    return CampaignsAnswer(items=[CampaignAnswer(
        id=str(row.id), name=row.name, direction=row.direction, destination=row.destination, starts_on=row.starts_on,
        ends_on=row.ends_on, state=row.state, hotline=row.hotline) for row in rows])
