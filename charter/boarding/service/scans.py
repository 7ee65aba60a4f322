"""Scans as they come in: each is judged once, kept for ever, and folded into the state of its booking.

However many there are, the database is asked twice: what is known, and what is to be written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from charter.boarding.gathering import Known, gather, read_batch
from charter.boarding.judging import Judge
from charter.boarding.problems import BatchTooLarge
from charter.boarding.rules import incoming, times
from charter.boarding.service import folding
from charter.boarding.service.sent import sent_at
from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.trip import Step, together

__all__ = ["LARGEST", "take_batch", "take_by_desk"]

LARGEST = 1_000
KEEP = Step(text("""
    INSERT INTO scan (campaign_id, departure_id, device, device_time, received_at, scan_id, booking_id, kind, undoes,
                      by_hand, stop_id, pass_text, revision, shown, reason, scanned_at, corrected_at, time_doubtful,
                      verdict, code, answer)
    SELECT CAST(:campaign AS uuid), CAST(:departure AS bigint), CAST(:device AS text),
           CAST(:device_time AS timestamptz), CAST(:received_at AS timestamptz), kept.*
    FROM json_to_recordset(CAST(:rows AS json)) AS kept(
        scan_id uuid, booking_id bigint, kind text, undoes uuid, by_hand boolean, stop_id uuid, pass_text text,
        revision int, shown text, reason text, scanned_at timestamptz, corrected_at timestamptz,
        time_doubtful boolean, verdict text, code text, answer jsonb)"""))


@dataclass
class _Work:
    """What one batch is judged with."""

    known: Known
    judge: Judge
    device: str
    allowed: bool
    received: datetime
    device_time: datetime
    answers: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)


def take_batch(session: Session, actor: Actor, device_time: str, scans: Sequence[Any]) -> list[dict[str, Any]]:
    """Judge and keep a scanner's batch; the answers stand in the same order.

    The same scan_id again gives its first answer. Raises BatchTooLarge over 1,000 scans, Invalid for a device_time
    that is none, NotFound where the token's departure is gone.
    """
    if len(scans) > LARGEST:
        raise BatchTooLarge
    sent = sent_at(device_time)
    if not scans:
        return []
    return _take(session, actor, int(actor.scope("departure") or 0), sent, scans, by_phone=True)


def take_by_desk(session: Session, actor: Actor, departure_id: int, scan: dict[str, Any]) -> dict[str, Any]:
    """One scan made on the desk, by its own clock: by hand, denied, undone, or typed in from paper."""
    return _take(session, actor, departure_id, clock.now(), [scan], by_phone=False)[0]


def _take(session: Session, actor: Actor, departure_id: int, device_time: datetime, scans: Sequence[Any], *,
          by_phone: bool) -> list[dict[str, Any]]:
    batch = read_batch(_read(raw) for raw in scans)
    known = gather(session, departure_id, batch, actor.token_id if by_phone else None)
    work = _Work(known, Judge(session, known, batch), actor.caller[:64], known.ride.in_use or not by_phone, clock.now(),
                 device_time)
    answers = [_answer(work, raw, sent) for raw, sent in zip(scans, batch.scans, strict=True)]
    if work.rows:
        _keep(session, work)
    return answers


def _keep(session: Session, work: _Work) -> None:
    ride = work.known.ride
    kept = {"campaign": ride.campaign_id, "departure": ride.departure_id, "device": work.device,
            "device_time": work.device_time.astimezone(UTC), "received_at": work.received,
            "rows": json.dumps(work.rows, ensure_ascii=False)}
    touched = {row["booking_id"] for row in work.rows}
    together(session, (KEEP, kept), *folding.steps(work.known, work.judge.fresh, touched, work.received),
             audit.step("scans.taken", "departure", ride.departure_id, count=len(work.rows)))


def _read(raw: Any) -> incoming.Sent | None:
    try:
        return incoming.read(raw)
    except incoming.Malformed:
        return None


def _answer(work: _Work, raw: Any, sent: incoming.Sent | None) -> dict[str, Any]:
    ride = work.known.ride
    malformed = {"scan_id": incoming.scan_id_as_sent(raw), "verdict": "stop", "code": "malformed"}
    if sent is None or incoming.misplaced(sent, ride.stops, str(ride.departure_id)):
        return malformed
    if sent.scan_id in work.answers:
        return work.answers[sent.scan_id]
    if sent.scan_id in work.known.answers:
        departure_id, first = work.known.answers[sent.scan_id]
        return first if departure_id == ride.departure_id else {**malformed, "code": "device_not_allowed"}
    try:
        corrected = times.correct(sent.scanned_at, received=work.received, device_time=work.device_time)
    except OverflowError:
        return malformed
    return _judge(work, sent, corrected)


def _judge(work: _Work, sent: incoming.Sent, corrected: datetime) -> dict[str, Any]:
    ride = work.known.ride
    allowed = work.allowed and sent.departure == str(ride.departure_id)
    judged = work.judge(sent, corrected, allowed, work.device)
    doubtful = times.doubtful(corrected, received=work.received, opened=ride.opens_at)
    detail = dict(judged.verdict.detail or {}) | ({"time_doubtful": True} if doubtful else {})
    answer: dict[str, Any] = {"scan_id": str(sent.scan_id), "verdict": judged.verdict.verdict,
                              "code": judged.verdict.code}
    if detail:
        answer["detail"] = detail
    if judged.verdict.first_scan:
        answer["first_scan"] = judged.verdict.first_scan
    at = {"scanned_at": sent.scanned_at, "corrected_at": corrected}
    work.rows.append({
        "scan_id": answer["scan_id"], "booking_id": judged.booking, "kind": sent.kind, "undoes": _text(sent.undoes),
        "by_hand": sent.by_hand, "stop_id": _text(sent.stop_id), "pass_text": sent.pass_text,
        "revision": judged.revision, "shown": sent.shown, "reason": sent.reason,
        "time_doubtful": doubtful, "verdict": answer["verdict"], "code": answer["code"], "answer": answer,
        **{name: moment.astimezone(UTC).isoformat() for name, moment in at.items()}})
    work.answers[sent.scan_id] = answer
    return answer


def _text(found: UUID | None) -> str | None:
    return str(found) if found else None
