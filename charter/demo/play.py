"""Boarding days played by the desk's own acts: yesterday's departures left, today's are boarding."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding.service import leaving, scans
from charter.bookings.models import Booking
from charter.bookings.service import reschedule
from charter.campaigns.models import Departure
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.db import act, ask

__all__ = ["play"]

DESK = Actor(Role.CITY_ORGANIZER, account_id="demo", name="demo")
ABSENT = 0.04
HELD_BACK = 2  # departures of today that are boarding now


def play(campaign_id: UUID, seed: int) -> str:
    """Board and send off what should have left by now; half board what leaves within six hours. Says what was done."""
    rng = random.Random(seed)  # noqa: S311 - invented events
    today = clock.today()
    gone = boarding = 0
    for departure_id, day, leaves in ask(_departures, campaign_id):
        if day > today:
            break
        if day == today and boarding < HELD_BACK:
            boarding += 1
            act(reschedule, departure_id, clock.now() + timedelta(hours=2 + boarding))
            _board(rng, departure_id, 0.5)
        elif leaves <= clock.now():
            gone += 1
            with clock.travel(leaves - timedelta(minutes=10) - clock.now()):
                _board(rng, departure_id, 1 - ABSENT)
                _send_off(departure_id)
    return f"{gone} departures left, {boarding} are boarding"


def _departures(session: Session, campaign_id: UUID) -> Sequence[tuple[int, date, datetime]]:
    rows = session.execute(select(Departure.id, Departure.date, Departure.departs_at).where(
        Departure.campaign_id == campaign_id).order_by(Departure.departs_at))
    return [(row[0], row[1], row[2]) for row in rows]


def _board(rng: random.Random, departure_id: int, share: float) -> None:
    for serial in ask(_passengers, departure_id):
        if rng.random() < share:
            act(scans.take_by_desk, DESK, departure_id, {
                "scan_id": str(uuid4()), "booking_id": str(serial), "departure_id": str(departure_id), "stop_id": None,
                "kind": "board", "scanned_at": clock.local(clock.now()).isoformat(), "shown": "ok"})


def _passengers(session: Session, departure_id: int) -> Sequence[int]:
    return session.scalars(select(Booking.id).where(Booking.departure_id == departure_id,
                                                    Booking.state == "confirmed").order_by(Booking.slot)).all()


def _on_board(session: Session, departure_id: int) -> int:
    return len(session.scalars(select(Booking.id).where(Booking.departure_id == departure_id,
                                                        Booking.boarded_at.is_not(None))).all())


def _send_off(departure_id: int) -> None:
    act(leaving.count, departure_id, DESK, stop_id=None, counted=ask(_on_board, departure_id))
    act(leaving.depart, departure_id, DESK)
