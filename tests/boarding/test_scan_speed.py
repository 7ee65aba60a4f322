"""A scan asks the database twice, and a thousand scans ask it as often as one; counted where the driver sends."""

from __future__ import annotations

from datetime import timedelta

import boarding.factories as make
import psycopg
import pytest

from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.passes import service

CITY = Actor(Role.CITY_ORGANIZER)


@pytest.fixture
def counted(monkeypatch):
    """Statements and trips: a pipeline is one trip, a statement outside of any is one too."""
    found = {"statements": [], "trips": 0, "inside": False}
    execute, pipeline = psycopg.Cursor.execute, psycopg.Connection.pipeline

    def executed(self, query, *args, **kwargs):
        found["statements"].append(str(query))
        found["trips"] += not found["inside"]
        return execute(self, query, *args, **kwargs)

    class Counted:
        def __init__(self, connection):
            self.real = pipeline(connection)

        def __enter__(self):
            found["trips"], found["inside"] = found["trips"] + 1, True
            return self.real.__enter__()

        def __exit__(self, *raised):
            found["inside"] = False
            return self.real.__exit__(*raised)
    monkeypatch.setattr(psycopg.Cursor, "execute", executed)
    monkeypatch.setattr(psycopg.Connection, "pipeline", lambda connection: Counted(connection))
    return found


@pytest.fixture
def stand(client, database):
    with db.transaction() as session:
        world = make.world(session)
        on = make.departure(session, world)
        people = [make.booking(session, world, on, str(seat)) for seat in range(1, 41)]
        phone = make.token(session, Role.SCANNER, "departure", on.id)
    texts = [db.act(service.prepare, one.id, CITY).text for one in people]

    def send(*scans):
        answer = client.post("/api/v1/scans", headers=phone,
                             json={"device_time": clock.now().isoformat(), "scans": list(scans)})
        assert answer.status_code == 200
        return [one["code"] for one in answer.json]
    send(make.scan(people[-1]))  # the token's first use, and the opening of boarding
    send(make.scan(people[-2]))
    return people, texts, send


def test_one_scan_takes_two_trips_besides_the_commit(stand, counted):
    people, texts, send = stand
    assert send(make.scan(people[0], texts[0])) == ["ok"]
    assert len(counted["statements"]) == counted["trips"] == 2, "\n".join(counted["statements"])


def test_a_thousand_scans_take_as_many_trips_as_one(stand, counted):
    people, texts, send = stand
    now = clock.now()
    batch = [make.scan(people[number % 38], texts[number % 38], shown="look", at=now - timedelta(seconds=number))
             for number in range(1000)]
    codes = send(*batch)
    assert set(codes) <= {"ok", "already_boarded"}
    assert len(counted["statements"]) == counted["trips"] == 2, "\n".join(counted["statements"])
