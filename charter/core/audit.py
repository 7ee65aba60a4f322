"""The audit trail: one event in the act's own transaction, ids only, chained by a sealer that needs no lock.

Never holds personal data: a free-text reason lives beside its event as salted hash and text, so that the text can be
erased while the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    String,
    bindparam,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from charter.core import actor as actors
from charter.core import clock
from charter.core.db import Base
from charter.core.sealed import Sealed, opened
from charter.core.trip import Step

__all__ = ["AuditEvent", "AuditReason", "AuditSeal", "Verdict", "record", "reveal", "reveal_many", "seal", "step",
           "verify"]


class AuditEvent(Base):
    """One thing that was done. Insert only (triggers refuse the rest)."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    xact: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64), index=True)
    object_type: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str] = mapped_column(String(64), index=True)
    reason_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AuditReason(Base):
    """The words of a reason; erasable, while its hash stays in the chain."""

    __tablename__ = "audit_reason"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str] = mapped_column(String(500))


class AuditSeal(Base):
    """The chain: seq without gaps, hash = SHA-256(previous | seq | canonical event)."""

    __tablename__ = "audit_seal"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


def record(session: Session, action: str, object_type: str, object_id: object, *, reason: str | None = None,
           **details: Any) -> AuditEvent:
    """Write one event of the current actor. `details` hold ids, codes and counts only."""
    actor = actors.current()
    reason = reason[:500] if reason else None
    salt = os.urandom(16) if reason else None
    event = AuditEvent(
        at=clock.now(), actor=actor.caller, role=actor.role or actor.caller, action=action, object_type=object_type,
        object_id=str(object_id), details=details,
        reason_hash=hashlib.sha256(salt + reason.encode()).digest() if salt and reason else None)
    session.add(event)
    if salt and reason:
        session.flush()
        session.add(AuditReason(event_id=event.id, salt=salt, text=reason))
    return event


RECORD = Step(insert(AuditEvent).values({name: bindparam(name) for name in (
    "at", "actor", "role", "action", "object_type", "object_id", "details")}))


def step(action: str, object_type: str, object_id: object, **details: Any) -> tuple[Step, dict[str, Any]]:
    """The same event without a reason, as a step of a trip (`core.trip`)."""
    actor = actors.current()
    return RECORD, {"at": clock.now(), "actor": actor.caller, "role": actor.role or "system", "action": action,
                    "object_type": object_type, "object_id": str(object_id), "details": details}


def reveal(session: Session, value: Sealed, reason: str, object_type: str, object_id: object) -> str:
    """The clear text of one sealed value; writes who saw it and why."""
    record(session, "sealed.revealed", object_type, object_id, reason=reason, count=1)
    return opened([value])[0]


def reveal_many(session: Session, values: Sequence[Sealed], reason: str, object_type: str,
                object_id: object) -> list[str]:
    """The clear texts of many values for one purpose; one event with their count."""
    if values:
        record(session, "sealed.revealed", object_type, object_id, reason=reason, count=len(values))
    return opened(values)


def _canonical(event: AuditEvent) -> bytes:
    body = [event.id, event.xact, event.at.astimezone(clock.ZONE).isoformat(), event.actor, event.role, event.action,
            event.object_type, event.object_id, event.reason_hash.hex() if event.reason_hash else None, event.details]
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _link(previous: bytes, seq: int, event: AuditEvent) -> bytes:
    return hashlib.sha256(previous + seq.to_bytes(8, "big") + _canonical(event)).digest()


def _says(event: AuditEvent, reason: AuditReason | None) -> bool:
    """Whether the words of a reason, where they have not been erased, are those that were given."""
    return reason is None or hashlib.sha256(reason.salt + reason.text.encode()).digest() == event.reason_hash


SEALER = 7_265_001  # the advisory lock of the one sealer


def seal(session: Session, limit: int = 5_000) -> int:
    """Chain the events that no open transaction can still precede; returns how many. One sealer at a time."""
    if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": SEALER}):
        return 0
    last = session.execute(select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, b"")
    fresh = session.scalars(
        select(AuditEvent).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.seq.is_(None),
               text("audit_event.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
        .order_by(AuditEvent.xact, AuditEvent.id).limit(limit)).all()
    for event in fresh:
        seq += 1
        previous = _link(previous, seq, event)
        session.add(AuditSeal(seq=seq, event_id=event.id, hash=previous))
    return len(fresh)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found: how many seals hold, the first bad number, and events older than a minute unsealed."""

    sealed: int
    first_bad: int | None
    unsealed: int

    @property
    def whole(self) -> bool:
        return self.first_bad is None and self.unsealed == 0


def verify(session: Session) -> Verdict:
    """Walk the chain from its start; the first changed, missing or moved event is named by its number."""
    previous, count, bad = b"", 0, None
    rows = session.execute(select(AuditSeal, AuditEvent, AuditReason)
                           .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
                           .outerjoin(AuditReason, AuditReason.event_id == AuditSeal.event_id)
                           .order_by(AuditSeal.seq)).yield_per(2_000)
    for kept, event, reason in rows:
        count += 1
        if (event is None or kept.seq != count or kept.hash != _link(previous, count, event)
                or not _says(event, reason)):
            bad = min(kept.seq, count)
            break
        previous = kept.hash
    late = session.scalar(
        select(func.count()).select_from(AuditEvent).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.seq.is_(None), AuditEvent.at < func.now() - text("interval '1 minute'")))
    return Verdict(count, bad, late or 0)
