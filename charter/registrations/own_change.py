"""A worker changes his own request: origin, days, modes, and how he gets to the stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.opening import Opening, opening
from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.problems import Invalid, NotFound
from charter.places import table as places
from charter.registrations import queries
from charter.registrations.models import Registration
from charter.registrations.problems import WrongState
from charter.registrations.queries import RegistrationView, visible_registrations
from charter.registrations.rules.filled import Asked
from charter.registrations.rules.joining import judge_way

__all__ = ["CHANGEABLE", "Change", "change", "load", "typed"]

CHANGEABLE = ("received", "confirmed", "left_behind")  # nothing has been arranged yet


@dataclass(frozen=True, slots=True)
class Change:
    """What the page is about."""

    campaign: Opening
    asked: Asked
    request: RegistrationView
    reach: str


def load(session: Session, actor: Actor, registration_id: UUID) -> Change:
    """The request as it is. Raises NotFound, WrongState where it is arranged already or the campaign is over."""
    found = queries.find(session, actor, registration_id)
    campaign = opening(session, found.campaign_id)
    if campaign is None:
        raise NotFound
    if found.state not in CHANGEABLE or not campaign.days:
        raise WrongState
    reach = session.scalar(select(Registration.reach).where(Registration.campaign_id == found.campaign_id,
                                                            Registration.id == found.id)) or "self"
    return Change(campaign, Asked(clock.today(), campaign.days, campaign.modes), found, reach)


def typed(form: Change) -> dict[str, Any]:
    """The fields as they stand now."""
    request = form.request
    return {"origin": request.origin, "earliest": request.earliest.isoformat(), "latest": request.latest.isoformat(),
            "modes": list(request.modes), "reach": form.reach}


def change(session: Session, actor: Actor, registration_id: UUID, written: Mapping[str, Any], today: date) -> None:
    """Write the changed request; its state stays. Raises Invalid, NotFound, WrongState."""
    form = load(session, actor, registration_id)
    judged = judge_way(written, today=today, table=places.load(), days=form.asked.days, offered=form.asked.modes)
    if judged.problems:
        raise Invalid(errors=judged.problems)
    found = session.scalars(select(Registration).where(
        Registration.id == registration_id, visible_registrations(actor)).with_for_update()).one()
    if found.state not in CHANGEABLE:
        raise WrongState
    found.origin, found.origin_text = judged.values["origin"], ""
    found.earliest, found.latest = judged.values["earliest"], judged.values["latest"]
    found.modes, found.reach = list(judged.values["modes"]), judged.values["reach"]
    session.flush()
    audit.record(session, "registration.changed", "registration", found.id)
