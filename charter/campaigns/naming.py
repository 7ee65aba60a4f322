"""What campaigns are called, for those who give scopes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign

__all__ = ["campaign_names"]


def campaign_names(session: Session) -> list[tuple[str, str]]:
    """Id and name of each campaign, the newest first."""
    rows = session.execute(select(Campaign.id, Campaign.name).order_by(Campaign.starts_on.desc(), Campaign.name))
    return [(str(key), name) for key, name in rows]
