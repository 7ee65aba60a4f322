"""The audit trail as the auditor reads it: the newest first, by time, actor, action and object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.core import clock
from charter.core.audit import AuditEvent, AuditReason, AuditSeal

__all__ = ["TrailLine", "Wanted", "actions", "trail"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty words and None look for everything. `before` is the id of the last line seen."""

    first: date | None = None
    last: date | None = None
    actor: str = ""
    action: str = ""
    object_id: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One event; `seal` is its number in the chain, None until it is sealed."""

    id: int
    at: datetime
    actor: str
    username: str | None
    role: str
    action: str
    object_type: str
    object_id: str
    details: dict[str, Any]
    reason: str | None
    seal: int | None


def trail(session: Session, wanted: Wanted, limit: int) -> list[TrailLine]:
    """Events, one more than `limit` where there are older ones."""
    query = (select(AuditEvent, Account.username, AuditReason.text, AuditSeal.seq)
             .outerjoin(Account, cast(Account.id, String) == AuditEvent.actor)
             .outerjoin(AuditReason, AuditReason.event_id == AuditEvent.id)
             .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id))
    if wanted.first:
        query = query.where(AuditEvent.at >= clock.day_bounds(wanted.first)[0])
    if wanted.last:
        query = query.where(AuditEvent.at < clock.day_bounds(wanted.last)[1])
    if wanted.actor:
        named = select(cast(Account.id, String)).where(Account.username == wanted.actor)
        query = query.where((AuditEvent.actor == wanted.actor) | AuditEvent.actor.in_(named))
    if wanted.action:
        query = query.where(AuditEvent.action.startswith(wanted.action, autoescape=True))
    if wanted.object_id:
        query = query.where(AuditEvent.object_id == wanted.object_id)
    if wanted.before is not None:
        query = query.where(AuditEvent.id < wanted.before)
    rows = session.execute(query.order_by(AuditEvent.id.desc()).limit(limit + 1))
    return [TrailLine(event.id, event.at, event.actor, username, event.role, event.action, event.object_type,
                      event.object_id, event.details, reason, seq) for event, username, reason, seq in rows]


def actions(session: Session) -> list[str]:
    """The actions that occur, by name."""
    return list(session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action).limit(200)))
