"""Entries of the trip log: each kept once by the id that its device made, in whatever order they come."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding.models import TripEntry
from charter.boarding.problems import BatchTooLarge, CountDiffers
from charter.boarding.rules import handing, incoming, log, times
from charter.boarding.service import scans
from charter.boarding.service.sent import sent_at
from charter.boarding.trip_log import read as read_log
from charter.boarding.trips import Trip, visible_trip
from charter.bookings.models import Booking
from charter.campaigns.rules.ruling import allowed_at
from charter.campaigns.ruling import rulings
from charter.core import audit, clock, locks
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.ids import new_uuid, uuid_or_none
from charter.core.problems import FieldProblem, Invalid
from charter.core.sealed import SealedField, derived
from charter.people.rules.documents import judge_id
from charter.people.rules.names import judge_name
from charter.people.rules.phones import judge_phone

__all__ = ["INCIDENTS", "MOST", "PERSON", "REASONS", "keep_by_desk", "keep_entries"]

MOST = 200
PERSON = SealedField("trip_entry", "person")  # who came from no list
INCIDENTS = ("breakdown", "accident", "illness", "quarrel", "delay", "other")
SCANNED = {"refused": "deny", "set_down": "alight"}  # what the list makes of it
REASONS = ("drunk", "fever", "quarrel", "no_card", "own_wish")
TEXTS = {"reason": 500, "driver": 40, "note": 500, "witness": 60, "taken_over_by": 60, "receiver": 60}


class _Malformed(Exception):
    """The entry cannot be kept."""


@dataclass(frozen=True, slots=True)
class _Sent:
    entry_id: UUID
    kind: str
    at: datetime
    stop_id: UUID | None
    booking: int | None
    details: dict[str, Any]
    person: str | None


def keep_entries(session: Session, departure_id: int, actor: Actor, device_time: str,
                 entries: Sequence[Any]) -> list[dict[str, Any]]:
    """Keep them; for each its id and `kept`, `not_allowed` (kept, but somebody from no list whom no rule lets on) or
    `malformed` (not kept). The same id gives its first answer again.

    Raises NotFound, Invalid for a device_time that is none, BatchTooLarge over 200 entries.
    """
    found = visible_trip(session, departure_id, actor)
    if len(entries) > MOST:
        raise BatchTooLarge
    sent = sent_at(device_time)
    locks.take(session, "boarding", [departure_id])
    listed = set(session.scalars(select(Booking.id).where(Booking.departure_id == departure_id)))
    ids = {uuid_or_none(str(raw.get("entry_id"))) for raw in entries if isinstance(raw, Mapping)} - {None}
    known = {row.entry_id: row.answer for row in session.scalars(select(TripEntry).where(
        TripEntry.campaign_id == found.campaign_id, TripEntry.entry_id.in_(ids)))}
    answers = [_keep(session, found, actor, sent, raw, listed, known) for raw in entries]
    session.flush()
    return answers


def keep_by_desk(session: Session, departure_id: int, actor: Actor, entry: Mapping[str, Any]) -> str:
    """One entry made on the desk, now; who is refused or set down is so on the list, too. What became of it.

    Raises NotFound, Invalid where it says too little, CountDiffers where a pause would end without a right count.
    """
    now = clock.now()
    found = visible_trip(session, departure_id, actor)
    if entry.get("kind") in log.PAUSES.values() and not read_log(session, found).now.may_go_on:
        raise CountDiffers
    raw = {"entry_id": str(new_uuid()), "at": now.isoformat()} | dict(entry)
    answer = keep_entries(session, departure_id, actor, now.isoformat(), [raw])[0]
    if answer["code"] == "malformed":
        raise Invalid(errors=[FieldProblem(str(entry.get("kind")), "invalid", N_("请把这一项填完整再提交"))])
    if entry.get("kind") in SCANNED:
        scans.take_by_desk(session, actor, departure_id, {
            "scan_id": raw["entry_id"], "departure_id": str(departure_id), "kind": SCANNED[str(entry["kind"])],
            "booking_id": str(entry.get("booking_id")), "scanned_at": now.isoformat(), "shown": "look"})
    return str(answer["code"])


def _keep(session: Session, found: Trip, actor: Actor, device_time: datetime, raw: Any, listed: set[int],
          known: dict[UUID, str]) -> dict[str, Any]:
    told = raw.get("entry_id") if isinstance(raw, Mapping) else None
    try:
        sent = _read(raw, found, listed)
        now = clock.now()
        corrected = times.correct(sent.at, received=now, device_time=device_time)
    except (_Malformed, incoming.Malformed, OverflowError):
        return {"entry_id": told if isinstance(told, str) else None, "code": "malformed"}
    if sent.entry_id not in known:
        allowed = sent.kind != "walk_on" or _may_walk_on(session, found, sent, corrected)
        known[sent.entry_id] = "kept" if allowed else "not_allowed"
        details = sent.details | ({"allowed": allowed} if sent.person else {})
        session.add(TripEntry(
            campaign_id=found.campaign_id, entry_id=sent.entry_id, departure_id=found.departure_id, kind=sent.kind,
            stop_id=sent.stop_id, booking_id=sent.booking, by=actor.caller[:64], claimed_at=sent.at,
            corrected_at=corrected, received_at=now, details=details,
            person=PERSON.seal(sent.entry_id, sent.person) if sent.person else None, answer=known[sent.entry_id]))
        audit.record(session, f"trip.{sent.kind}", "departure", found.departure_id, entry=str(sent.entry_id))
    return {"entry_id": str(sent.entry_id), "code": known[sent.entry_id]}


def _may_walk_on(session: Session, found: Trip, sent: _Sent, at: datetime) -> bool:
    """Only where the campaign's rule allows it then, and at a stop of the list where people get on."""
    place = found.stops.get(sent.stop_id) if sent.stop_id else None
    listed = place is not None and place.kind == "board"
    return listed and allowed_at(rulings(session, found.campaign_id), "walk_on", at)


def _read(raw: Any, found: Trip, listed: set[int]) -> _Sent:
    if not isinstance(raw, Mapping) or raw.get("kind") not in log.KINDS:
        raise _Malformed
    kind, entry_id, stop = raw["kind"], uuid_or_none(_text(raw, "entry_id", 36)), _text(raw, "stop_id", 36)
    stop_id = uuid_or_none(stop) if stop else None
    if entry_id is None or (stop and stop_id not in found.stops):
        raise _Malformed
    booking = _text(raw, "booking_id", 20)
    number = int(booking) if booking.isascii() and booking.isdigit() else None
    if kind in ("refused", "set_down") and (number not in listed or raw.get("reason") not in REASONS):
        raise _Malformed
    return _Sent(entry_id, kind, incoming.moment(raw.get("at")), stop_id, number, _details(raw, kind),
                 _person(raw) if kind == "walk_on" else None)


def _details(raw: Mapping[str, Any], kind: str) -> dict[str, Any]:
    wanted: dict[str, tuple[str, ...]] = {
        "counted": ("reason",), "driver_changed": ("driver",), "incident": ("note",), "incident_over": ("note",),
        "refused": ("reason", "witness", "taken_over_by"), "set_down": ("reason", "witness", "taken_over_by"),
        "handed_over": ("receiver",)}
    details: dict[str, Any] = {name: text for name in wanted.get(kind, ()) if (text := _text(raw, name, TEXTS[name]))}
    if kind == "counted":
        counted = raw.get("counted")
        if not isinstance(counted, int) or isinstance(counted, bool) or not 0 <= counted <= 10_000:
            raise _Malformed
        details["counted"] = counted
    elif kind == "incident":
        if raw.get("what") not in INCIDENTS:
            raise _Malformed
        details["what"] = raw["what"]
    elif kind == "incident_over":
        details["incident"] = str(_needed(uuid_or_none(_text(raw, "incident", 36))))
    elif kind == "driver_changed":
        _needed(details.get("driver"))
    elif kind == "handed_over":
        details |= _handed(raw, details)
    return details


def _handed(raw: Mapping[str, Any], details: dict[str, Any]) -> dict[str, Any]:
    _needed(details.get("receiver"))
    there = raw.get("booking_ids")
    if not isinstance(there, list) or not all(isinstance(one, str) and one.isdigit() for one in there):
        raise _Malformed
    return {"employer_id": str(_needed(uuid_or_none(_text(raw, "employer_id", 36)))), "booking_ids": there[:1000]}


def _person(raw: Mapping[str, Any]) -> str:
    """The person as judged, as JSON; a phone that kept it offline sends it sealed to the server's key."""
    written = raw.get("person")
    if written is None and isinstance(raw.get("sealed"), str):
        written = _unsealed(raw["sealed"])
    if not isinstance(written, Mapping):
        raise _Malformed
    name = judge_name(_text(written, "name", 60)).value
    document = judge_id(_text(written, "id_number", 40), None, today=clock.today()).value
    phone = judge_phone(_text(written, "phone", 30)).value
    if not name or document is None or not phone:
        raise _Malformed
    return json.dumps({"name": name, "id_type": document.id_type, "id_number": document.number, "phone": phone,
                       "employer": _text(written, "employer", 120)}, ensure_ascii=False)


def _unsealed(bundle: str) -> Any:
    try:
        raw = base64.b64decode(bundle[:10_000], validate=True)
        number = int.from_bytes(raw[:2], "big")
        return json.loads(handing.opened(handing.private_half(derived("handover", number)), raw)[1])
    except (ValueError, KeyError, binascii.Error, RecursionError) as error:
        raise _Malformed from error


def _text(raw: Mapping[str, Any], name: str, most: int) -> str:
    found = raw.get(name)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > most:
        raise _Malformed
    return found.strip()


def _needed(found: Any) -> Any:
    if not found:
        raise _Malformed
    return found
