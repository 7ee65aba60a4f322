"""Figures of booking, as shares of a bare INSERT under the same server in the same run (`make bench-booking`)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import load, served
from bench.crowd import SEATS, coaches, crowd, scene
from bookings.factories import bearer

from charter.core import db
from charter.core.actor import Role

SLICE, SLICES = 1.0, 5  # seconds; floor and ours take turns, so that a busy machine is busy for both
DEPARTURES, PEOPLE = 900, 42_000


def words() -> Iterator[bytes]:
    while True:
        yield load.post("/", {"word": "a seat for somebody"})


class Rush:
    """Requests for seats that are all different."""

    def __init__(self, departures: list[int], people: list[UUID], caller: dict[str, str]) -> None:
        self.places = [(departure, str(seat)) for seat in range(1, SEATS + 1) for departure in departures]
        self.people, self.caller, self.next = people, caller, 0

    def holds(self, *, named: bool) -> Iterator[bytes]:
        while True:
            departure, seat = self.places[self.next]
            body = {"registration_id": str(self.people[self.next])} | ({"seat": seat} if named else {})
            self.next += 1
            yield load.post(f"/api/v1/departures/{departure}/bookings", body, self.caller)


def share(ours: served.Served, floor: served.Served, clients: int, requests: Callable[[], Iterator[bytes]],
          good: int) -> str:
    """Requests a second as a share of the floor's, and p99 as its multiple: medians of slices that take turns."""
    pairs = []
    for _ in range(SLICES):
        bare = load.run(floor.port, clients, words(), seconds=SLICE)
        found = load.run(ours.port, clients, requests(), seconds=SLICE)
        assert (set(bare.statuses), set(found.statuses)) == ({200}, {good}), (bare.statuses, found.statuses)
        pairs.append((found, bare))
    middle = sorted(pairs, key=lambda pair: pair[0].rate / pair[1].rate)[SLICES // 2]
    late = median(found.percentile(0.99) / bare.percentile(0.99) for found, bare in pairs)
    found, bare = middle
    return (f"{found.rate:6.0f} /s  {found.rate / bare.rate:4.0%} of {bare.rate:.0f} /s   "
            f"p99 {found.percentile(0.99):.0f} ms, {late:.1f} times the floor's")


def main() -> None:
    with served.database() as (url, ring):
        with db.transaction() as session:
            made = scene(session, SEATS)
            departures, people = coaches(session, made, DEPARTURES), crowd(session, made, PEOPLE)
            caller = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
        with served.bare(url) as floor, served.charter(url, ring) as ours:
            rush = Rush(departures, people, caller)
            load.run(floor.port, 8, words(), seconds=1)
            load.run(ours.port, 8, rush.holds(named=True), seconds=2)
            db.act(served.analyze)  # as the database does by itself after a while
            for clients in (8, 32):
                for name, named in (("a named seat", True), ("any seat", False)):
                    found = share(ours, floor, clients, partial(rush.holds, named=named), 201)
                    print(f"{name:14} {clients:3} clients  {found}", flush=True)
            print("memory of a worker process, MB:", ours.memory(), "bare:", floor.memory())


if __name__ == "__main__":
    main()
