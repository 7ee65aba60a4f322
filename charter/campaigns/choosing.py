"""Which campaign a desk page is about: the one in the address, else the one chosen in the top bar, else the newest."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core.actor import ORGANIZERS, Actor
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.core.routes import session_cookie

__all__ = ["COOKIE", "asked", "campaign_of", "visible"]

COOKIE = "campaign"


def asked() -> tuple[str | None, str | None]:
    """What this request's address names, and what the reader chose before."""
    return request.args.get("campaign"), request.cookies.get(session_cookie(COOKIE))


def campaign_of(session: Session, actor: Actor, wanted: str | None, kept: str | None = None) -> Campaign:
    """The campaign that a page shows. Raises NotFound where there is none, or the address names a foreign one."""
    rows = visible(session, actor)
    if wanted:
        key = uuid_or_none(wanted)
        rows = [row for row in rows if row.id == key]
    if not rows:
        raise NotFound
    before = uuid_or_none(kept or "")
    return next((row for row in rows if row.id == before), rows[0])


def visible(session: Session, actor: Actor) -> Sequence[Campaign]:
    """The campaigns that the caller may see, newest first; drafts are the organizers' alone."""
    query = select(Campaign).order_by(Campaign.created_at.desc())
    if actor.role not in ORGANIZERS:
        query = query.where(Campaign.state != "draft")
    only = actor.scope("campaign")
    if only is not None:
        query = query.where(Campaign.id == UUID(only))
    return session.scalars(query).all()
