"""Boarding days played by phones as real ones are: what should have left has, what should have arrived too."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.service.tokens import create_token
from charter.boarding.queries import state
from charter.boarding.service import leaving, scans
from charter.boarding.trips import visible_trip
from charter.bookings.service import reschedule
from charter.campaigns.models import Departure
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.db import act, ask
from charter.passes.queries import passes_of_departure

__all__ = ["play"]

DESK = Actor(Role.CITY_ORGANIZER, account_id="demo", name="demo")
ABSENT, BY_HAND = 0.04, 0.06
APART = timedelta(seconds=5)  # people board one after the other
HELD_BACK = 2  # departures of today that are boarding now
ON_THE_ROAD = 2
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Trip:
    id: int
    day: date
    leaves: datetime
    arrives: datetime
    alone: bool  # no leg of a journey


def play(campaign_id: UUID, seed: int, say: Say) -> str:
    """Board and send off what should have left by now; half board what leaves within six hours. Says what was done."""
    rng = random.Random(seed)  # noqa: S311 - invented events
    done: Counter[str] = Counter()
    _fill(campaign_id, clock.today() - timedelta(days=1), 1)
    _fill(campaign_id, clock.today(), HELD_BACK)
    trips = ask(_trips, campaign_id)
    past = [trip for trip in trips if trip.leaves <= clock.now()]
    for trip in [trip for trip in trips if trip.alone and trip.day >= clock.today()][:HELD_BACK]:
        done["boarding"] += 1
        soon = clock.now().replace(second=0, microsecond=0) + timedelta(hours=2 + done["boarding"])
        act(reschedule, trip.id, soon)
        _board(rng, trip.id, 0.5)
        past = [other for other in past if other.id != trip.id]
    for place, trip in enumerate(past, 1):
        _ride(rng, trip, done)
        if place % 50 == 0:
            say(f"boarded {place} of {len(past)} departures")
    return ", ".join(f"{number} {word}" for word, number in sorted(done.items()))


def _fill(campaign_id: UUID, day: date, least: int) -> None:
    """A small demo may have no departure on a day that is to be shown: the nearest ones move to it."""
    alone = [trip for trip in ask(_trips, campaign_id) if trip.alone]
    short = least - sum(trip.day == day for trip in alone)
    others = [trip for trip in alone if not 0 <= (clock.today() - trip.day).days <= 1]
    for trip in sorted(others, key=lambda trip: (abs(trip.day - day), trip.leaves))[:max(short, 0)]:
        act(reschedule, trip.id, trip.leaves + (day - trip.day))


def _trips(session: Session, campaign_id: UUID) -> list[_Trip]:
    return [_Trip(row.id, row.date, row.departs_at, row.arrives_at, row.journey_id is None)
            for row in session.scalars(select(Departure).where(Departure.campaign_id == campaign_id)
                                       .order_by(Departure.departs_at, Departure.id))]


def _ride(rng: random.Random, trip: _Trip, done: Counter[str]) -> None:
    with clock.travel(trip.leaves - timedelta(minutes=10) - clock.now()):
        _board(rng, trip.id, 1 - ABSENT)
        act(leaving.count, trip.id, DESK, stop_id=None, counted=ask(_on_board, trip.id))
        act(leaving.depart, trip.id, DESK)
        done["left"] += 1
    fresh = trip.day == clock.today() - timedelta(days=1) and done["not yet arrived"] < ON_THE_ROAD
    if fresh:  # of yesterday's, some have not been reported as arrived
        done["not yet arrived"] += 1
    elif trip.arrives <= clock.now():
        with clock.travel(trip.arrives - clock.now()):
            act(leaving.arrive, trip.id, DESK)
        done["arrived"] += 1


def _board(rng: random.Random, departure_id: int, share: float) -> None:
    """A phone scans the passes that are shown to it, and sends them in one batch; some people are found by hand."""
    coming = [(serial, None if rng.random() < BY_HAND else text)
              for serial, text in ask(_passes, departure_id) if rng.random() < share]
    batch = [_scan(departure_id, serial, text, clock.now() - APART * (len(coming) - place))
             for place, (serial, text) in enumerate(coming)]
    act(scans.take_batch, act(_phone, departure_id), clock.now().isoformat(), batch)


def _phone(session: Session, departure_id: int) -> Actor:
    token, _ = create_token(session, Role.SCANNER, "departure", str(departure_id), days=3, name="志愿者手机（演示）")
    return Actor(Role.SCANNER, account_id=f"token:{token.id}", scope_kind="departure", scope_id=str(departure_id),
                 name=token.name, token_id=str(token.id))


def _scan(departure_id: int, serial: int, text: str | None, at: datetime) -> dict[str, Any]:
    shown = {"pass": text} if text else {"booking_id": str(serial), "reason": "手机没电，查证件上车"}
    return {"scan_id": str(uuid4()), "departure_id": str(departure_id), "stop_id": None, "kind": "board",
            "scanned_at": clock.local(at).isoformat(), "shown": "go"} | shown


def _passes(session: Session, departure_id: int) -> Sequence[tuple[int, str]]:
    return [(one.booking_id, one.text) for one in passes_of_departure(session, departure_id)]


def _on_board(session: Session, departure_id: int) -> int:
    return state(session, visible_trip(session, departure_id, DESK)).figures.on_board
