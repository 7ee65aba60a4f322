"""What this reader may do with this person now: the one table behind buttons and refusals. Pure."""

from __future__ import annotations

from charter.bookings.desk.person import Person
from charter.bookings.desk.scope import ACTORS, CONFIRMERS, DECIDERS
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.registrations.rules.eligible import RIDING_STATES

__all__ = ["REVEALS", "may", "needs_reason", "reveals"]

WAITING = ("received",)
CHANGEABLE = ("received", "confirmed", "planned", "offered", "booked", "left_behind")
DONE = ("boarded", "arrived", "rejected", "withdrawn")
WITH_REASON = frozenset({"reject", "reveal", "decide", "unlock"})  # whoever does it
REVEALS: dict[Role, tuple[str, ...]] = {
    Role.CITY_ORGANIZER: ("phone", "document", "emergency"),
    Role.DISTRICT_ORGANIZER: ("phone", "document", "emergency"),
    Role.HOTLINE: ("phone", "document", "emergency"), Role.EMPLOYER: ("phone",), Role.ORIGIN_PARTNER: ("phone",),
    Role.FUNDS_AUDITOR: ("person",)}


def may(actor: Actor, person: Person) -> frozenset[str]:
    """The names of the acts that are open."""
    if actor.role not in ACTORS:
        return frozenset()
    state = person.row.state
    opened = {
        "confirm": state in WAITING and actor.role in CONFIRMERS,
        "reject": state in WAITING and actor.role in CONFIRMERS,
        "decide": state == "needs_decision" and actor.role in DECIDERS,
        "withdraw": state not in DONE,
        "restore": state == "withdrawn",
        "change": state in CHANGEABLE,
        "phone": state in CHANGEABLE and (actor.role in ORGANIZERS or actor.role == Role.HOTLINE
                                          or not person.phone_proven),
        "unlock": person.phone_locked and (actor.role in ORGANIZERS or actor.role == Role.HOTLINE),
        "seat": state in RIDING_STATES and not person.living,
        "replace": any(seat.state == "confirmed" and seat.departure_state in ("planned", "open")
                       and seat.boarded_at is None for seat in person.living)}
    return frozenset(name for name, is_open in opened.items() if is_open)


def needs_reason(actor: Actor, name: str) -> bool:
    """The hotline says for whom it acts and why; others where an act takes something away or opens something."""
    return actor.role == Role.HOTLINE or name in WITH_REASON


def reveals(actor: Actor) -> tuple[str, ...]:
    """What this reader may see whole, with a reason: phone, document, whom to call, or the person behind a mask."""
    return REVEALS.get(actor.role, ()) if actor.role else ()
