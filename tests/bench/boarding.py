"""Figures of boarding: one scan against a bare UPDATE, batches of 30 phones, 20,000 passes (`make bench-boarding`)."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import boarding.factories as make
from bench import crowd, load, served, verdict
from sqlalchemy import text

from charter.core import clock, db, sealed
from charter.core.actor import Actor, Role
from charter.passes import cards, keys, queries, rendering, service

CITY = Actor(Role.CITY_ORGANIZER)
PHONES, BATCH, ROUNDS = 30, 500, 4
RIDERS = 20_016  # 417 coaches of 48
STOPS = text("INSERT INTO departure_stop (departure_id, seq, stop_id, kind, gather_at, departs_at, bay) "
             "SELECT id, 0, :stop, 'board', departs_at, departs_at, '7号车位' FROM departure WHERE code = 'x'")


class Phones:
    """Phones at the doors of as many coaches, and what they send."""

    def __init__(self) -> None:
        with db.transaction() as session:
            world = make.world(session)
            trips = [make.departure(session, world) for _ in range(PHONES)]
            self.people = [[make.booking(session, world, trip, str(seat)) for seat in range(1, 46)] for trip in trips]
            self.callers = [make.token(session, Role.SCANNER, "departure", trip.id) for trip in trips]
        self.passes = [[db.act(service.prepare, one.id, CITY).text for one in riders] for riders in self.people]

    def batch(self, phone: int, size: int) -> bytes:
        """So many scans of one phone, of everybody in turn."""
        scans = [make.scan(self.people[phone][seat % 45], self.passes[phone][seat % 45], shown="look")
                 for seat in range(size)]
        return load.post("/api/v1/scans", {"device_time": clock.now().isoformat(), "scans": scans}, self.callers[phone])

    def singles(self) -> Iterator[bytes]:
        """One scan a request, each phone once in a round: everybody gets on, then off, then on again."""
        for round_ in itertools.count():
            kind = "alight" if round_ // 45 % 2 else "board"
            for phone in range(PHONES):
                one, text = self.people[phone][round_ % 45], self.passes[phone][round_ % 45]
                scan = make.scan(one, text, kind=kind)
                yield load.post("/api/v1/scans", {"device_time": clock.now().isoformat(), "scans": [scan]},
                                self.callers[phone])


def updates() -> Iterator[bytes]:
    """Requests for the floor."""
    while True:
        yield load.post("/update", {"word": "on board", "id": 1})


def coaches() -> list[int]:
    """Coaches with everybody's confirmed seats on them."""
    with db.transaction() as session:
        made = crowd.scene(session)
        crowd.crowd(session, made, RIDERS)
        crowd.past(session, made, RIDERS, 1)
        session.execute(STOPS, {"stop": made.stop.id})
        keys.ensure(session, made.campaign.id)
        return [1_000_000 + 10_000 + place for place in range(RIDERS // crowd.SEATS)]


def bind(url: str, ring: str) -> None:
    """A process of its own that prints."""
    sealed.configure(ring)
    db.bind(url)


def sheet(departure: int) -> int:
    """Read one coach's people, sign, draw and print their passes; how many."""
    found = db.ask(queries.passes_of_departure, departure)
    printed = rendering.pdf([cards.card(one, "zh") for one in found], cards.title(found[0]))
    if not printed.startswith(b"%PDF"):
        raise RuntimeError("no sheet")
    return len(found)


def main() -> None:
    with served.database() as (url, ring):
        phones = Phones()
        db.act(served.analyze)
        scans = phones.singles()
        with served.bare(url) as floor, served.charter(url, ring) as ours:
            load.run(floor.port, 8, itertools.islice(served.words(), 100))
            load.run(ours.port, 8, itertools.islice(scans, 100))
            print(f"one scan         {served.told(served.compare(ours, floor, 8, lambda: scans, against=updates))}")
            batches = iter([phones.batch(phone, BATCH) for _ in range(ROUNDS) for phone in range(PHONES)])
            found = load.run(ours.port, PHONES, batches)
            print(f"batches of {BATCH}   {BATCH * found.rate:6.0f} scans/s from {PHONES} phones at once "
                  f"{dict(found.statuses)}")
        print(f"verdict on phone {verdict.told()}")
        trips = coaches()
        db.act(served.analyze)
        with ProcessPoolExecutor(2, initializer=bind, initargs=(url, ring)) as pool:
            start = time.perf_counter()
            number = sum(pool.map(sheet, trips))
            drawn = time.perf_counter() - start
    print(f"passes on paper  {number / drawn:6.0f} /s  {number} in {drawn:.0f} s on two processes")


if __name__ == "__main__":
    main()
