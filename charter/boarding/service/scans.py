"""Scans as they come in: each is judged once, kept for ever, and folded into the state of its booking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from charter.access.models import ApiToken
from charter.boarding.judging import Judge
from charter.boarding.models import Scan
from charter.boarding.problems import BatchTooLarge
from charter.boarding.rules import incoming, times
from charter.boarding.service.folding import refold
from charter.boarding.trips import Trip, trip
from charter.core import audit, clock, locks
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound

__all__ = ["LARGEST", "take_batch", "take_by_desk"]

LARGEST = 1_000


@dataclass
class _Batch:
    """What one batch is judged with."""

    trip: Trip
    actor: Actor
    allowed: bool
    received: datetime
    device_time: datetime
    known: dict[UUID, Scan]
    judge: Judge
    answers: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)


def take_batch(session: Session, actor: Actor, device_time: str, scans: Sequence[Any]) -> list[dict[str, Any]]:
    """Judge and keep a scanner's batch; the answers stand in the same order.

    The same scan_id again gives its first answer. Raises BatchTooLarge over 1,000 scans, Invalid for a device_time
    that is none, NotFound where the token's departure is gone.
    """
    if len(scans) > LARGEST:
        raise BatchTooLarge
    try:
        sent_at = incoming.moment(device_time)
    except incoming.Malformed as error:
        wrong = N_("请给出带时区的设备时间，例如 2027-02-12T06:40:00+08:00")
        raise Invalid(errors=[FieldProblem("device_time", "invalid", wrong)]) from error
    departure_id = int(actor.scope("departure") or 0)
    if not scans:
        return []
    return _take(session, actor, departure_id, sent_at, scans, _in_use(session, actor))


def take_by_desk(session: Session, actor: Actor, departure_id: int, scan: dict[str, Any]) -> dict[str, Any]:
    """One scan made on the desk, by its own clock: by hand, denied, undone, or typed in from paper."""
    return _take(session, actor, departure_id, clock.now(), [scan], True)[0]


def _take(session: Session, actor: Actor, departure_id: int, device_time: datetime, scans: Sequence[Any],
          allowed: bool) -> list[dict[str, Any]]:
    locks.take(session, "boarding", [departure_id])
    found = trip(session, departure_id)
    if found is None:
        raise NotFound
    sent = [_read(raw, found) for raw in scans]
    good = [scan for scan in sent if scan is not None]
    known = session.scalars(select(Scan).where(Scan.campaign_id == found.campaign_id,
                                               Scan.scan_id.in_({scan.scan_id for scan in good})))
    batch = _Batch(found, actor, allowed, clock.now(), device_time, {scan.scan_id: scan for scan in known},
                   Judge(session, found, good))
    answers = [_answer(batch, raw, scan) for raw, scan in zip(scans, sent, strict=True)]
    if batch.rows:
        session.execute(insert(Scan), batch.rows)
        refold(session, found, {row["booking_id"] for row in batch.rows}, batch.received)
        audit.record(session, "scans.taken", "departure", departure_id, count=len(batch.rows))
    return answers


def _in_use(session: Session, actor: Actor) -> bool:
    token = session.get(ApiToken, uuid_or_none(actor.token_id or ""))
    return token is not None and token.revoked_at is None


def _read(raw: Any, found: Trip) -> incoming.Sent | None:
    try:
        return incoming.read(raw, found.stops, str(found.departure_id))
    except incoming.Malformed:
        return None


def _answer(batch: _Batch, raw: Any, sent: incoming.Sent | None) -> dict[str, Any]:
    malformed = {"scan_id": incoming.scan_id_as_sent(raw), "verdict": "stop", "code": "malformed"}
    if sent is None:
        return malformed
    if sent.scan_id in batch.answers:
        return batch.answers[sent.scan_id]
    if sent.scan_id in batch.known:
        first = batch.known[sent.scan_id]
        own = first.departure_id == batch.trip.departure_id
        return first.answer if own else {**malformed, "code": "device_not_allowed"}
    try:
        corrected = times.correct(sent.scanned_at, received=batch.received, device_time=batch.device_time)
    except OverflowError:
        return malformed
    return _judge(batch, sent, corrected)


def _judge(batch: _Batch, sent: incoming.Sent, corrected: datetime) -> dict[str, Any]:
    allowed = batch.allowed and sent.departure == str(batch.trip.departure_id)
    judged = batch.judge(sent, corrected, allowed, batch.actor.caller)
    doubtful = times.doubtful(corrected, received=batch.received, opened=batch.trip.opens_at)
    detail = dict(judged.verdict.detail or {}) | ({"time_doubtful": True} if doubtful else {})
    answer: dict[str, Any] = {"scan_id": str(sent.scan_id), "verdict": judged.verdict.verdict,
                              "code": judged.verdict.code}
    if detail:
        answer["detail"] = detail
    if judged.verdict.first_scan:
        answer["first_scan"] = judged.verdict.first_scan
    batch.rows.append({
        "campaign_id": batch.trip.campaign_id, "scan_id": sent.scan_id, "departure_id": batch.trip.departure_id,
        "booking_id": judged.booking, "device": batch.actor.caller[:64], "kind": sent.kind, "undoes": sent.undoes,
        "by_hand": sent.by_hand, "stop_id": sent.stop_id, "pass_text": sent.pass_text, "revision": judged.revision,
        "shown": sent.shown, "reason": sent.reason, "scanned_at": sent.scanned_at, "device_time": batch.device_time,
        "corrected_at": corrected, "received_at": batch.received, "time_doubtful": doubtful,
        "verdict": answer["verdict"], "code": answer["code"], "answer": answer})
    batch.answers[sent.scan_id] = answer
    return answer
