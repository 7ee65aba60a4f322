"""JSON of campaigns that are published."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core.api import Answer, call, page_wanted
from charter.core.db import ask
from charter.core.paging import Paging
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
    """A page of those that are published."""

    items: list[CampaignAnswer]
    next: str | None = None


@call(bp, "GET", "/api/v1/campaigns", roles=PUBLIC, answer=CampaignsAnswer, query=("cursor", "limit"))
def campaigns() -> CampaignsAnswer:
    """The campaigns that are published, newest first."""
    wanted = page_wanted()
    rows, after = wanted.page(ask(_published, wanted), lambda row: (row.starts_on.isoformat(), str(row.id)))
    return CampaignsAnswer(next=after, items=[CampaignAnswer(
        id=str(row.id), name=row.name, direction=row.direction, destination=row.destination, starts_on=row.starts_on,
        ends_on=row.ends_on, state=row.state, hotline=row.hotline) for row in rows])


def _published(session: Session, wanted: Paging) -> list[Campaign]:
    query = select(Campaign).where(Campaign.state != "draft")
    if wanted.after is not None:
        query = query.where(tuple_(Campaign.starts_on, Campaign.id)
                            < tuple_(date.fromisoformat(wanted.after[0]), UUID(wanted.after[1])))
    return list(session.scalars(query.order_by(Campaign.starts_on.desc(), Campaign.id.desc()).limit(wanted.limit + 1)))
