"""Which departures a person may ride now, with what is free on each; for the desk's seat page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings import queries
from charter.bookings.desk import person as people
from charter.bookings.desk.person import Person
from charter.bookings.service.room import SELLING, STAFF_SELLING
from charter.campaigns.models import Departure
from charter.core import clock
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.registrations.rules.eligible import RIDING_STATES

__all__ = ["Choice", "Offer", "offers"]

MOST = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A departure that fits; `left` places are free."""

    id: int
    code: str
    mode: str
    departs_at: datetime
    state: str
    left: int


@dataclass(frozen=True, slots=True)
class Offer:
    """The page: the person, what fits, the chosen departure with its free printed seats, party mates without seat."""

    person: Person
    choices: tuple[Choice, ...]
    chosen: Choice | None
    free: tuple[str, ...]
    mates: tuple[UUID, ...]


def offers(session: Session, actor: Actor, registration_id: UUID, chosen: int | None, booking: int | None) -> Offer:
    """What the person may ride. `booking` is the seat to be moved. Raises NotFound."""
    found = people.find(session, actor, registration_id)
    choices = _choices(session, actor, found)
    here = next((one.departure_id for one in found.seats if one.id == booking), None)
    picked = next((one for one in choices if one.id == (chosen or here)), None)
    free: tuple[str, ...] = ()
    if picked is not None:
        lines = [line for car in queries.seat_map(session, actor, picked.id) for line in car]
        free = tuple(seat.name for line in lines for seat in line if seat is not None and seat.state == "free")
    seated = {one.departure_id for one in found.living}
    mates = tuple(one.id for one in found.party if one.state in RIDING_STATES) if not seated else ()
    return Offer(found, tuple(choices), picked, free, mates)


def _choices(session: Session, actor: Actor, found: Person) -> Sequence[Choice]:
    request = found.request
    states = STAFF_SELLING if actor.role in ORGANIZERS or actor.role == Role.HOTLINE else SELLING
    rows = session.scalars(select(Departure).where(
        Departure.campaign_id == request.campaign_id, Departure.published_at.is_not(None),
        Departure.leg_kind == "main", Departure.state.in_(states), Departure.departs_at > clock.now(),
        Departure.date.between(request.earliest, request.latest), Departure.mode.in_(request.modes),
        Departure.origins.contains([request.origin])).order_by(Departure.departs_at, Departure.id).limit(MOST)).all()
    taken = queries.seats_taken(session, [row.id for row in rows])
    return [Choice(row.id, row.code, row.mode, row.departs_at, row.state,
                   max(row.seats_total - taken.get(row.id, 0), 0)) for row in rows]
