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
from bookings.factories import Scene, bearer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import sessions
from charter.bookings import service
from charter.campaigns.models import Departure
from charter.core import db
from charter.core.actor import Role
from charter.registrations.models import Registration

CLIENTS = 16
TOWN = "511902"


def signed_in(session: Session, registration_id: UUID) -> dict[str, str]:
    """The cookie of the person of a request."""
    worker_id = session.scalars(select(Registration.worker_id).where(Registration.id == registration_id)).one()
    account = Account(role=Role.WORKER, name="")
    session.add(account)
    session.flush()
    return {"Cookie": f"session={sessions.begin(session, account, second_factor=False, worker_id=worker_id)}"}


def a_trip(session: Session, made: Scene) -> bytes:
    """The page of somebody with a seat, whose town has a few coaches of its own."""
    mine, person = coaches(session, made, 5), crowd(session, made, 1)[0]
    session.execute(update(Departure).where(Departure.id.in_(mine)).values(origins=[TOWN]))
    session.execute(update(Registration).where(Registration.id == person).values(origin=TOWN))
    service.confirm(session, service.hold(session, mine[0], person, "48").id)
    return load.get(f"/trip/{person}", signed_in(session, person))


def main() -> None:
    with served.database() as (url, ring):
        with db.transaction() as session:
            made = scene(session, SEATS)
            departures, people = coaches(session, made, 400), crowd(session, made, 19_000)
            caller = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
            page = a_trip(session, made)
        rush = Rush(departures, people, caller)
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
