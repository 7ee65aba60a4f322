"""Figures of boarding: one scan against a bare UPDATE, batches of 30 phones, passes drawn (`make bench-boarding`)."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import boarding.factories as make
from bench import load, served
from cryptography.hazmat.primitives.asymmetric import ec

from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.passes import rendering, service
from charter.passes.rules import codec

CITY = Actor(Role.CITY_ORGANIZER)
PHONES, BATCH, PASSES, SHEET = 30, 500, 2_000, 500


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
        """One scan a request, each phone once in a round."""
        for seat in range(45):
            for phone in range(PHONES):
                scan = make.scan(self.people[phone][seat], self.passes[phone][seat])
                yield load.post("/api/v1/scans", {"device_time": clock.now().isoformat(), "scans": [scan]},
                                self.callers[phone])


def updates() -> Iterator[bytes]:
    """Requests for the floor."""
    while True:
        yield load.post("/update", {"word": "on board", "id": 1})


def sheet(first: int) -> int:
    """Sign, draw and print one sheet of passes."""
    key = ec.derive_private_key(7, ec.SECP256R1())
    cards = [rendering.Card(codec.sign(key, codec.PassClaims(1, 2**60 + number, 7, 1, 29_000_000, 4320, 3, False)),
                            "返岗直通车", "张建国", "座位", "3", [("班次", "巴中1线-03")])
             for number in range(first, first + SHEET)]
    return len(rendering.pdf(cards, "通行证"))


def main() -> None:
    with served.database() as (url, ring):
        phones = Phones()
        db.act(served.analyze)
        scans = phones.singles()
        with served.bare(url) as floor, served.charter(url, ring) as ours:
            load.run(floor.port, 8, itertools.islice(served.words(), 100))
            load.run(ours.port, 8, itertools.islice(scans, 100))
            print(f"one scan         {served.told(served.compare(ours, floor, 8, lambda: scans, against=updates))}")
            batches = iter([phones.batch(phone, BATCH) for phone in range(PHONES)])
            found = load.run(ours.port, PHONES, batches)
            print(f"batches of {BATCH}   {BATCH * found.rate:6.0f} scans/s from {PHONES} phones at once "
                  f"{dict(found.statuses)}")
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(sheet, range(0, PASSES, SHEET)))
    drawn = time.perf_counter() - start
    print(f"passes on paper  {PASSES / drawn:6.0f} /s  20,000 in {20_000 * drawn / PASSES:.0f} s on two processes")


if __name__ == "__main__":
    main()
