"""Answers by the link in a message, as the person and as the desk read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.trip import Trip, of_request
from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.problems import NotFound
from charter.people.models import Employer, Worker
from charter.registrations.links import opened
from charter.registrations.models import Registration, Reply
from charter.registrations.queries import visible_registrations

__all__ = ["Call", "Linked", "calls", "linked"]

KEPT = timedelta(days=2)  # after the campaign's last day a link is dead
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Linked:
    """Whom a link names: as whom its four acts are done, his trip, and what he has answered already."""

    actor: Actor
    trip: Trip
    coming_at: datetime | None
    call_at: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who waits for a call: at which step he was when he asked, and where he stands now."""

    registration_id: UUID
    name: str
    employer: str
    asked_at: datetime
    state_then: str
    state: str


def linked(session: Session, code: str) -> Linked:
    """The page of a link. Raises NotFound for one that we did not write, and after the campaign."""
    key = opened(code)
    row = session.execute(
        select(Registration.worker_id, Campaign.ends_on, Registration.campaign_id)
        .join(Campaign, Campaign.id == Registration.campaign_id).where(Registration.id == key)).first() if key else None
    if row is None or key is None or clock.today() > row.ends_on + KEPT:
        raise NotFound
    actor = Actor(Role.WORKER, account_id="link", scope_kind="worker", scope_id=str(row.worker_id))
    given = {one.kind: one for one in session.scalars(select(Reply).where(
        Reply.campaign_id == row.campaign_id, Reply.registration_id == key))}
    call = given.get("call_back")
    return Linked(actor, of_request(session, actor, key), given["coming"].at if "coming" in given else None,
                  call.at if call is not None and call.done_at is None else None)


def calls(session: Session, actor: Actor) -> list[Call]:
    """Who waits for a call, the longest first, as far as the actor may see them."""
    rows = session.execute(
        select(Reply, Registration.state, Worker.name, Employer.name)
        .join(Registration, (Registration.campaign_id == Reply.campaign_id)
              & (Registration.id == Reply.registration_id))
        .join(Worker, Worker.id == Registration.worker_id).join(Employer, Employer.id == Registration.employer_id)
        .where(Reply.kind == "call_back", Reply.done_at.is_(None), visible_registrations(actor))
        .order_by(Reply.at).limit(SHOWN))
    return [Call(reply.registration_id, name, employer, reply.at, reply.state, state)
            for reply, state, name, employer in rows]
