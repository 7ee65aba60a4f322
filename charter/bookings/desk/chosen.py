"""The waiting people that one act will touch: shown first, then confirmed or refused together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from charter.bookings.desk.filters import Wanted
from charter.bookings.desk.listing import PersonRow, conditions, rows
from charter.bookings.desk.scope import listed
from charter.campaigns.choosing import campaign_of
from charter.core.actor import Actor
from charter.registrations.models import Registration

__all__ = ["MOST", "named", "waiting"]

MOST = 500


def named(session: Session, actor: Actor, ids: Iterable[UUID]) -> list[PersonRow]:
    """Those of them that the reader sees and that wait for confirmation."""
    keys = list(ids)[:MOST]
    return rows(session, actor, [Registration.id.in_(keys), Registration.state == "received", listed(actor)], "name",
                limit=MOST)


def waiting(session: Session, actor: Actor, wanted: Wanted) -> list[PersonRow]:
    """Everybody of these filters who waits, at most 500 at a time."""
    campaign = campaign_of(session, actor, wanted.campaign, wanted.kept)
    return rows(session, actor, conditions(actor, campaign, replace(wanted, state="received")), "name", limit=MOST)
