"""Figures of the desk over a large campaign: statements and time of each page (`make bench-desk`)."""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import served
from bench.bare import insert_at
from bench.crowd import PEOPLE, SEATS, coaches, crowd, scene
from bookings.factories import ORIGIN
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import sessions
from charter.app import create_app
from charter.campaigns.models import Departure
from charter.core import db, routes
from charter.core.actor import Role
from charter.funding import sharing
from charter.funding.rules.shares import Rule
from charter.funding.service import plan_costs, set_actual
from charter.people.models import Employer
from charter.registrations.models import Registration

WORKERS, EMPLOYERS, VEHICLES = 20_000, 700, 660
ROUNDS = 5
MORE = 80_000  # people who make the export one of 100,000 rows
STATEMENTS, MILLISECONDS = 25, 150  # what a page may take
SPREAD = text("""
WITH firm AS (SELECT id, row_number() OVER () - 1 AS place FROM employer),
     person AS (SELECT campaign_id, id, row_number() OVER () AS place FROM registration)
UPDATE registration r SET employer_id = firm.id FROM person, firm
WHERE r.campaign_id = person.campaign_id AND r.id = person.id AND person.place % :firms = firm.place
""")
SEATED = text("""
WITH rider AS (SELECT r.campaign_id, r.id, w.number, row_number() OVER () - 1 AS place
               FROM registration r JOIN worker w ON w.id = r.worker_id),
     coach AS (SELECT id, departs_at, arrives_at, row_number() OVER (ORDER BY id) - 1 AS place FROM departure),
     booked AS (
        INSERT INTO booking (campaign_id, id, registration_id, departure_id, worker_number, during, slot, seat,
                             lap_children, state, revision, created_at, confirmed_at)
        SELECT rider.campaign_id, 1 + (random() * 9e18)::bigint, rider.id, coach.id, number,
               tstzrange(departs_at, arrives_at), rider.place % :seats + 1, (rider.place % :seats + 1)::text, 0,
               'confirmed', 1, now(), now()
        FROM rider JOIN coach ON coach.place = rider.place / :seats RETURNING registration_id)
UPDATE registration SET state = 'booked' FROM booked WHERE registration.id = booked.registration_id
""")


def world(session: Session) -> str:
    """The campaign, and the cookie of a city organizer."""
    made = scene(session, SEATS)
    made.vehicle = served.vehicle(session, SEATS)
    coaches(session, made, VEHICLES)
    crowd(session, made, WORKERS)
    session.add_all(Employer(name=f"某某有限公司{number}", district_id=made.employer.district_id)
                    for number in range(EMPLOYERS))
    session.flush()
    session.execute(SPREAD, {"firms": EMPLOYERS})
    session.execute(SEATED, {"seats": 31})
    money(session, made.campaign.id)
    account = Account(role=Role.CITY_ORGANIZER, username="city", name="市总")
    session.add(account)
    session.flush()
    return sessions.begin(session, account, second_factor=True)


def money(session: Session, campaign_id: UUID) -> None:
    """A cost for each vehicle, a bill for half of them, all left and booked by rules of three payers."""
    ids = list(session.scalars(select(Departure.id).where(Departure.campaign_id == campaign_id)))
    plan_costs(session, dict.fromkeys(ids, 1_234_567))
    for rule in (Rule("district", "percent", 3_000), Rule("employer", "head", 2_000), Rule("worker", "head", 500)):
        sharing.add_rule(session, campaign_id, rule, "")
    session.execute(text("UPDATE departure SET state = 'arrived', departed_at = departs_at WHERE id = ANY(:ids)"),
                    {"ids": ids[::2]})
    session.execute(text("UPDATE booking SET boarded_at = now() WHERE departure_id = ANY(:ids)"), {"ids": ids[::2]})
    for one in ids[::2]:
        set_actual(session, one, 1_200_000)
    sharing.book(session, campaign_id)


def more(session: Session, number: int) -> None:
    """So many further people of one employer."""
    campaign_id, employer_id = session.execute(
        select(Registration.campaign_id, Registration.employer_id).limit(1)).one()
    session.execute(PEOPLE, {"number": number, "campaign": campaign_id, "employer": employer_id, "origin": ORIGIN})


@contextmanager
def counted() -> Iterator[list[str]]:
    """Statements that go to the database."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])
    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def pages() -> list[str]:
    """Every page of the desk that a city organizer opens without naming anything."""
    return sorted(route.rule for route in routes.ROUTES.values() if route.kind == "page" and "GET" in route.methods
                  and route.rule.startswith("/desk") and "<" not in route.rule and Role.CITY_ORGANIZER in route.roles)


def measure(client: FlaskClient, page: str, floor: FlaskClient) -> str:
    """One line: statements, milliseconds of server work, and that as a multiple of the floor in the same moment."""
    client.get(page)
    spent, bare = [], []
    for _ in range(ROUNDS):
        with counted() as seen:
            start = time.process_time()
            answer = client.get(page)
            spent.append((time.process_time() - start) * 1000)
        start = time.process_time()
        floor.post("/", json={"word": "a page"})
        bare.append((time.process_time() - start) * 1000)
    file = answer.mimetype not in ("text/html", "application/json")  # a download takes what its rows take
    over = "  OVER" if len(seen) > STATEMENTS or (median(spent) > MILLISECONDS and not file) else ""
    return (f"{page:32} {answer.status_code}  {len(seen):3} statements  {median(spent):6.1f} ms  "
            f"{median(spent) / median(bare):5.0f} floors  {len(answer.data) / 1000:7.1f} kB{over}")


def export(client: FlaskClient, rows: int) -> str:
    """One line: the workbook of all people, and by how much the process grew while it was made and sent."""
    gc.collect()
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    answer = client.get("/desk/people.xlsx", buffered=False)
    size = sum(len(part) for part in answer.iter_encoded())
    spent, grown = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    answer.close()
    return f"people.xlsx {rows:7} rows  {spent:6.1f} s  {size / 1e6:6.1f} MB  the process grew by {grown / 1000:.0f} MB"


def main() -> None:
    with served.database() as (url, _):
        cookie = db.act(world)
        db.act(served.analyze)
        client, floor = create_app(propagate_faults=True).test_client(), insert_at(url).test_client()
        client.set_cookie("session", cookie)
        print(f"{WORKERS} workers, {EMPLOYERS} employers, {VEHICLES} vehicles; time on the processor, the median")
        for page in pages():
            print(measure(client, page, floor), flush=True)
        print(export(client, WORKERS), flush=True)
        db.act(more, MORE)
        print(export(client, WORKERS + MORE), flush=True)


if __name__ == "__main__":
    main()
