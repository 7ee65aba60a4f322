"""Departures and people in bulk, straight in the tables: what measurements of booking need, and no more."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from bookings.factories import ORIGIN, Scene, coach, scene
from sqlalchemy import insert
from sqlalchemy.orm import Session

from charter.core import clock
from charter.people.models import Worker
from charter.registrations.models import Registration

__all__ = ["coaches", "crowd", "scene"]

SEATS = 48


def coaches(session: Session, made: Scene, number: int) -> list[int]:
    """So many open coaches of 48 seats, on days that everybody here accepts."""
    return [coach(session, made.campaign, made.corridor, made.vehicle, made.stop, SEATS, days=2 + place % 5).id
            for place in range(number)]


def crowd(session: Session, made: Scene, number: int, employer: UUID | None = None) -> list[UUID]:
    """So many confirmed requests, each of a worker of its own."""
    today = clock.today()
    workers = [{"id": uuid4(), "name": "王甲"} for _ in range(number)]
    requests = [{"campaign_id": made.campaign.id, "id": uuid4(), "worker_id": one["id"],
                 "employer_id": employer or made.employer.id, "origin": ORIGIN, "earliest": today,
                 "latest": today + timedelta(days=10), "modes": ["bus"], "state": "confirmed", "source": "employer"}
                for one in workers]
    for start in range(0, number, 5_000):
        session.execute(insert(Worker), workers[start:start + 5_000])
        session.execute(insert(Registration), requests[start:start + 5_000])
    return [one["id"] for one in requests]
