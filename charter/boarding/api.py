"""JSON of boarding: manifest, state, counts, departure, scans."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, request
from pydantic import Field
from sqlalchemy.orm import Session

from charter.boarding import manifest, phones, queries
from charter.boarding.service import journal, leaving, scans
from charter.boarding.trip_log import read as read_log
from charter.boarding.trips import visible_trip
from charter.core import clock
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.api import Answer, Body, actor, answered, call, create, json_response
from charter.core.db import act, ask
from charter.passes import keys

__all__ = ["bp"]

bp = Blueprint("boarding_api", __name__)
CREW = ORGANIZERS | {Role.VOLUNTEER, Role.SCANNER}


class ScansBody(Body):
    """A batch: at most 1,000 scans, each judged alone."""

    device_time: str = Field(max_length=64)
    scans: list[Any]


class CountBody(Body):
    """A head count at a stop."""

    stop_id: str | None = Field(default=None, max_length=40)
    counted: int
    reason: str | None = Field(default=None, max_length=500)


class LogBody(Body):
    """Entries of the trip log: at most 200, each judged alone."""

    device_time: str = Field(max_length=64)
    entries: list[Any]


class LogAnswer(Answer):
    """What became of one entry: kept, not_allowed or malformed."""

    entry_id: str | None
    code: str


class ScanAnswer(Answer):
    """What one scan came back as."""

    scan_id: str | None
    verdict: str
    code: str
    detail: dict[str, Any] | None = None
    first_scan: str | None = None


class StateAnswer(Answer):
    """Where boarding stands."""

    version: int
    expected: int
    boarded_by_scan: int
    boarded_by_hand: int
    alighted: int
    counted: int | None
    items: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]


@call(bp, "GET", "/api/v1/departures/<departure:departure_id>/manifest", roles=CREW)
def boarding_manifest(departure_id: int) -> Response:
    """The list of a departure: in clear for organizers, sealed row by row for a scanner."""
    caller = actor()
    found = act(_sealed_list, departure_id, caller) if caller.role == Role.SCANNER else ask(
        _clear_list, departure_id, caller)
    body, tag = found
    unchanged = request.if_none_match.contains(tag)
    response = Response(status=304) if unchanged else answered(body)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@call(bp, "GET", "/api/v1/departures/<departure:departure_id>/boarding", roles=CREW, answer=StateAnswer)
def boarding_state(departure_id: int) -> dict[str, Any]:
    """Who is on board, waiting, alighted; and the cases that wait for a person."""
    return ask(_state, departure_id, actor())


@call(bp, "POST", "/api/v1/departures/<departure:departure_id>/counts", roles=CREW, body=CountBody, status=201,
      creates=True)
def count(departure_id: int, body: CountBody) -> Response:
    """Keep a head count."""
    return create(201, lambda _, made: made, leaving.count, departure_id, actor(), stop_id=body.stop_id,
                  counted=body.counted, reason=body.reason or "")


@call(bp, "GET", "/api/v1/departures/<departure:departure_id>/log", roles=CREW)
def trip_log(departure_id: int) -> dict[str, Any]:
    """What happened on the way, and where the trip stands."""
    return ask(_log, departure_id, actor())


@call(bp, "POST", "/api/v1/departures/<departure:departure_id>/log", roles=CREW, body=LogBody, answer=list[LogAnswer])
def keep_log(departure_id: int, body: LogBody) -> Response:
    """Keep entries of the trip log, in any order; the same entry_id again gives its first answer."""
    return answered(act(journal.keep_entries, departure_id, actor(), body.device_time, body.entries))


@call(bp, "POST", "/api/v1/departures/<departure:departure_id>/depart", roles=CREW, creates=True)
def depart(departure_id: int) -> Response:
    """Seal the manifest: the departure leaves."""
    return create(200, lambda _, made: made, leaving.depart, departure_id, actor())


@call(bp, "POST", "/api/v1/scans", roles={Role.SCANNER}, body=ScansBody, answer=list[ScanAnswer], revoked_too=True)
def take_scans(body: ScansBody) -> Response:
    """Judge and keep a batch of scans; the same scan_id again gives its first answer."""
    taken = act(scans.take_batch, actor(), body.device_time, body.scans)
    return json_response(json.dumps(taken, ensure_ascii=False, separators=(",", ":")).encode())


def _clear_list(session: Session, departure_id: int, caller: Actor) -> tuple[dict[str, Any], str]:
    found = visible_trip(session, departure_id, caller)
    body = {"departure_id": str(departure_id), "version": manifest.version(session, departure_id),
            "items": manifest.people(session, found, caller)}
    digest = hashlib.sha256(json.dumps(body, default=repr, ensure_ascii=False).encode()).hexdigest()
    return body, digest[:32]


def _sealed_list(session: Session, departure_id: int, caller: Actor) -> tuple[dict[str, Any], str]:
    found = visible_trip(session, departure_id, caller)
    keys.ensure(session, found.campaign_id)
    number = manifest.version(session, departure_id)
    phones.holds(session, caller, number)
    body = {"departure_id": str(departure_id), "version": number, "not_after": clock.local(found.not_after).isoformat(),
            "rows": manifest.sealed_rows(session, found, number)}
    signed_by = sorted(keys.verify_keys(session, found.campaign_id).items())
    digest = hashlib.sha256(repr([departure_id, number, body["not_after"], signed_by]).encode()).hexdigest()
    return body, digest[:32]


def _log(session: Session, departure_id: int, caller: Actor) -> dict[str, Any]:
    return read_log(session, visible_trip(session, departure_id, caller)).as_json()


def _state(session: Session, departure_id: int, caller: Actor) -> dict[str, Any]:
    return queries.state(session, visible_trip(session, departure_id, caller)).as_json()
