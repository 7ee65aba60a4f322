"""One request as somebody wrote it, in a form or a call: judged, scoped, registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.people.models import Employer
from charter.places import table as places
from charter.registrations import service
from charter.registrations.models import Registration
from charter.registrations.rules.request import Request, judge_request

__all__ = ["employer_named", "hand_in", "judged"]


def hand_in(session: Session, actor: Actor, campaign_id: UUID, written: Mapping[str, Any]) -> Registration:
    """Register what was written (texts by field name; `employer` a credit code, id or name).

    Raises Invalid with every field's problem, NotFound for a foreign campaign, AlreadyRegistered, CampaignClosed.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.state == "draft" or actor.scope("campaign") not in (None, str(campaign_id)):
        raise NotFound
    problems: list[FieldProblem] = []
    employer_id = None
    try:
        employer_id = employer_named(session, actor, written.get("employer"))
    except Invalid as wrong:
        problems += wrong.errors
    request = None
    try:
        request = judged(campaign, written)
    except Invalid as wrong:
        problems += wrong.errors
    if problems or request is None or employer_id is None:
        raise Invalid(errors=problems)
    return service.register(session, actor, campaign_id, employer_id, request)


def judged(campaign: Campaign, written: Mapping[str, Any]) -> Request:
    """The judged request; days left out are the campaign's. Raises Invalid."""
    return judge_request(written, today=clock.today(), table=places.load(), first=campaign.starts_on,
                         last=campaign.ends_on)


def employer_named(session: Session, actor: Actor, written: str | None) -> UUID:
    """The employer that the actor may hand in for: his own, or the one of a code, id or name. Raises Invalid."""
    own = actor.scope("employer") is not None
    return service.employer_for(session, actor, written if own else _code_of(session, written or ""))


def _code_of(session: Session, written: str) -> str:
    """The id of the one employer whose name this is, or is part of; any other text as it came."""
    words = "".join(written.split())
    if len(words) < 2 or uuid_or_none(words) is not None:
        return words
    ids = session.execute(
        select(Employer.id, Employer.name).where(or_(Employer.name == words, func.strpos(Employer.name, words) > 0))
        .order_by(Employer.name != words, Employer.name).limit(2)).all()
    exact = len(ids) == 1 or (len(ids) == 2 and ids[0].name == words)
    if len(ids) > 1 and not exact:
        raise Invalid(errors=[FieldProblem("employer", "employer_unknown",
                                           N_("叫这个名字的企业不止一家，请写全名或信用代码"))])
    return str(ids[0].id) if ids else words
