"""The act that ends the phone form: a worker, and who rides along, are registered by their own phone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import sessions
from charter.access.service.codes import PHONE
from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.ids import new_uuid
from charter.core.problems import Invalid
from charter.core.sealed import SealedField
from charter.notices.service import tell
from charter.people.models import Worker
from charter.people.queries import workers
from charter.people.sealing import document_tag, phone_tag
from charter.people.service.workers import prove_phone
from charter.places import table as places
from charter.registrations import drafts, service
from charter.registrations.models import Companion, Consent, HealthDeclaration, Party, Registration
from charter.registrations.problems import AlreadyRegistered
from charter.registrations.rules.filled import Asked, Filled, LapChild, fill
from charter.registrations.rules.request import Request

__all__ = ["hand_in", "own_phone"]

EMERGENCY = SealedField("registration", "emergency")
HEALTH = SealedField("health_declaration", "answers")
COMPANION = SealedField("companion", "number")


def own_phone(session: Session, actor: Actor) -> str:
    """The phone (11 digits) that this account has proven by a code; "" where it has none."""
    account = session.get(Account, UUID(actor.account_id)) if actor.account_id else None
    if account is None or account.phone_sealed is None:
        return ""
    return PHONE.open_bytes(account.id, account.phone_sealed).decode()


def hand_in(session: Session, actor: Actor, campaign_id: UUID, asked: Asked) -> UUID | None:
    """Register everybody of the draft, all or nobody; the first one's request, None where the draft is gone (a second
    tap). Who was registered by somebody else's phone before waits as needs_decision.

    Raises Invalid with the problems of all steps, AlreadyRegistered, CampaignClosed.
    """
    written = drafts.take(session, actor, campaign_id)
    if written is None:
        return None
    phone = own_phone(session, actor)
    found = fill(written, phone, asked, places.load())
    if found.main is None:
        raise Invalid(errors=[problem for problems in found.problems.values() for problem in problems])
    employer = service.employer_of(session, found.employer)
    made = _register(session, actor, campaign_id, employer.id, [found.main, *found.riders], phone)
    _write_answers(session, campaign_id, made, found)
    _own(session, actor, made, phone)
    drafts.discard(session, actor, campaign_id)
    _tell(session, campaign_id, made[0], phone)
    return made[0].id


def _register(session: Session, actor: Actor, campaign_id: UUID, employer_id: UUID, requests: Sequence[Request],
              phone: str) -> list[Registration]:
    """The requests' rows in the same order. A person whom another phone has proven is not taken over by this one."""
    foreign = [_of_another_phone(session, request, phone) for request in requests]
    source, source_id = service.source_of(actor)
    outcomes = service.register_many(
        session, campaign_id, employer_id,
        [replace(request, phone="") if other else request for request, other in zip(requests, foreign, strict=True)],
        source=source, source_id=source_id, mend=False)
    rows = []
    for outcome, other in zip(outcomes, foreign, strict=True):
        if outcome.registration_id is None:
            raise AlreadyRegistered
        row = session.scalars(select(Registration).where(
            Registration.campaign_id == campaign_id, Registration.id == outcome.registration_id)).one()
        if other and row.state == "received":
            row.state, row.state_reason = "needs_decision", "phone"
        audit.record(session, "registration.made", "registration", row.id, state=row.state, source=source)
        rows.append(row)
    session.flush()
    return rows


def _of_another_phone(session: Session, request: Request, phone: str) -> bool:
    known = workers.by_document(session, request.id_type, request.id_number)
    person = session.get(Worker, known) if known else None
    return person is not None and person.phone_tag not in (None, phone_tag(phone))


def _write_answers(session: Session, campaign_id: UUID, made: Sequence[Registration], found: Filled) -> None:
    main = made[0]
    if len(made) > 1:
        party = Party(campaign_id=campaign_id)
        session.add(party)
        session.flush()
        for row in made:
            row.party_id = party.id
    name, phone = found.emergency
    for row in made:
        row.reach = found.reach
        row.emergency_sealed = EMERGENCY.seal(row.id, json.dumps({"name": name, "phone": phone}, ensure_ascii=False))
        if found.health:
            session.add(HealthDeclaration(campaign_id=campaign_id, registration_id=row.id, answers_sealed=HEALTH.seal(
                row.id, json.dumps(dict(found.health), ensure_ascii=False))))
    main.lap_children = len(found.laps)
    session.add_all([_lap(main, child) for child in found.laps])
    _write_consents(session, campaign_id, made, found)
    session.flush()


def _write_consents(session: Session, campaign_id: UUID, made: Sequence[Registration], found: Filled) -> None:
    """Layers use and sensitive stand already; who rides along agreed through the one who types, a child through him."""
    for place, row in enumerate(made, -1):
        by = "worker" if place < 0 else "guardian" if place in found.children else "family"
        session.execute(update(Consent).where(Consent.campaign_id == campaign_id, Consent.registration_id == row.id)
                        .values(given_by=by))
        layers = ["sharing", *["child"] * (by == "guardian" or (place < 0 and bool(found.laps)))]
        session.add_all([Consent(campaign_id=campaign_id, registration_id=row.id, layer=layer, given_at=clock.now(),
                                 version=service.CONSENT_VERSION, given_by="guardian" if layer == "child" else by)
                         for layer in layers])


def _lap(main: Registration, child: LapChild) -> Companion:
    made = Companion(campaign_id=main.campaign_id, registration_id=main.id, name=child.name, id_type=child.id_type,
                     birth_date=child.birth_date, number_tag=document_tag(child.id_type, child.id_number))
    made.id = new_uuid()
    made.number_sealed = COMPANION.seal(made.id, child.id_number)
    return made


def _own(session: Session, actor: Actor, made: Sequence[Registration], phone: str) -> None:
    """The phone is proven for whom no other phone was known, and a session without a person acts for the first one.

    Requests that wait for a decision open nothing.
    """
    sure = [row for row in made if row.state != "needs_decision"]
    for row in sure:
        person = session.get_one(Worker, row.worker_id, populate_existing=True)
        if person.phone_tag == phone_tag(phone):
            prove_phone(session, person.id)
    main = made[0]
    if main in sure and actor.scope_id is None and actor.session_id is not None:
        sessions.choose_worker(session, actor.session_id, main.worker_id)
        for row in made:
            row.source_id = str(main.worker_id)
    session.flush()


def _tell(session: Session, campaign_id: UUID, main: Registration, phone: str) -> None:
    campaign = session.get_one(Campaign, campaign_id)
    if phone and main.answer_by is not None:
        tell(session, phone, "registration_received",
             {"moment": clock.local(main.answer_by).strftime("%m月%d日 %H:%M"), "hotline": campaign.hotline},
             unique_key=f"registration_received|{main.id}", campaign_id=campaign_id)
