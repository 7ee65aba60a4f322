"""JSON of passes: a booking's pass as text and pictures, and the public keys that check it."""

from __future__ import annotations

import base64
from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field

from charter.core.actor import Role
from charter.core.api import Answer, actor, call
from charter.core.db import act, ask
from charter.core.i18n import language
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.core.routes import PUBLIC
from charter.passes import cards, queries, rendering, service

__all__ = ["bp"]

bp = Blueprint("passes_api", __name__)
HOLDERS = {Role.WORKER, Role.EMPLOYER, Role.HOTLINE, Role.ORIGIN_PARTNER, Role.DISTRICT_ORGANIZER, Role.CITY_ORGANIZER}


class PassAnswer(Answer):
    """A pass: the QR's text and what stands beside it."""

    text: str = Field(alias="pass")
    revision: int
    departure_id: str
    seat: str | None
    stop: str | None
    gather_at: datetime
    bay: str
    valid_from: datetime
    valid_until: datetime


class KeyAnswer(Answer):
    """The public half of one key, as in a JWK."""

    number: int
    x: str
    y: str
    verify_until: datetime
    revoked: bool


class KeysAnswer(Answer):
    """All keys of a campaign."""

    items: list[KeyAnswer]


@call(bp, "GET", "/api/v1/bookings/<serial:booking_id>/pass", roles=HOLDERS, answer=PassAnswer)
def boarding_pass(booking_id: int) -> dict[str, object]:
    """The pass of a confirmed booking."""
    found = act(service.prepare, booking_id, actor())
    return {"pass": found.text, "revision": found.revision, "departure_id": str(found.departure_id),
            "seat": found.seat, "stop": found.stop, "gather_at": found.gather_at, "bay": found.bay,
            "valid_from": found.valid_from, "valid_until": found.valid_until}


@call(bp, "GET", "/api/v1/bookings/<serial:booking_id>/pass.svg", roles=HOLDERS, answer="image/svg+xml")
def boarding_pass_svg(booking_id: int) -> Response:
    """The pass's QR as SVG."""
    return picture(rendering.svg(act(service.prepare, booking_id, actor()).text), "image/svg+xml")


@call(bp, "GET", "/api/v1/bookings/<serial:booking_id>/pass.png", roles=HOLDERS, answer="image/png")
def boarding_pass_png(booking_id: int) -> Response:
    """The pass's QR as PNG."""
    return picture(rendering.png(act(service.prepare, booking_id, actor()).text), "image/png")


@call(bp, "GET", "/api/v1/bookings/<serial:booking_id>/pass.pdf", roles=HOLDERS, answer="application/pdf")
def boarding_pass_pdf(booking_id: int) -> Response:
    """The pass on paper."""
    found = act(service.prepare, booking_id, actor())
    return picture(rendering.pdf([cards.card(found, language())], cards.title(found)), "application/pdf")


@call(bp, "GET", "/api/v1/campaigns/<campaign_id>/pass-keys", roles=PUBLIC, answer=KeysAnswer)
def pass_keys(campaign_id: str) -> dict[str, object]:
    """The keys by which a pass of the campaign is checked."""
    known = uuid_or_none(campaign_id)
    if known is None:
        raise NotFound
    return {"items": [{"number": key.number, "x": _url64(key.public[:32]), "y": _url64(key.public[32:]),
                       "verify_until": key.verify_until, "revoked": key.revoked_at is not None}
                      for key in ask(queries.public_keys, known)]}


def picture(content: bytes, kind: str) -> Response:
    """A picture of a pass, which nobody may store on the way."""
    return Response(content, content_type=kind, headers={"Cache-Control": "private, no-store"})


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
