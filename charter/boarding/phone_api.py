"""JSON for volunteers' phones alone: what they need beside the list, the list for search, calls, hand-over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from pydantic import AwareDatetime, Field
from sqlalchemy.orm import Session

from charter.boarding import queries
from charter.boarding.problems import PinLocked, PinWrong
from charter.boarding.service import calling, handing, inviting, unlocking
from charter.boarding.trips import visible_trip
from charter.core.actor import Actor, Role
from charter.core.api import Answer, Body, actor, answered, call
from charter.core.db import act, ask
from charter.core.routes import PUBLIC

__all__ = ["bp"]

bp = Blueprint("boarding_phone_api", __name__)
PHONE = {Role.SCANNER}
OLDEST, NEWEST = 0, 2**32 - 1


class JoinBody(Body):
    """The secret of an invitation, how the phone is to be called, and the public half of its own key in base64."""

    invitation: str = Field(max_length=100)
    name: str = Field(default="", max_length=80)
    key: str = Field(default="", max_length=100)


class PinBody(Body):
    """A volunteer's PIN: six digits."""

    pin: str = Field(max_length=12)


class UnlockBody(Body):
    """A PIN, and the version of the list that is to be opened."""

    pin: str = Field(max_length=12)
    version: int = Field(ge=OLDEST, le=NEWEST)


class CallBody(Body):
    """What one call to somebody missing came to."""

    id: UUID
    booking_id: str = Field(pattern="^[0-9]{1,19}$")
    outcome: str = Field(max_length=12)
    until: AwareDatetime | None = None
    at: AwareDatetime


class CallsBody(Body):
    """Calls, each kept once."""

    calls: list[CallBody] = Field(max_length=calling.MOST)


class BundleBody(Body):
    """Unsent scans of another phone, in base64."""

    bundle: str = Field(max_length=1_000_000)


class KeyAnswer(Answer):
    """The key of the list in base64."""

    key: str


@call(bp, "POST", "/api/v1/scanners", roles=PUBLIC, body=JoinBody, status=201)
def join(body: JoinBody) -> dict[str, str]:
    """A volunteer's phone shows its invitation, once, and gets its token."""
    return act(inviting.join, body.invitation, body.name, body.key)


@call(bp, "GET", "/api/v1/departures/<departure:departure_id>/scanning", roles=PHONE)
def scanning(departure_id: int) -> dict[str, Any]:
    """What a scanner's phone needs beside its list."""
    return ask(_scanning, departure_id, actor())


@call(bp, "GET", "/api/v1/departures/<departure:departure_id>/people", roles=PHONE, query=("before",))
def people(departure_id: int) -> Response:
    """The list for search, sealed for this phone; `before` is the version that it has open."""
    written = request.args.get("before", "")
    known = written.isascii() and written.isdigit() and len(written) < 11
    found = act(unlocking.the_list, departure_id, actor(), int(written) if known else None)
    response = answered(found)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@call(bp, "POST", "/api/v1/departures/<departure:departure_id>/pin", roles=PHONE, body=PinBody)
def set_pin(departure_id: int, body: PinBody) -> Response:
    """The volunteer chooses a PIN, just after the phone joined."""
    act(unlocking.set_pin, departure_id, actor(), body.pin)
    return answered({"set": True})


@call(bp, "POST", "/api/v1/departures/<departure:departure_id>/unlock", roles=PHONE, body=UnlockBody, answer=KeyAnswer)
def unlock(departure_id: int, body: UnlockBody) -> Response:
    """The key of the list for search, for the right PIN; five wrong ones, and no more."""
    tried = act(unlocking.unlock, departure_id, actor(), body.pin, body.version)
    if tried.key is None:
        raise PinWrong(left=tried.left) if tried.left else PinLocked
    return answered({"key": tried.key})


@call(bp, "POST", "/api/v1/departures/<departure:departure_id>/calls", roles=PHONE, body=CallsBody)
def keep_calls(departure_id: int, body: CallsBody) -> Response:
    """What calls to the missing came to; the same id is kept once."""
    made = [calling.Call(one.id, int(one.booking_id), one.outcome, one.until, one.at) for one in body.calls]
    return answered({"kept": act(calling.keep_calls, departure_id, actor(), made)})


@call(bp, "POST", "/api/v1/handovers", roles=PHONE, body=BundleBody)
def hand_over(body: BundleBody) -> Response:
    """Unsent scans that this phone carries for another one."""
    return answered({"answers": act(handing.take_bundle, body.bundle)})


def _scanning(session: Session, departure_id: int, caller: Actor) -> dict[str, Any]:
    return queries.scanning(session, visible_trip(session, departure_id, caller)) | {
        "handover_key": handing.public_half(), "calls": calling.newest_calls(session, departure_id)}
