"""What campaigns and vehicles are called."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Departure
from charter.core.i18n import N_, gettext

__all__ = ["campaign_names", "coach_number", "named"]

NUMBER = N_("%(number)s号车")


def campaign_names(session: Session) -> list[tuple[str, str]]:
    """Id and name of each campaign, the newest first."""
    rows = session.execute(select(Campaign.id, Campaign.name).order_by(Campaign.starts_on.desc(), Campaign.name))
    return [(str(key), name) for key, name in rows]


def coach_number(departure: Departure) -> str:
    """The one number of a coach on its day, as it is called out (7号车); what is no coach is called by its code."""
    return gettext(NUMBER, number=departure.number) if departure.mode == "bus" else departure.code


def named(departure: Departure) -> str:
    """Number and code of a departure."""
    return f"{coach_number(departure)} {departure.code}" if departure.mode == "bus" else departure.code
