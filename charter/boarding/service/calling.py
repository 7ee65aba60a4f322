"""Calls to people who have not come to their stop, as volunteers noted them; the newest of each person counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.boarding.models import MissingCall
from charter.boarding.trips import visible_trip
from charter.bookings.models import Booking
from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid

__all__ = ["OUTCOMES", "Call", "keep_calls", "newest_calls"]

OUTCOMES = ("on_the_way", "not_coming", "no_answer")
MOST = 200


@dataclass(frozen=True, slots=True)
class Call:
    """What one call came to; `until` is when he said he would be there."""

    id: UUID
    booking_id: int
    outcome: str
    until: datetime | None
    at: datetime


def keep_calls(session: Session, departure_id: int, actor: Actor, calls: Sequence[Call]) -> int:
    """Keep them, each once by its id; how many are new. Raises NotFound, Invalid for somebody of another departure."""
    visible_trip(session, departure_id, actor)
    listed = set(session.scalars(select(Booking.id).where(
        Booking.departure_id == departure_id, Booking.id.in_({call.booking_id for call in calls}))))
    wrong = [FieldProblem(f"calls.{at}", "invalid", N_("这个人不在本班次的名单上，或结果不对"))
             for at, call in enumerate(calls) if call.booking_id not in listed or call.outcome not in OUTCOMES]
    if wrong or len(calls) > MOST:
        raise Invalid(errors=wrong)
    if not calls:
        return 0
    made = session.execute(insert(MissingCall).values([
        {"id": call.id, "departure_id": departure_id, "booking_id": call.booking_id, "outcome": call.outcome,
         "until": call.until, "by": actor.caller[:64], "at": call.at} for call in calls])
        .on_conflict_do_nothing().returning(MissingCall.id)).all()
    audit.record(session, "missing.called", "departure", departure_id, count=len(made))
    return len(made)


def newest_calls(session: Session, departure_id: int) -> list[dict[str, Any]]:
    """The newest call to each person of a departure."""
    found = session.scalars(select(MissingCall).where(MissingCall.departure_id == departure_id)
                            .order_by(MissingCall.at, MissingCall.id))
    newest = {call.booking_id: call for call in found}
    return [{"booking_id": str(call.booking_id), "outcome": call.outcome, "at": call.at.isoformat(),
             "until": clock.local(call.until).isoformat() if call.until else None} for call in newest.values()]
