"""The manifest's versions: planned, sealed at departure, as it was in fact, handed over; and every pass ever issued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.models import Account, ApiToken
from charter.boarding import handover, queries
from charter.boarding.models import ManifestSnapshot
from charter.boarding.trips import Trip
from charter.bookings.models import Booking
from charter.core import clock
from charter.core.actor import Actor
from charter.core.ids import uuid_or_none
from charter.passes.queries import issued

__all__ = ["Difference", "Sealing", "Versions", "versions"]

STANDINGS = ("current", "superseded", "cancelled", "revoked")


@dataclass(frozen=True, slots=True)
class Sealing:
    """The list as it left: its number and digest, who sealed it and when, how many in which state."""

    version: int
    at: datetime
    by: str
    digest: str
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """Somebody whose state, by what has come since, is another than in the sealed list."""

    booking_id: str
    sealed: str
    now: str


@dataclass(frozen=True, slots=True)
class Versions:
    """All four, as far as the trip has come. `passes` counts the rows of the sealed list by what each pass is worth."""

    planned: int
    people: int
    sealing: Sealing | None
    actual: Mapping[str, int]
    differences: list[Difference]
    firms: list[handover.Firm]
    passes: Mapping[str, int]


def versions(session: Session, found: Trip, actor: Actor) -> Versions:
    """The versions of one trip's list."""
    state = queries.state(session, found)
    kept = session.get(ManifestSnapshot, found.departure_id)
    now = {booking: one.state for booking, one in state.states.items()}
    before = {row["booking_id"]: row["state"] for row in kept.rows} if kept else {}
    either = sorted(before.keys() | now.keys()) if kept else []
    differences = [Difference(booking, before.get(booking, "—"), now.get(booking, "—"))
                   for booking in either if before.get(booking) != now.get(booking)]
    sealing = Sealing(kept.version, kept.sealed_at, _who(session, kept.sealed_by), kept.digest.hex(),
                      Counter(before.values())) if kept else None
    return Versions(state.version, len(now), sealing, Counter(now.values()), differences,
                    handover.firms(session, found, actor, clock.now()), _passes(session, found))


def _who(session: Session, caller: str) -> str:
    """The name of an account or a phone."""
    known = uuid_or_none(caller)
    account = session.get(Account, known) if known else None
    token = session.get(ApiToken, known) if known and account is None else None
    return account.name if account else token.name if token else caller


def _passes(session: Session, found: Trip) -> dict[str, int]:
    """Every pass ever issued for the departure, by what it is worth now."""
    rows = issued(session, found.departure_id)
    bookings = {row.id: row for row in session.scalars(
        select(Booking).where(Booking.id.in_({one.booking_id for one in rows})))}
    count: Counter[str] = Counter()
    for one in rows:
        booking = bookings[one.booking_id]
        count["revoked" if one.reported else "cancelled" if booking.state != "confirmed"
              else "current" if one.revision == booking.revision else "superseded"] += 1
    return {standing: count[standing] for standing in STANDINGS}
