"""Figures of booking, as shares of a bare INSERT under the same server in the same run (`make bench-booking`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import load, served
from bench.crowd import SEATS, coaches, crowd, scene
from bookings.factories import bearer

from charter.core import db
from charter.core.actor import Role

SECONDS = 6.0
DEPARTURES, PEOPLE = 500, 22_000


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


def main() -> None:
    with served.database() as (url, ring):
        with db.transaction() as session:
            made = scene(session, SEATS)
            departures, people = coaches(session, made, DEPARTURES), crowd(session, made, PEOPLE)
            caller = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
        with served.bare(url) as floor, served.charter(url, ring) as ours:
            rush = Rush(departures, people, caller)
            load.run(floor.port, 8, words(), seconds=1)
            load.run(ours.port, 8, rush.holds(named=True), seconds=1)
            for clients in (8, 32):
                bare = load.run(floor.port, clients, words(), seconds=SECONDS)
                assert set(bare.statuses) == {200}, bare.statuses
                for name, named in (("a named seat", True), ("any seat", False)):
                    found = load.run(ours.port, clients, rush.holds(named=named), seconds=SECONDS)
                    assert set(found.statuses) == {201}, found.statuses
                    print(f"{name:14} {clients:3} clients  {found.rate:6.0f} /s  {found.rate / bare.rate:4.0%} of "
                          f"{bare.rate:.0f} /s   p99 {found.percentile(0.99):.0f} ms, "
                          f"{found.percentile(0.99) / bare.percentile(0.99):.1f} times the floor's", flush=True)
            print("memory of a worker process, MB:", ours.memory(), "bare:", floor.memory())
            print(json.dumps({"used": rush.next}))


if __name__ == "__main__":
    main()
