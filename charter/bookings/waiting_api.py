"""JSON of the waiting list: what a refusal of a full departure offers. An offer is a held booking of the request; it is
confirmed and cancelled as any other one.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from charter.bookings import line, service
from charter.bookings.models import Waiting
from charter.campaigns.models import Departure
from charter.core import clock
from charter.core.api import Answer, Body, actor, call, create
from charter.core.db import act, ask
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.registrations import queries as requests
from charter.registrations.forms import MAKERS

__all__ = ["bp"]

bp = Blueprint("waiting_api", __name__)


class WaitBody(Body):
    """Which departure's corridor, on which days (by default that departure's), how far from home by road (km), and who
    waits together with the person."""

    departure_id: str
    earliest: str | None = None
    latest: str | None = None
    within_km: int = 40
    together_with: list[str] | None = None


class WaitAnswer(Answer):
    """A place in the line; `ahead` counts the people before it, `offer_expires_at` is when what is offered goes on."""

    id: str
    registration_id: str
    corridor: str
    earliest: date
    latest: date
    within_km: int
    state: str
    since: datetime
    ahead: int
    offer_expires_at: datetime | None


class WaitsAnswer(Answer):
    """The places of one request."""

    items: list[WaitAnswer]


def _answer(found: line.Place) -> WaitAnswer:
    return WaitAnswer(
        id=str(found.id), registration_id=str(found.registration_id), corridor=found.corridor, earliest=found.first_day,
        latest=found.last_day, within_km=found.within_km, state=found.state, since=clock.local(found.since),
        ahead=found.ahead, offer_expires_at=clock.local(found.until) if found.until else None)


@call(bp, "POST", "/api/v1/registrations/<uuid:registration_id>/waiting", roles=MAKERS, body=WaitBody,
      answer=WaitsAnswer, status=201, creates=True)
def wait(registration_id: UUID, body: WaitBody) -> Response:
    """Take a place in the line of a departure's corridor."""
    return create(201, _joined, _join, registration_id, body)


def _join(session: Session, registration_id: UUID, body: WaitBody) -> list[Waiting]:
    number = int(body.departure_id) if body.departure_id.isascii() and body.departure_id.isdigit() else 0
    departure = session.get(Departure, number) if 0 < number < 2**48 else None
    request = requests.find(session, actor(), registration_id)
    if departure is None or departure.published_at is None or departure.campaign_id != request.campaign_id:
        raise NotFound
    mates = [uuid_or_none(written) for written in (body.together_with or [])[:50]]
    if None in mates:
        raise NotFound
    people = [registration_id, *(key for key in mates if key is not None and key != registration_id)]
    return service.wait_for(session, people, service.Wanted(
        departure.corridor_id, _day(body.earliest, departure.date), _day(body.latest, departure.date), body.within_km))


def _day(written: str | None, otherwise: date) -> date:
    try:
        return otherwise if written is None else date.fromisoformat(written)
    except ValueError as error:
        raise Invalid(errors=[FieldProblem("earliest", "date_invalid", N_("日期应写成 2026-02-12 这样"))]) from error


def _joined(session: Session, found: list[Waiting]) -> WaitsAnswer:
    return WaitsAnswer(items=[_answer(one) for row in found for one in line.places_of(
        session, row.campaign_id, row.registration_id) if one.id == row.id])


@call(bp, "GET", "/api/v1/registrations/<uuid:registration_id>/waiting", roles=MAKERS, answer=WaitsAnswer)
def waits(registration_id: UUID) -> WaitsAnswer:
    """Where a request stands in lines."""
    found = ask(requests.find, actor(), registration_id)
    return WaitsAnswer(items=[_answer(one) for one in ask(line.places_of, found.campaign_id, found.id)])


@call(bp, "POST", "/api/v1/registrations/<uuid:registration_id>/waiting/leave", roles=MAKERS, answer=WaitsAnswer)
def leave(registration_id: UUID) -> WaitsAnswer:
    """Wait no longer; again gives the same."""
    act(service.leave_line, registration_id)
    found = ask(requests.find, actor(), registration_id)
    return WaitsAnswer(items=[_answer(one) for one in ask(line.places_of, found.campaign_id, found.id)])
