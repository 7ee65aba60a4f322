"""A colleague takes a seat over: one who is on the list already, or a new one, in the same act."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from charter.bookings import service
from charter.bookings.desk import person as people
from charter.bookings.desk.listing import PersonRow, rows
from charter.bookings.desk.telling import tell_seat
from charter.core.actor import Actor, Role
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid
from charter.registrations.handing_in import hand_in
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations
from charter.registrations.rules.eligible import RIDING_STATES

__all__ = ["colleagues", "may_add", "take_over"]

MOST = 200


def may_add(actor: Actor) -> bool:
    """Whether this reader's new people count as confirmed, so that one may take a seat over at once."""
    return actor.role not in (Role.HOTLINE, None)


def colleagues(session: Session, actor: Actor, registration_id: UUID) -> tuple[people.Person, list[PersonRow]]:
    """The person, and who of his employer waits without a seat. Raises NotFound."""
    found = people.find(session, actor, registration_id)
    where = [Registration.campaign_id == found.request.campaign_id, visible_registrations(actor),
             Registration.employer_id == found.request.employer_id, Registration.id != registration_id,
             Registration.state.in_(RIDING_STATES)]
    return found, rows(session, actor, where, "name", limit=MOST)


def take_over(session: Session, actor: Actor, registration_id: UUID, colleague: UUID | None,
              written: Mapping[str, str]) -> UUID:
    """Replace the person by `colleague`, or by the new one that `written` describes (name, id_type, id_number,
    phone; the rest is as the person's). The colleague is told of his seat; his request's id.

    Raises NotFound, Invalid, NotEligible, DepartureClosed, AlreadyBooked, AlreadyRegistered.
    """
    found = people.find(session, actor, registration_id).request
    if colleague is None:
        colleague = _new(session, actor, found, written)
    for booking in service.replace(session, registration_id, colleague):
        tell_seat(session, booking)
    return colleague


def _new(session: Session, actor: Actor, found: Registration, written: Mapping[str, str]) -> UUID:
    if not may_add(actor):
        raise Invalid(errors=[FieldProblem("colleague", "missing", N_("请选一个同事"))])
    made = hand_in(session, actor, found.campaign_id, {
        **{field: written.get(field, "") for field in ("name", "id_type", "id_number", "phone")},
        "employer": str(found.employer_id), "origin": found.origin, "earliest": found.earliest.isoformat(),
        "latest": found.latest.isoformat(), "modes": list(found.modes)})
    if made.state != "confirmed":
        raise Invalid(errors=[FieldProblem("id_number", "needs_decision",
                                           N_("这个人要先由组织方核实，现在不能接替座位"))])
    return made.id
