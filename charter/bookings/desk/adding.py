"""Somebody is put on the list from the desk: over the telephone, at the counter, one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from charter.bookings.desk.acting import why
from charter.campaigns.choosing import campaign_of
from charter.campaigns.models import Campaign
from charter.core import audit
from charter.core.actor import Actor, Role
from charter.registrations.handing_in import hand_in

__all__ = ["FIELDS", "add", "empty"]

FIELDS = ("name", "id_type", "id_number", "phone", "employer", "origin", "earliest", "latest", "party", "needs", "note")


def empty(campaign: Campaign) -> dict[str, Any]:
    """A form that nobody has filled in."""
    return dict.fromkeys(FIELDS, "") | {
        "earliest": campaign.starts_on.isoformat(), "latest": campaign.ends_on.isoformat(),
        "modes": ["bus", "train", "flight"]}


def add(session: Session, actor: Actor, campaign_id: str, written: dict[str, Any], reason: str) -> UUID:
    """Register what was typed; the request's id. Raises Invalid with every field's problem, NotFound,
    AlreadyRegistered, CampaignClosed."""
    campaign = campaign_of(session, actor, campaign_id)
    kept = why(actor, "add", reason)
    own = {"employer": None} if actor.role == Role.EMPLOYER else {}
    made = hand_in(session, actor, campaign.id, written | own)
    if kept:
        audit.record(session, "person.acted", "registration", made.id, reason=kept, act="add")
    return made.id
