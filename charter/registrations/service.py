"""Acts on requests: register (one or many), confirm, reject, withdraw, and the states that other rooms bring about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.actor import ORGANIZERS, Actor, Role, current
from charter.core.bulk import any_of, array_text, insert_many
from charter.core.i18n import N_
from charter.core.ids import new_uuid, new_uuids, uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.people.models import Employer, Worker
from charter.people.rules.credit_codes import judge_credit_code
from charter.people.service.workers import Found, PersonIn, find_many, find_or_make_many
from charter.registrations import queries
from charter.registrations.correcting import apply, corrections
from charter.registrations.models import Consent, Registration
from charter.registrations.problems import AlreadyRegistered, CampaignClosed, WrongState
from charter.registrations.rules.request import Request

__all__ = ["CONSENT_VERSION", "Outcome", "confirm", "employer_for", "employer_of", "hand_passes_by", "pass_bearers",
           "preview_many", "register", "register_many", "reject", "set_state_many", "source_of", "withdraw",
           "withdraw_consent"]

CONSENT_VERSION = "2026-1"
LIVING = ("received", "confirmed", "planned", "offered", "booked", "boarded", "arrived", "left_behind")
MENDABLE = ("received", "confirmed", "left_behind")  # nothing has been arranged yet
FIELDS = ("origin", "earliest", "latest", "modes", "needs", "note")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: new, changed, unchanged or needs_decision."""

    change: str
    registration_id: UUID | None
    state: str


def source_of(actor: Actor) -> tuple[str, str]:
    """Who hands a request in, and under which id it is found again."""
    kinds = {Role.WORKER: "worker", Role.EMPLOYER: "employer", Role.ORIGIN_PARTNER: "partner", Role.HOTLINE: "hotline"}
    return kinds.get(actor.role, "organizer") if actor.role else "organizer", actor.scope_id or actor.caller


def employer_of(session: Session, written: str) -> Employer:
    """The employer of a credit code or an id. Raises Invalid at field `employer`."""
    key = uuid_or_none(written)
    query = select(Employer).where(Employer.id == key)
    if key is None:
        judged = judge_credit_code(written)
        query = select(Employer).where(Employer.credit_code == (judged.value or ""))
    found = session.scalar(query)
    if found is None:
        code = "employer_unknown" if written else "missing"
        raise Invalid(errors=[FieldProblem("employer", code, N_("没有找到这家用工企业"))])
    return found


def employer_for(session: Session, actor: Actor, written: str | None) -> UUID:
    """The employer whose people this actor hands in: his own, or the one named. Raises Invalid at field `employer`."""
    own = actor.scope("employer")
    found = employer_of(session, own or written or "")
    district = actor.scope("district")
    foreign = own is not None and written and employer_of(session, written).id != found.id
    if foreign or (district is not None and str(found.district_id) != district):
        raise Invalid(errors=[FieldProblem("employer", "employer_unknown", N_("没有找到这家用工企业"))])
    return found.id


def register(session: Session, actor: Actor, campaign_id: UUID, employer_id: UUID, request: Request) -> Registration:
    """One request. Raises AlreadyRegistered where the actor may see the earlier one, CampaignClosed, NotFound."""
    source, source_id = source_of(actor)
    outcome = register_many(session, campaign_id, employer_id, [request], source=source, source_id=source_id,
                            mend=False)[0]
    found = session.scalars(select(Registration).where(
        Registration.campaign_id == campaign_id, Registration.id == outcome.registration_id)).one()
    if outcome.change == "needs_decision" and _sees_another(session, actor, found):
        raise AlreadyRegistered
    audit.record(session, "registration.made", "registration", found.id, state=found.state, source=source)
    return found


def _sees_another(session: Session, actor: Actor, found: Registration) -> bool:
    """Whether the actor may see an earlier request of the same person, a waiting one too."""
    return session.scalar(select(Registration.id).where(
        Registration.campaign_id == found.campaign_id, Registration.worker_id == found.worker_id,
        Registration.id != found.id, Registration.state.not_in(("withdrawn", "rejected")),
        queries.visible_registrations(actor)).limit(1)) is not None


def preview_many(session: Session, campaign_id: UUID, employer_id: UUID, requests: Sequence[Request], *, source: str,
                 source_id: str, earlier: Sequence[UUID | None] = ()) -> list[Outcome]:
    """What `register_many` would do with each request; nothing is written, and the campaign may be closed."""
    people = find_many(session, _persons(requests))
    corrected = corrections(session, campaign_id, employer_id, requests, earlier)
    labels = _party_ids(session, campaign_id, employer_id, {found.party for found in requests if found.party})
    known = _Known(session, campaign_id, employer_id, source, source_id, [one.worker_id for one in people if one])
    outcomes = []
    for place, (request, person) in enumerate(zip(requests, people, strict=True)):
        own = known.own(person) if person else None
        if place in corrected:
            outcomes.append(Outcome("changed", corrected[place].registration_id, ""))
        elif person is None:
            outcomes.append(Outcome("new", None, _first_state(source, decides=False)))
        elif own is not None:
            party = labels.get(request.party, UUID(int=0)) if request.party else None
            outcomes.append(_compared(own, _differences(own, request, party), person))
        else:
            state = _first_state(source, decides=known.decides(person))
            outcomes.append(Outcome("needs_decision" if state == "needs_decision" else "new", None, state))
    return outcomes


def register_many(session: Session, campaign_id: UUID, employer_id: UUID, requests: Sequence[Request], *, source: str,
                  source_id: str, mend: bool = True, earlier: Sequence[UUID | None] = ()) -> list[Outcome]:
    """Requests of one employer in set-based statements; with `mend` a list handed in again updates what changed, the
    same one nothing.

    Made by a worker or the hotline they are `received`, else `confirmed`. A person with a living request elsewhere, or
    known under another name, waits as `needs_decision`; the cause is told to nobody. `earlier` says of each request
    which one it was in an earlier list, where that is known: then a corrected name or number changes the person.
    Raises NotFound, CampaignClosed.
    """
    campaign = _open_campaign(session, campaign_id)
    corrected = corrections(session, campaign_id, employer_id, requests, earlier)
    apply(session, corrected)
    people = find_or_make_many(session, _persons(requests))
    known = _Known(session, campaign_id, employer_id, source, source_id,
                   [one.worker_id for one in people if not one.made])
    parties = _parties(session, campaign_id, employer_id, {found.party for found in requests if found.party})
    outcomes: list[Outcome] = []
    now = clock.now()
    fresh: dict[UUID, dict[str, object]] = {}
    for place, (request, person) in enumerate(zip(requests, people, strict=True)):
        own = known.own(person) if mend else None
        party = parties.get(request.party)
        if own is not None:
            outcome = _mended(own, request, party, person)
            outcomes.append(replace(outcome, change="changed") if place in corrected else outcome)
            continue
        if person.worker_id in fresh:  # one person by two documents in one list
            outcomes.append(Outcome("unchanged", fresh[person.worker_id]["id"], ""))  # type: ignore[arg-type]
            continue
        state = _first_state(source, decides=known.decides(person))
        values = _values(campaign, employer_id, request, person, party, state, source, source_id, now)
        fresh[person.worker_id] = values
        outcomes.append(Outcome("needs_decision" if state == "needs_decision" else "new", values["id"], state))  # type: ignore[arg-type]
    _insert(session, campaign_id, list(fresh.values()), source)
    session.flush()
    return outcomes


def _persons(requests: Sequence[Request]) -> list[PersonIn]:
    return [PersonIn(found.name, found.id_type, found.id_number, found.phone or None, found.household_book,
                     found.upgraded)
            for found in requests]


class _Known:
    """The requests that people have already, as one source may touch them: its own living one, and one that waits."""

    def __init__(self, session: Session, campaign_id: UUID, employer_id: UUID, source: str, source_id: str,
                 worker_ids: Sequence[UUID]) -> None:
        self.employer_id = employer_id
        self.partner = source_id if source == "partner" else None  # touches what it handed in itself
        self.living = queries.living_of(session, campaign_id, set(worker_ids))
        self.waiting = {found.worker_id: found for found in session.scalars(select(Registration).where(
            Registration.campaign_id == campaign_id, Registration.employer_id == employer_id,
            any_of(Registration.worker_id, set(worker_ids)), Registration.state == "needs_decision"))
            if self._mine(found)}

    def own(self, person: Found) -> Registration | None:
        """The request that a new one of the same source mends."""
        living = self.living.get(person.worker_id)
        if living is not None and self._mine(living) and not person.other_name:
            return living
        return self.waiting.get(person.worker_id)

    def decides(self, person: Found) -> bool:
        """Whether a new request must wait for somebody to decide."""
        return person.other_name or person.worker_id in self.living

    def _mine(self, found: Registration) -> bool:
        handed_in = self.partner is None or (found.source == "partner" and found.source_id == self.partner)
        return found.employer_id == self.employer_id and handed_in


CONSENTS = text(
    "INSERT INTO consent (campaign_id, registration_id, layer, version, given_at, given_by) "
    "SELECT :campaign, made.id, layer, :version, :now, :by FROM unnest(CAST(:ids AS uuid[])) AS made(id), "
    "unnest(ARRAY['use', 'sensitive']) AS layer")


def _insert(session: Session, campaign_id: UUID, fresh: Sequence[dict[str, object]], source: str) -> None:
    if not fresh:
        return
    insert_many(session, Registration, fresh)
    session.execute(CONSENTS, {
        "campaign": campaign_id, "ids": array_text(values["id"] for values in fresh), "version": CONSENT_VERSION,
        "now": clock.now(), "by": source if source in ("worker", "employer") else "employer"})


def _open_campaign(session: Session, campaign_id: UUID) -> Campaign:
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    if campaign.state != "open":
        raise CampaignClosed
    return campaign


NEW_PARTIES = text(
    "INSERT INTO party (campaign_id, id, employer_id, label) SELECT :campaign, made.id, :employer, made.label "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:labels AS text[])) AS made(id, label) "
    "ON CONFLICT DO NOTHING RETURNING label, id")
# Label by label through the index that leaves empty ones out, whatever size the planner takes the table for.
OLD_PARTIES = text(
    "SELECT wanted.label, party.id FROM unnest(CAST(:labels AS text[])) AS wanted(label), LATERAL ("
    "SELECT id FROM party WHERE campaign_id = :campaign AND employer_id = :employer AND party.label = wanted.label "
    "AND party.label <> '' LIMIT 1) AS party")


def _parties(session: Session, campaign_id: UUID, employer_id: UUID, labels: set[str]) -> dict[str, UUID]:
    if not labels:
        return {}
    made = _ids(session.execute(NEW_PARTIES, {
        "campaign": campaign_id, "employer": employer_id, "labels": array_text(sorted(labels)),
        "ids": array_text(new_uuids(len(labels)))}))
    return made | _party_ids(session, campaign_id, employer_id, labels - set(made))


def _party_ids(session: Session, campaign_id: UUID, employer_id: UUID, labels: set[str]) -> dict[str, UUID]:
    if not labels:
        return {}
    return _ids(session.execute(OLD_PARTIES, {
        "campaign": campaign_id, "employer": employer_id, "labels": array_text(labels)}))


def _ids(rows: Iterable[Any]) -> dict[str, UUID]:
    return {row.label: row.id for row in rows}


def _first_state(source: str, *, decides: bool) -> str:
    if decides:
        return "needs_decision"
    return "received" if source in ("worker", "hotline") else "confirmed"


def _values(campaign: Campaign, employer_id: UUID, request: Request, person: Found, party: UUID | None, state: str,
            source: str, source_id: str, now: datetime) -> dict[str, object]:
    waits, other = state in ("received", "needs_decision"), person.other_name
    return {"campaign_id": campaign.id, "id": new_uuid(), "worker_id": person.worker_id, "employer_id": employer_id,
            "origin": request.origin, "origin_text": request.origin_text, "earliest": request.earliest,
            "latest": request.latest, "modes": list(request.modes), "party_id": party, "needs": request.needs,
            "note": request.note, "state": state, "state_reason": "name" if other and state == "needs_decision" else "",
            "other_name": request.name if other else "", "pass_by": "",
            "source": source, "source_id": source_id, "lap_children": 0, "reach": "self", "created_at": now,
            "updated_at": now, "answer_by": now + timedelta(hours=campaign.answer_hours) if waits else None}


def _differences(earlier: Registration, request: Request, party: UUID | None) -> dict[str, object]:
    wanted = {field: getattr(request, field) for field in FIELDS} | {"modes": list(request.modes), "party_id": party}
    return {field: value for field, value in wanted.items() if getattr(earlier, field) != value}


def _compared(earlier: Registration, changed: dict[str, object], person: Found) -> Outcome:
    confirms = earlier.state == "received"  # the employer's own list confirms what the worker said
    if changed and earlier.state not in (*MENDABLE, "needs_decision"):
        return Outcome("needs_decision", earlier.id, earlier.state)
    same = not (changed or confirms or person.other_phone)
    return Outcome("unchanged" if same else "changed", earlier.id, "confirmed" if confirms else earlier.state)


def _mended(earlier: Registration, request: Request, party: UUID | None, person: Found) -> Outcome:
    changed = _differences(earlier, request, party)
    outcome = _compared(earlier, changed, person)
    if outcome.change == "changed":
        for field, value in changed.items():
            setattr(earlier, field, value)
        if earlier.state == "received":
            earlier.state, earlier.answer_by = "confirmed", None
    return outcome


def confirm(session: Session, registration_id: UUID) -> Registration:
    """The employer (or an organizer) says: yes, this is our worker. Again gives the same. A case waits for an
    organizer. Raises NotFound, WrongState, AlreadyRegistered where the person has another living request."""
    found = _locked(session, registration_id)
    _is_ours_to_judge(found)
    if found.state in ("received", "needs_decision"):
        found.state, found.state_reason, found.answer_by = "confirmed", "", None
        session.flush()
        audit.record(session, "registration.confirmed", "registration", found.id)
    elif found.state not in LIVING:
        raise WrongState
    return found


def reject(session: Session, registration_id: UUID, reason: str) -> Registration:
    """Refuse a request that waits; a case waits for an organizer. Raises NotFound, WrongState."""
    found = _locked(session, registration_id)
    _is_ours_to_judge(found)
    if found.state not in ("received", "needs_decision", "confirmed", "rejected"):
        raise WrongState
    if found.state != "rejected":
        found.state, found.state_reason, found.answer_by = "rejected", reason[:200], None
        audit.record(session, "registration.rejected", "registration", found.id, reason=reason or None)
    return found


def withdraw(session: Session, registration_id: UUID) -> Registration:
    """The person does not come. Again gives the same. Raises NotFound, WrongState once on board."""
    found = _locked(session, registration_id)
    if found.state in ("boarded", "arrived", "rejected"):
        raise WrongState
    if found.state != "withdrawn":
        found.state, found.answer_by = "withdrawn", None
        audit.record(session, "registration.withdrawn", "registration", found.id)
    return found


def withdraw_consent(session: Session, registration_id: UUID, layer: str) -> None:
    """The person takes a layer of consent back; again changes nothing. Raises NotFound."""
    found = _locked(session, registration_id)
    given = session.get(Consent, (found.campaign_id, found.id, layer))
    if given is None:
        raise NotFound
    if given.withdrawn_at is None:
        given.withdrawn_at = clock.now()
        audit.record(session, "consent.withdrawn", "registration", found.id, layer=layer)


def set_state_many(session: Session, campaign_id: UUID, registration_ids: Iterable[UUID], state: str,
                   reason: str = "") -> None:
    """Write a state that planning, bookings or boarding brought about, and why (a Chinese message id).

    Rows that the session has read already are not looked through: with n of them that would take n x n comparisons.
    """
    ids = list(registration_ids)
    for start in range(0, len(ids), 5_000):
        session.execute(update(Registration).where(
            Registration.campaign_id == campaign_id, Registration.id.in_(ids[start:start + 5_000]))
            .values(state=state, state_reason=reason, answer_by=None).execution_options(synchronize_session=False))


def pass_bearers(session: Session, campaign_id: UUID, employer_id: UUID, tags: Sequence[bytes]) -> dict[bytes, str]:
    """Who hands out the passes of an employer's people with these phones, where that is known."""
    rows = session.execute(select(Worker.phone_tag, func.max(Registration.pass_by)).join(
        Registration, Registration.worker_id == Worker.id).where(
        any_of(Worker.phone_tag, tags), Registration.campaign_id == campaign_id,
        Registration.employer_id == employer_id, Registration.pass_by != "").group_by(Worker.phone_tag))
    return {tag: name for tag, name in rows if tag is not None}


def hand_passes_by(session: Session, campaign_id: UUID, employer_id: UUID, tag: bytes, name: str) -> None:
    """Somebody hands the passes to the people of an employer who share this phone; "" for nobody."""
    session.execute(update(Registration).where(
        Registration.campaign_id == campaign_id, Registration.employer_id == employer_id,
        Registration.worker_id.in_(select(Worker.id).where(Worker.phone_tag == tag)), Registration.pass_by != name)
        .values(pass_by=name).execution_options(synchronize_session=False))


def _is_ours_to_judge(found: Registration) -> None:
    if found.state == "needs_decision" and current().role not in (None, *ORGANIZERS):
        raise WrongState


def _locked(session: Session, registration_id: UUID) -> Registration:
    found = session.scalar(select(Registration).where(
        Registration.id == registration_id, queries.visible_registrations(current())).with_for_update())
    if found is None:
        raise NotFound
    return found
