"""A booking asks the database few questions, counted where the driver sends them."""

from __future__ import annotations

import psycopg
import pytest
from bookings.factories import bearer, riders, scene

from charter.core import db
from charter.core.actor import Role


@pytest.fixture
def sent(monkeypatch):
    """Every statement that the driver is given, BEGIN and COMMIT apart."""
    found, execute = [], psycopg.Cursor.execute

    def counted(self, query, *args, **kwargs):
        found.append(str(query))
        return execute(self, query, *args, **kwargs)
    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    return found


@pytest.mark.parametrize("seat", [None, "3"])
def test_a_booking_takes_at_most_six_statements_its_caller_included(client, database, sent, seat):
    with db.transaction() as session:
        made = scene(session)
        people = riders(session, made, 2)
        clerk = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
    url = f"/api/v1/departures/{made.departure.id}/bookings"
    body = {"registration_id": str(people[0])} | ({"seat": seat} if seat else {})
    client.post(url, json={"registration_id": str(people[1]), "seat": "8"}, headers=clerk)  # the token's first use
    sent.clear()
    answer = client.post(url, json=body, headers=clerk)
    assert answer.status_code == 201, answer.text
    assert len(sent) <= 6, "\n".join(sent)


def test_a_party_asks_once_for_all_and_writes_each(client, database, sent):
    with db.transaction() as session:
        made = scene(session)
        people = riders(session, made, 4)
        clerk = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
    sent.clear()
    answer = client.post(f"/api/v1/departures/{made.departure.id}/bookings",
                         json={"registration_ids": [str(person) for person in people]}, headers=clerk)
    assert answer.status_code == 201, answer.text
    assert sum("FROM departure" in statement for statement in sent) == 1
    assert sum("INSERT INTO booking" in statement for statement in sent) == 4
