"""JSON of requests: hand one in, confirm it. Reading them, with their bookings, is the bookings room's."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from charter.core.actor import Role
from charter.core.api import Body, actor, call, create
from charter.core.db import act
from charter.registrations import service
from charter.registrations.forms import MAKERS, RegistrationMade
from charter.registrations.handing_in import hand_in
from charter.registrations.models import Registration

__all__ = ["bp"]

bp = Blueprint("registrations_api", __name__)


class RegistrationBody(Body):
    """A request as written; fields and their codes as in an employer's list."""

    name: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    phone: str | None = None
    employer: str | None = None
    origin: str | None = None
    earliest: str | None = None
    latest: str | None = None
    modes: list[str] | str | None = None
    party: str | None = None
    needs: str | None = None


@call(bp, "POST", "/api/v1/campaigns/<uuid:campaign_id>/registrations", roles=MAKERS, body=RegistrationBody,
      answer=RegistrationMade, status=201, creates=True)
def make_registration(campaign_id: UUID, body: RegistrationBody) -> Response:
    """Hand in one request."""
    return create(201, _made, hand_in, actor(), campaign_id, body.model_dump())


def _made(_: Session, found: Registration) -> RegistrationMade:
    return RegistrationMade(id=str(found.id), state=found.state)


@call(bp, "POST", "/api/v1/registrations/<uuid:registration_id>/confirm",
      roles=MAKERS - {Role.WORKER, Role.HOTLINE}, answer=RegistrationMade)
def confirm_registration(registration_id: UUID) -> RegistrationMade:
    """The employer or an organizer confirms a request; again gives the same."""
    found = act(service.confirm, registration_id)
    return RegistrationMade(id=str(found.id), state=found.state)
