"""Requests as each reader may see them; scope is part of every query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core.actor import ORGANIZERS, SYSTEM, Actor, Role
from charter.core.bulk import any_of
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.people.models import Employer, Worker, WorkerDocument
from charter.registrations.models import Consent, Party, Registration

__all__ = ["ConsentView", "RegistrationView", "consents", "find", "listing", "living_of", "of_worker",
           "visible_registrations", "visible_to"]

LAYERS = ("use", "sensitive", "sharing", "child")


def visible_registrations(actor: Actor) -> ColumnElement[bool]:
    """The requests that this actor may see, as a condition on Registration."""
    if actor is SYSTEM:
        return true()
    return visible_to(actor.role, actor.scope_kind, uuid_or_none(actor.scope_id or ""))


def visible_to(role: Role | None, scope_kind: str | None,
               scope: UUID | ColumnElement[UUID] | None) -> ColumnElement[bool]:
    """The same for a role and a kind of scope. `scope` may be a place that is filled at each execution; empty it hides
    everything, but from a city organizer without a scope.
    """
    if role == Role.CITY_ORGANIZER:
        return true() if scope_kind is None else Registration.campaign_id == scope
    if scope is None:
        return false()
    if role == Role.HOTLINE:
        return Registration.campaign_id == scope
    if role == Role.WORKER:  # his own, and those whom he registered, as far as nobody doubts them
        handed_in = and_(Registration.source == "worker", Registration.source_id == cast(scope, String),
                         Registration.state != "needs_decision")
        return or_(Registration.worker_id == scope, handed_in)
    if role == Role.EMPLOYER:
        return Registration.employer_id == scope
    if role == Role.ORIGIN_PARTNER:
        return and_(Registration.source == "partner", Registration.source_id == cast(scope, String))
    if role == Role.DISTRICT_ORGANIZER:
        return Registration.employer_id.in_(select(Employer.id).where(Employer.district_id == scope))
    return false()


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """One request: no ID number, no phone; the last four of the document."""

    id: UUID
    campaign_id: UUID
    worker_id: UUID
    name: str
    id_type: str
    last_four: str
    employer_id: UUID
    employer: str
    employer_code: str | None
    origin: str
    origin_text: str
    earliest: date
    latest: date
    modes: tuple[str, ...]
    party_id: UUID | None
    party: str | None
    needs: str
    note: str
    state: str
    state_reason: str
    source: str
    lap_children: int
    answer_by: datetime | None
    created_at: datetime


def listing(session: Session, actor: Actor, campaign_id: UUID, *, limit: int, after: tuple[object, ...] | None = None,
            states: Iterable[str] = (), words: str = "") -> list[RegistrationView]:
    """Requests of a campaign in the order they came; read one more than wanted to know of a next page.

    `words` is a part of the name, or the last four of the document. Raises NotFound for a campaign that is not there,
    or not published, or not the actor's.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or actor.scope("campaign") not in (None, str(campaign_id)) or (
            campaign.state == "draft" and actor.role not in ORGANIZERS):
        raise NotFound
    query = _query().where(Registration.campaign_id == campaign_id, visible_registrations(actor))
    if after is not None:
        query = query.where(tuple_(Registration.created_at, Registration.id)
                            > tuple_(datetime.fromisoformat(str(after[0])), UUID(str(after[1]))))
    wanted = list(states)
    if wanted:
        query = query.where(Registration.state.in_(wanted))
    if words:
        tail = select(WorkerDocument.worker_id).where(WorkerDocument.last_four == words.upper())
        query = query.where(or_(func.strpos(Worker.name, words) > 0, Worker.id.in_(tail)))
    rows = session.execute(query.order_by(Registration.created_at, Registration.id).limit(limit + 1))
    return [_view(row) for row in rows]


def find(session: Session, actor: Actor, registration_id: UUID) -> RegistrationView:
    """One request. Raises NotFound for missing and foreign alike."""
    row = session.execute(_query().where(Registration.id == registration_id, visible_registrations(actor))).first()
    if row is None:
        raise NotFound
    return _view(row)


def of_worker(session: Session, worker_id: UUID) -> list[RegistrationView]:
    """All requests of one person, the newest first."""
    rows = session.execute(_query().where(Registration.worker_id == worker_id)
                           .order_by(Registration.created_at.desc()))
    return [_view(row) for row in rows]


def living_of(session: Session, campaign_id: UUID, worker_ids: Iterable[UUID]) -> dict[UUID, Registration]:
    """The one living request of each worker who has one."""
    rows = session.scalars(select(Registration).where(
        Registration.campaign_id == campaign_id, any_of(Registration.worker_id, list(worker_ids)),
        Registration.state.not_in(("withdrawn", "rejected", "needs_decision"))))
    return {found.worker_id: found for found in rows}


def _query() -> Select[Registration, str, WorkerDocument, Employer, str]:
    # Several documents may belong to one person; the list shows type and tail of one of them.
    one = (select(WorkerDocument.id).where(WorkerDocument.worker_id == Worker.id).order_by(WorkerDocument.id).limit(1)
           .correlate(Worker).scalar_subquery())
    return (select(Registration, Worker.name, WorkerDocument, Employer, Party.label)
            .join(Worker, Worker.id == Registration.worker_id)
            .join(Employer, Employer.id == Registration.employer_id)
            .outerjoin(WorkerDocument, WorkerDocument.id == one)
            .outerjoin(Party, (Party.campaign_id == Registration.campaign_id) & (Party.id == Registration.party_id)))


def _view(row: Row[Registration, str, WorkerDocument, Employer, str]) -> RegistrationView:
    found, name, document, employer, party = row
    return RegistrationView(
        found.id, found.campaign_id, found.worker_id, name, document.id_type if document else "",
        document.last_four if document else "", found.employer_id, employer.name, employer.credit_code, found.origin,
        found.origin_text, found.earliest, found.latest, tuple(found.modes), found.party_id, party, found.needs,
        found.note, found.state, found.state_reason, found.source, found.lap_children, found.answer_by,
        found.created_at)


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A layer of consent that somebody gave."""

    layer: str
    given_at: datetime
    given_by: str
    withdrawn_at: datetime | None


def consents(session: Session, actor: Actor, registration_id: UUID) -> list[ConsentView]:
    """The layers of a request, in the order in which they are asked for. Raises NotFound."""
    found = find(session, actor, registration_id)
    rows = session.scalars(select(Consent).where(Consent.campaign_id == found.campaign_id,
                                                 Consent.registration_id == found.id))
    return [ConsentView(row.layer, row.given_at, row.given_by, row.withdrawn_at)
            for row in sorted(rows, key=lambda row: LAYERS.index(row.layer))]
