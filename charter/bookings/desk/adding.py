"""Somebody is put on the list from the desk: over the telephone, at the counter, one by one."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from charter.bookings.desk.acting import why
from charter.campaigns.choosing import campaign_of
from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.actor import Actor, Role
from charter.core.ids import new_uuid
from charter.core.problems import FieldProblem, Invalid
from charter.people.rules.names import judge_name
from charter.people.rules.phones import judge_phone
from charter.people.sealing import document_tag
from charter.registrations.handing_in import hand_in
from charter.registrations.joining import COMPANION, EMERGENCY
from charter.registrations.models import REACH, Companion, Registration
from charter.registrations.rules.joining import judge_companion

__all__ = ["FIELDS", "add", "empty"]

FIELDS = ("name", "id_type", "id_number", "phone", "employer", "origin", "earliest", "latest", "reach", "party",
          "needs", "note", "emergency_name", "emergency_phone", "lap_name", "lap_number")
LAP = {"name": "lap_name", "id_number": "lap_number", "birth_date": "lap_number", "kind": "lap_number"}


def empty(campaign: Campaign) -> dict[str, Any]:
    """A form that nobody has filled in."""
    return dict.fromkeys(FIELDS, "") | {
        "earliest": campaign.starts_on.isoformat(), "latest": campaign.ends_on.isoformat(), "reach": "self",
        "modes": ["bus", "train", "flight"]}


def add(session: Session, actor: Actor, campaign_id: str, written: dict[str, Any], reason: str) -> UUID:
    """Register what was typed, with whom to call, how he gets to the stop, and a lap child; the request's id.

    Raises Invalid with every field's problem, NotFound, AlreadyRegistered, CampaignClosed.
    """
    campaign = campaign_of(session, actor, campaign_id)
    kept = why(actor, "add", reason)
    own = {"employer": None} if actor.role == Role.EMPLOYER else {}
    extra, problems = _extra(written)
    try:
        made = hand_in(session, actor, campaign.id, written | own)
    except Invalid as wrong:
        raise Invalid(errors=[*wrong.errors, *problems]) from wrong
    if problems:
        raise Invalid(errors=problems)
    _write(session, made, written, extra)
    if kept:
        audit.record(session, "person.acted", "registration", made.id, reason=kept, act="add")
    return made.id


def _extra(written: dict[str, Any]) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Judge what the list's fields do not have: whom to call, and a child on the lap. Both may be left empty."""
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    if written.get("emergency_name") or written.get("emergency_phone"):
        for field, judged in (("emergency_name", judge_name(written["emergency_name"], field="emergency_name")),
                              ("emergency_phone", judge_phone(written["emergency_phone"], field="emergency_phone"))):
            values[field] = judged.value
            problems += [judged.problem] if judged.problem else []
    if written.get("lap_name") or written.get("lap_number"):
        child = judge_companion({"kind": "lap", "name": written["lap_name"], "id_number": written["lap_number"]},
                                today=clock.today(), travel=clock.today(), modes=written.get("modes") or ())
        values["child"] = child.values
        problems += [FieldProblem(LAP.get(one.field, "lap_number"), one.code, one.message, one.params)
                     for one in child.problems]
    return values, problems


def _write(session: Session, made: Registration, written: dict[str, Any], extra: dict[str, Any]) -> None:
    made.reach = written["reach"] if written.get("reach") in REACH else "self"
    if "emergency_name" in extra:
        made.emergency_sealed = EMERGENCY.seal(made.id, json.dumps(
            {"name": extra["emergency_name"], "phone": extra["emergency_phone"]}, ensure_ascii=False))
    if child := extra.get("child"):
        document, key = child["id_number"], new_uuid()
        made.lap_children = 1
        session.add(Companion(
            campaign_id=made.campaign_id, id=key, registration_id=made.id, name=child["name"],
            id_type=document.id_type, birth_date=child["birth_date"],
            number_sealed=COMPANION.seal(key, document.number),
            number_tag=document_tag(document.id_type, document.number)))
    session.flush()
