"""The outbox as organizers read it: when, what kind, to which last four digits, how it went. Never the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.core.actor import Actor
from charter.notices.models import Outbox
from charter.notices.service import PHONE

__all__ = ["STATES", "Counts", "MessageRow", "counts", "messages"]

STATES = ("waiting", "sending", "sent", "failed", "withdrawn", "listed")
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message; of its phone the last four digits."""

    id: UUID
    template: str
    last_four: str
    state: str
    tries: int
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None
    gateway_id: str
    parts: int
    delivered_at: datetime | None
    receipt: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages by state; sent and failed those of the last 24 hours."""

    waiting: int
    sent: int
    failed: int
    listed: int
    parts_day: int
    parts_all: int


def messages(session: Session, actor: Actor, *, state: str = "", template: str = "", limit: int = 100,
             offset: int = 0) -> list[MessageRow]:
    """The newest messages; one more than wanted."""
    query = select(Outbox)
    only = actor.scope("campaign")
    if only is not None:
        query = query.where(Outbox.campaign_id == UUID(only))
    for column, value in ((Outbox.state, state), (Outbox.template, template)):
        if value:
            query = query.where(column == value)
    rows = session.scalars(query.order_by(Outbox.created_at.desc(), Outbox.id).limit(limit + 1).offset(offset))
    return [MessageRow(row.id, row.template, PHONE.view(row.id, row.phone_sealed).last_four, row.state, row.tries,
                       row.created_at, row.next_try_at, row.sent_at, row.gateway_id or "", row.parts, row.delivered_at,
                       row.receipt) for row in rows]


def counts(session: Session, actor: Actor, now: datetime) -> Counts:
    """How many wait, were sent, could not be sent."""
    query = select(func.count().filter(Outbox.state.in_(("waiting", "sending"))),
                   func.count().filter(Outbox.state == "sent", Outbox.sent_at > now - DAY),
                   func.count().filter(Outbox.state == "failed", Outbox.created_at > now - DAY),
                   func.count().filter(Outbox.state == "listed", Outbox.called_at.is_(None)),
                   func.coalesce(func.sum(Outbox.parts).filter(Outbox.state == "sent", Outbox.sent_at > now - DAY), 0),
                   func.coalesce(func.sum(Outbox.parts).filter(Outbox.state == "sent"), 0))
    only = actor.scope("campaign")
    return Counts(*session.execute(query if only is None else query.where(Outbox.campaign_id == UUID(only))).one())
