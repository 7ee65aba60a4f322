"""Figures of booking, as shares of a bare INSERT under the same server in the same run (`make bench-booking`)."""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import load, served
from bench.crowd import SEATS, coaches, crowd, past, scene
from bookings.factories import bearer

from charter.core import db
from charter.core.actor import Role

DEPARTURES, PEOPLE = 1_000, 50_400
FEW, MANY = 1_008, 21  # riders of one week, and weeks of all riders: a thousand bookings and a million
RUSH, LAST = 500, 50


class Rush:
    """Requests for seats that are all different."""

    def __init__(self, departures: list[int], people: list[UUID], caller: dict[str, str]) -> None:
        self.places = [(departure, str(seat)) for seat in range(1, SEATS + 1) for departure in departures]
        self.people, self.caller, self.next = people, caller, 0

    def holds(self, *, named: bool = True) -> Iterator[bytes]:
        while True:
            departure, seat = self.places[self.next]
            yield self.hold(departure, seat if named else None)

    def hold(self, departure: int, seat: str | None) -> bytes:
        body = {"registration_id": str(self.people[self.next])} | ({"seat": seat} if seat else {})
        self.next += 1
        return load.post(f"/api/v1/departures/{departure}/bookings", body, self.caller)


def cost(ours: served.Served, floor: served.Served, rush: Rush) -> float:
    """What one booking after the other costs, in INSERTs of the floor."""
    return 1 / served.share(served.middle(served.compare(ours, floor, 1, rush.holds, 201)))


def last_seats(ours: served.Served, rush: Rush, departure: int) -> str:
    """So many clients at once for the last seats of one coach."""
    one_each = (rush.hold(departure, None) for _ in range(RUSH))
    found = load.run(ours.port, RUSH, one_each, keep=lambda status: status != 201)
    codes = {json.loads(answer)["code"] for answer in found.answers}
    return f"{dict(sorted(found.statuses.items()))} {codes}, the last answer after {found.times[-1] / 1000:.1f} s"


def main() -> None:
    with served.database() as (url, ring):
        with db.transaction() as session:
            made = scene(session, LAST)
            last = made.departure.id
            made.vehicle = served.vehicle(session, SEATS)
            departures, people = coaches(session, made, DEPARTURES), crowd(session, made, PEOPLE)
            caller = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
            campaign_id = made.campaign.id
            past(session, made, FEW, 1)
        rush = Rush(departures, people, caller)
        with served.bare(url) as floor, served.charter(url, ring) as ours:
            served.warm(floor, ours, rush.holds())
            few = cost(ours, floor, rush)
            for clients in (8, 32):
                for name, named in (("a named seat", True), ("any seat", False)):
                    pairs = served.compare(ours, floor, clients, partial(rush.holds, named=named), 201)
                    print(f"{name:22} {clients:3} clients  {served.told(pairs)}", flush=True)
            page = load.get(f"/api/v1/campaigns/{campaign_id}/departures?limit=200")
            pairs = served.compare(ours, floor, 8, lambda: itertools.repeat(page))
            print(f"{'200 departures':22}   8 clients  {served.told(pairs)}", flush=True)
            print(f"{LAST} seats, {RUSH} clients    {last_seats(ours, rush, last)}", flush=True)
            began = time.perf_counter()
            with db.transaction() as session:
                number = past(session, made, PEOPLE, 2, MANY)
            db.act(served.analyze)
            print(f"({number:,} bookings more, written in {time.perf_counter() - began:.0f} s)", flush=True)
            served.warm(floor, ours, rush.holds())
            many = cost(ours, floor, rush)
            print(f"one booking costs {few:.2f} INSERTs with a thousand bookings, {many:.2f} with a million: "
                  f"{many / few:.2f} times")


if __name__ == "__main__":
    main()
