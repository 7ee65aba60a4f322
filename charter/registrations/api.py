"""JSON of requests: hand one in, confirm it. Reading them, with their bookings, is the bookings room's."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.api import Body, actor, call, create
from charter.core.db import act
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.people.queries import workers
from charter.places import table as places
from charter.registrations import service
from charter.registrations.forms import MAKERS, RegistrationMade
from charter.registrations.models import Registration
from charter.registrations.rules.request import Request, judge_request

__all__ = ["bp"]

bp = Blueprint("registrations_api", __name__)


class RegistrationBody(Body):
    """A request as written; fields and their codes as in an employer's list."""

    name: str = ""
    id_type: str | None = None
    id_number: str = ""
    phone: str = ""
    employer: str | None = None
    origin: str = ""
    earliest: str | None = None
    latest: str | None = None
    modes: list[str] | str | None = None
    party: str | None = None
    needs: str | None = None


@call(bp, "POST", "/api/v1/campaigns/<uuid:campaign_id>/registrations", roles=MAKERS, body=RegistrationBody,
      answer=RegistrationMade, status=201, creates=True)
def make_registration(campaign_id: UUID, body: RegistrationBody) -> Response:
    """Hand in one request."""
    return create(201, _made, _make, actor(), campaign_id, body)


def _make(session: Session, caller: Actor, campaign_id: UUID, body: RegistrationBody) -> Registration:
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.state == "draft" or caller.scope("campaign") not in (None, str(campaign_id)):
        raise NotFound
    problems: list[FieldProblem] = []
    employer_id = None
    try:
        employer_id = service.employer_for(session, caller, body.employer)
    except Invalid as wrong:
        problems += wrong.errors
    request = None
    try:
        request = judge_request(body.model_dump(), today=clock.today(), table=places.load(), first=campaign.starts_on,
                                last=campaign.ends_on)
    except Invalid as wrong:
        problems += wrong.errors
    if problems or request is None or employer_id is None:
        raise Invalid(errors=problems)
    _own_document(session, caller, request)
    return service.register(session, caller, campaign_id, employer_id, request)


def _own_document(session: Session, caller: Actor, request: Request) -> None:
    """A worker registers himself: the document must be one of his own."""
    key = uuid_or_none(caller.scope("worker") or "")
    if caller.role != Role.WORKER or key is None:
        return
    known = workers.documents_of(session, key)
    if known and not any(number.same_as(request.id_number) for _, number in known):
        raise Invalid(errors=[FieldProblem("id_number", "not_yours", N_("这不是您登记过的证件号码"))])


def _made(_: Session, found: Registration) -> RegistrationMade:
    return RegistrationMade(id=str(found.id), state=found.state)


@call(bp, "POST", "/api/v1/registrations/<uuid:registration_id>/confirm",
      roles=MAKERS - {Role.WORKER, Role.HOTLINE}, answer=RegistrationMade)
def confirm_registration(registration_id: UUID) -> RegistrationMade:
    """The employer or an organizer confirms a request; again gives the same."""
    found = act(service.confirm, registration_id)
    return RegistrationMade(id=str(found.id), state=found.state)
