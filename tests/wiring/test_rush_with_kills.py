"""Five hundred people reach for the last fifty seats while server processes are killed: nobody's seat is sold
twice, nobody is told a fault, and what a killed process had begun is either done or never was."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from bench import load
from bench.crowd import crowd, scene
from bookings.factories import bearer
from sqlalchemy import text
from wiring.installations import Installation

from charter.bookings import queries
from charter.core import clock, db, sealed
from charter.core.actor import Role

CLIENTS, SEATS = 500, 50
KILLED_AT = (60, 220)  # so many answers had come


@pytest.fixture
def rush(database, tmp_path):
    """A served coach of fifty seats, and a request for each of five hundred people."""
    ring = sealed.new_ring()
    sealed.configure(ring)
    with db.transaction() as session:
        made = scene(session, SEATS)
        people = crowd(session, made, CLIENTS)
        caller = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
    serving = Installation(tmp_path / "rush", DATABASE_URL=database, CHARTER_KEYS=ring, CHARTER_WEB_WORKERS="2")
    serving.start()
    yield serving, made, [load.post(f"/api/v1/departures/{made.departure.id}/bookings", {"registration_id": str(one)},
                                    caller | {"Idempotency-Key": f"rush-{one}"}) for one in people]
    serving.signal(signal.SIGTERM)
    serving.clear()


def kill_web_processes(serving: Installation) -> None:
    """All that answer requests, at once and without a word; the one above them starts new ones."""
    above = serving.pid("granian")
    for pid in Path(f"/proc/{above}/task/{above}/children").read_text().split():
        with contextlib.suppress(OSError):
            os.kill(int(pid), signal.SIGKILL)


async def answered(port: int, request: bytes) -> tuple[int, dict]:
    """Asked again with the same key until an answer comes, as a phone does."""
    while True:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                status, body = await load.answer(reader)
                return status, json.loads(body)
            finally:
                writer.close()
        await asyncio.sleep(0.1)


async def all_at_once(serving: Installation, requests: list[bytes]) -> list[tuple[int, dict]]:
    found = []
    for one in asyncio.as_completed([answered(serving.port, request) for request in requests]):
        found.append(await one)
        if len(found) in KILLED_AT:
            kill_web_processes(serving)
    return found


def test_fifty_of_five_hundred_win_and_the_others_are_told_where_to_wait(rush):
    serving, made, requests = rush
    found = asyncio.run(all_at_once(serving, requests))
    assert Counter((status, answer.get("code")) for status, answer in found) == {
        (201, None): SEATS, (409, "departure_full"): CLIENTS - SEATS}
    assert all(answer["waiting_list"].endswith("/waiting") for status, answer in found if status == 409)
    won = {answer["id"] for status, answer in found if status == 201}
    with db.transaction() as session:
        rows = session.execute(text("SELECT id::text, slot FROM booking WHERE state = 'held'")).all()
        told = set(session.execute(text("SELECT object_id FROM audit_event WHERE action = 'booking.held'")).scalars())
    assert {key for key, _ in rows} == won == told
    assert sorted(slot for _, slot in rows) == list(range(1, SEATS + 1))
    with clock.travel(timedelta(seconds=601)):  # whoever was lost with his process holds nothing for longer
        assert db.ask(queries.departures, made.campaign.id)[0].seats_left == SEATS
