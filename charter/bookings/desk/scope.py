"""Who sees which people on the desk, and what each role may do with them."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.ids import uuid_or_none
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["ACTORS", "CONFIRMERS", "DECIDERS", "REVEALERS", "VIEWERS", "listed", "masked", "masked_name"]

ACTORS = ORGANIZERS | {Role.EMPLOYER, Role.ORIGIN_PARTNER, Role.HOTLINE}
VIEWERS = ACTORS | {Role.FUNDS_AUDITOR}
CONFIRMERS = ORGANIZERS | {Role.EMPLOYER}
DECIDERS = ORGANIZERS
REVEALERS = VIEWERS


def listed(actor: Actor) -> ColumnElement[bool]:
    """The requests on this reader's list; a funds auditor sees his campaign's, masked."""
    if actor.role == Role.FUNDS_AUDITOR:
        return Registration.campaign_id == uuid_or_none(actor.scope_id or "")
    return visible_registrations(actor)


def masked(actor: Actor) -> bool:
    """Whether this reader sees people by the first letter of their name alone."""
    return actor.role == Role.FUNDS_AUDITOR


def masked_name(name: str) -> str:
    """'张建国' to '张**'."""
    return name[:1] + "*" * (len(name) - 1)

