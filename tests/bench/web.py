"""Figures of the web: a worker's own page and one booking call against a bare INSERT, and memory (`make bench`)."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import load, served
from bench.booking import Rush
from bench.crowd import SEATS, coaches, crowd, scene
from bookings.factories import bearer
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import sessions
from charter.bookings import service
from charter.core import db
from charter.core.actor import Role
from charter.registrations.models import Registration

CLIENTS = 16


def signed_in(session: Session, registration_id: UUID) -> dict[str, str]:
    """The cookie of the person of a request."""
    worker_id = session.scalars(select(Registration.worker_id).where(Registration.id == registration_id)).one()
    account = Account(role=Role.WORKER, name="")
    session.add(account)
    session.flush()
    return {"Cookie": f"session={sessions.begin(session, account, second_factor=False, worker_id=worker_id)}"}


def main() -> None:
    with served.database() as (url, ring):
        with db.transaction() as session:
            made = scene(session, SEATS)
            departures, people = coaches(session, made, 400), crowd(session, made, 19_000)
            caller = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
            booking = service.hold(session, departures[-1], people[-1], "48")
            service.confirm(session, booking.id)
            page = load.get(f"/trip/{people[-1]}", signed_in(session, people[-1]))
        rush = Rush(departures[:-1], people, caller)
        with served.bare(url) as floor, served.charter(url, ring) as ours:
            served.warm(floor, ours, rush.holds())
            pairs = served.compare(ours, floor, CLIENTS, lambda: itertools.repeat(page))
            print(f"a worker's trip  {served.told(pairs)}")
            pairs = served.compare(ours, floor, CLIENTS, rush.holds, 201)
            print(f"one booking      {served.told(pairs)}")
            print(f"resident memory of a worker process: {ours.memory()[-1]:.0f} MB (the floor's: "
                  f"{floor.memory()[-1]:.0f} MB)")


if __name__ == "__main__":
    main()
