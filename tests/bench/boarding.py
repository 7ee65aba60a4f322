"""Figures of boarding: one scan against a bare endpoint, batches of 30 phones, passes drawn (`make bench-boarding`)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import boarding.factories as make
import database
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import text

from charter.app import create_app
from charter.core import clock, db, sealed
from charter.core.actor import Actor, Role
from charter.passes import rendering, service
from charter.passes.rules import codec

CITY = Actor(Role.CITY_ORGANIZER)
PHONES, BATCH, SINGLE, PASSES, SHEET = 30, 500, 400, 2_000, 500


def bare() -> Flask:
    """A bare endpoint: one UPDATE ... RETURNING."""
    app = Flask("bare")

    @app.post("/")
    def update() -> dict[str, Any]:
        with db.transaction() as session:
            row = session.execute(text("UPDATE bare SET n = n + 1 WHERE id = 1 RETURNING n")).one()
        return {"n": row.n}
    return app


def rate(count: int, work: Callable[[int], object]) -> float:
    """How many a second."""
    start = time.perf_counter()
    for number in range(count):
        work(number)
    return count / (time.perf_counter() - start)


def sheet(first: int) -> int:
    """Sign, draw and print one sheet of passes."""
    key = ec.derive_private_key(7, ec.SECP256R1())
    cards = [rendering.Card(codec.sign(key, codec.PassClaims(1, 2**60 + number, 7, 1, 29_000_000, 4320, 3, False)),
                            "返岗直通车", "张建国", "座位", "3", [("班次", "巴中1线-03")])
             for number in range(first, first + SHEET)]
    return len(rendering.pdf(cards, "通行证"))


def main() -> None:
    sealed.configure(sealed.new_ring())
    with database.server("bench-boarding") as server, database.fresh(server) as url:
        db.bind(url)
        client, plain = create_app(propagate_faults=True).test_client(), bare().test_client()
        with db.transaction() as session:
            session.execute(text("CREATE TABLE bare AS SELECT 1 AS id, 0 AS n"))
            world = make.world(session)
            trips = [make.departure(session, world) for _ in range(PHONES)]
            people = [[make.booking(session, world, trip, str(seat)) for seat in range(1, 46)] for trip in trips]
            phones = [make.token(session, Role.SCANNER, "departure", trip.id) for trip in trips]
        passes = [[db.act(service.prepare, one.id, CITY).text for one in riders] for riders in people]

        def send(phone: int, scans: list[Any]) -> None:
            body = json.dumps({"device_time": clock.now().isoformat(), "scans": scans})
            answer = client.post("/api/v1/scans", data=body, headers=phones[phone], content_type="application/json")
            assert answer.status_code == 200, answer.text

        def scan(phone: int, number: int) -> dict[str, object]:
            seat = number % 45
            return make.scan(people[phone][seat], passes[phone][seat], shown="look")

        floor = rate(SINGLE, lambda _: plain.post("/"))
        single = rate(SINGLE, lambda number: send(number % PHONES, [scan(number % PHONES, number)]))
        batches = [[scan(phone, number) for number in range(BATCH)] for phone in range(PHONES)]
        bulk = BATCH * rate(PHONES, lambda phone: send(phone, batches[phone]))
        db.unbind()
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(sheet, range(0, PASSES, SHEET)))
    drawn = time.perf_counter() - start
    print(f"one scan            {single:8.0f} /s  {single / floor:.0%} of a bare UPDATE ... RETURNING ({floor:.0f} /s)")
    print(f"batches of {BATCH}      {bulk:8.0f} scans/s from {PHONES} phones")
    print(f"passes on paper     {PASSES / drawn:8.0f} /s  20,000 in {20_000 * drawn / PASSES:.0f} s on two processes")


if __name__ == "__main__":
    main()
