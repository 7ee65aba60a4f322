"""A request is changed after it was made: days, modes, origin, needs, phone; as written, judged, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.service.persons import move_by_desk
from charter.core import audit, clock
from charter.core.actor import Role, current
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.people.rules.judged import Judged
from charter.people.rules.phones import judge_phone
from charter.people.rules.text import MAX_LONG, judge_plain
from charter.places import table as places
from charter.registrations.models import Registration
from charter.registrations.problems import WrongState
from charter.registrations.queries import visible_registrations
from charter.registrations.rules.dates import judge_date, judge_window
from charter.registrations.rules.modes import judge_modes
from charter.registrations.rules.origins import judge_origin

__all__ = ["MUST", "Changed", "change", "judge_change", "restore"]

MUST = N_("必须填写")
CHANGEABLE = ("received", "confirmed", "planned", "offered", "booked", "left_behind")


@dataclass(frozen=True, slots=True)
class Changed:
    """What a request shall say from now on; `phone` None leaves the phone as it is."""

    origin: str
    origin_text: str
    earliest: date
    latest: date
    modes: tuple[str, ...]
    needs: str
    note: str
    phone: str | None


def judge_change(written: Mapping[str, Any], *, today: date) -> Changed:
    """Judge texts by field name (modes: a list of bus, train, flight). Raises Invalid with every field's problem."""
    problems: list[FieldProblem] = []

    def take(judged: Judged[Any]) -> Any:
        if judged.problem is not None:
            problems.append(judged.problem)
        return judged.value
    origin = judge_origin(str(written.get("origin") or ""), places.load())
    take(origin)
    earliest, latest = (take(judge_date(str(written.get(field) or ""), field=field, today=today))
                        for field in ("earliest", "latest"))
    for field, value in (("earliest", earliest), ("latest", latest)):
        if value is None and not any(found.field == field for found in problems):
            problems.append(FieldProblem(field, "missing", MUST))
    order = judge_window(earliest, latest) if earliest and latest else None
    if order is not None:
        problems.append(order)
    modes = take(judge_modes("、".join(written.get("modes") or ())))
    if not modes:
        problems.append(FieldProblem("modes", "missing", MUST))
    phone = take(judge_phone(str(written["phone"]))) if written.get("phone") else None
    needs, note = (take(judge_plain(str(written.get(field) or ""), field=field, limit=MAX_LONG)) or ""
                   for field in ("needs", "note"))
    if problems:
        raise Invalid(errors=problems)
    return Changed(str(origin.value), origin.text, earliest, latest, tuple(modes), needs, note, phone)


def change(session: Session, registration_id: UUID, wanted: Changed) -> Registration:
    """Write what differs; the audit names the fields. Raises NotFound, WrongState once on board or given up."""
    found = session.scalar(select(Registration).where(
        Registration.id == registration_id, visible_registrations(current())).with_for_update())
    if found is None:
        raise NotFound
    if found.state not in CHANGEABLE:
        raise WrongState
    values = {field: getattr(wanted, field) for field in ("origin", "earliest", "latest", "needs", "note")}
    values |= {"modes": list(wanted.modes), "origin_text": wanted.origin_text or found.origin_text}
    changed = sorted(field for field, value in values.items() if getattr(found, field) != value)
    for field in changed:
        setattr(found, field, values[field])
    if wanted.phone:
        move_by_desk(session, found.worker_id, wanted.phone)
        changed.append("phone")
    if changed:
        found.updated_at = clock.now()
        audit.record(session, "registration.changed", "registration", found.id, fields=changed)
    session.flush()
    return found


def restore(session: Session, registration_id: UUID) -> Registration:
    """Who was withdrawn comes after all: as confirmed as the one who says so may make it; the old seat is gone.

    Raises NotFound, WrongState, AlreadyRegistered where there is another living request meanwhile.
    """
    found = session.scalar(select(Registration).where(
        Registration.id == registration_id, visible_registrations(current())).with_for_update())
    if found is None:
        raise NotFound
    if found.state != "withdrawn":
        raise WrongState
    waits = current().role in (Role.WORKER, Role.HOTLINE) and found.source in ("worker", "hotline")
    found.state, found.state_reason = "received" if waits else "confirmed", ""
    session.flush()
    audit.record(session, "registration.restored", "registration", found.id, state=found.state)
    return found
