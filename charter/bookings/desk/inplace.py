"""Changes by telephone, made in the table itself: another day, not coming; each can be taken back for an hour.

What a change did to seat and pass is said at once; who called stands in the history with the time.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from charter.bookings import service
from charter.bookings.desk import acting
from charter.bookings.desk import person as people
from charter.core import clock
from charter.core.actor import Actor
from charter.core.i18n import gettext
from charter.core.problems import FieldProblem, Invalid, NotFound, Problem
from charter.core.sealed import SealedField
from charter.registrations import changing
from charter.registrations.rules.dates import judge_date, judge_window

__all__ = ["Done", "not_coming", "other_day", "replaced", "take_back"]

BEFORE = SealedField("people_undo", "before")
LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with whom, what became of his seat (kept, gone, back, none), and a text that takes it back."""

    name: str
    act: str
    seat: str
    undo: str = ""


def other_day(session: Session, actor: Actor, registration_id: UUID, days: tuple[str, str], release: bool,
              caller: str) -> Done:
    """Other days of travel. Raises NotFound, Invalid, WrongState, SeatWouldGo where a seat would have to go and
    `release` does not say so."""
    found = people.find(session, actor, registration_id)
    earliest, latest = _judged(days)
    before = {"days": [found.request.earliest.isoformat(), found.request.latest.isoformat()], "seats": _seats(found)}
    acting.for_him(session, actor, registration_id, "change", caller, service.change_registration, registration_id,
                   _wanted(found, earliest, latest), release=release)
    return _done(session, actor, registration_id, "day", before)


def not_coming(session: Session, actor: Actor, registration_id: UUID, caller: str) -> Done:
    """He does not come; his seats are given back. Raises NotFound, Invalid, WrongState."""
    before = {"seats": _seats(people.find(session, actor, registration_id))}
    acting.for_him(session, actor, registration_id, "withdraw", caller, acting.withdraw, registration_id)
    return _done(session, actor, registration_id, "gone", before)


def replaced(actor: Actor, registration_id: UUID, colleague: UUID) -> str:
    """The text that takes a replacement back: the person gets his seat again, the colleague waits as before."""
    return _sealed(actor, registration_id, "replaced", {"colleague": str(colleague)})


def take_back(session: Session, actor: Actor, token: str) -> tuple[UUID, Done]:
    """Undo the change that a text tells of, with the same seat where it is still free.

    Raises NotFound for another's, a changed or an old text, and what the acts raise.
    """
    said, why = _opened(actor, token), gettext("撤销刚才的修改")
    key = UUID(said["id"])
    if said["act"] == "day":
        first, last = (date.fromisoformat(text) for text in said["days"])
        acting.for_him(session, actor, key, "change", why, service.change_registration, key,
                       _wanted(people.find(session, actor, key), first, last), release=False)
    else:
        acting.for_him(session, actor, key, "restore", why, changing.restore, key)
    if said["act"] == "replaced":
        colleague = UUID(said["colleague"])
        acting.for_him(session, actor, colleague, "replace", why, service.replace, colleague, key)
        acting.for_him(session, actor, colleague, "restore", why, changing.restore, colleague)
    had = [tuple(one) for one in said.get("seats", ())]
    for departure, seat in had:
        _seat_again(session, key, departure, seat)
    found = people.find(session, actor, key)
    now = _seats(found)
    kept = "back" if now else "gone" if had else "none"
    return key, Done(found.row.name, "back", kept)


def _seat_again(session: Session, key: UUID, departure: int, seat: str | None) -> None:
    try:
        with session.begin_nested():
            acting.book(session, departure, [key], seat, True)
    except Problem:
        return  # somebody else has it, or the departure takes nobody any more: he waits for another


def _judged(days: tuple[str, str]) -> tuple[date, date]:
    judged = [judge_date(text, field=field, today=clock.today())
              for text, field in zip(days, ("earliest", "latest"), strict=True)]
    problems = [one.problem for one in judged if one.problem is not None]
    problems += [FieldProblem(field, "missing", changing.MUST) for field, one in
                 zip(("earliest", "latest"), judged, strict=True) if one.value is None and one.problem is None]
    order = judge_window(judged[0].value, judged[1].value)
    problems += [order] if order is not None else []
    if problems or judged[0].value is None or judged[1].value is None:
        raise Invalid(errors=problems)
    return judged[0].value, judged[1].value


def _wanted(found: people.Person, earliest: date, latest: date) -> changing.Changed:
    now = found.request
    return changing.Changed(now.origin, now.origin_text, earliest, latest, tuple(now.modes), now.needs, now.note, None)


def _seats(found: people.Person) -> list[tuple[int, str | None]]:
    return [(seat.departure_id, seat.seat) for seat in found.living
            if seat.leg_kind == "main" and seat.state == "confirmed"]


def _done(session: Session, actor: Actor, key: UUID, act: str, before: dict[str, Any]) -> Done:
    session.flush()
    session.expire_all()
    found = people.find(session, actor, key)
    seat = "none" if not before["seats"] else "kept" if _seats(found) == before["seats"] else "gone"
    kept = before if seat == "gone" else before | {"seats": []}
    return Done(found.row.name, act, seat, _sealed(actor, key, act, kept))


def _sealed(actor: Actor, key: UUID, act: str, before: dict[str, Any]) -> str:
    said = json.dumps({"id": str(key), "act": act, "at": int(clock.now().timestamp()), **before})
    return base64.urlsafe_b64encode(BEFORE.seal(actor.caller, said)).decode().rstrip("=")


def _opened(actor: Actor, token: str) -> dict[str, Any]:
    read: Callable[[str], Any] = json.loads
    try:
        raw = base64.urlsafe_b64decode(token[:2_000].encode("ascii") + b"=" * (-len(token) % 4))
        said: dict[str, Any] = read(BEFORE.open_bytes(actor.caller, raw).decode())
    except (ValueError, UnicodeError) as error:
        raise NotFound from error
    if clock.now().timestamp() - said["at"] > LIFE.total_seconds():
        raise NotFound
    return said
