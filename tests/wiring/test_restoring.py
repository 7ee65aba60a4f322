"""The restore drill of docs/operations.md, with the tools that the embedded database brings along."""

from __future__ import annotations

import subprocess
from uuid import uuid4

import database as databases
import pytest
from bookings.factories import riders, scene
from sqlalchemy import select

from charter.bookings import service
from charter.bookings.models import Booking
from charter.core import audit, db, schema
from charter.people.models import Worker
from charter.people.queries import workers


@pytest.fixture
def dumped(postgres, database, tmp_path):
    """An installation with somebody on a seat, sealed and dumped."""
    def live(session):
        made = scene(session)
        person = riders(session, made, 1)[0]
        booking = service.hold(session, made.departure.id, person)
        service.confirm(session, booking.id)
    db.act(live)
    db.act(audit.seal)
    file = tmp_path / "charter.dump"
    tool(postgres, "pg_dump", "--format=custom", f"--file={file}", database)
    return file


def tool(postgres, name, *arguments):
    done = subprocess.run([postgres.binaries / name, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_restored_dump_is_whole_and_opens_with_the_ring(postgres, dumped):
    name = f"test_{uuid4().hex[:12]}"
    databases.run(postgres.url("postgres"), f"CREATE DATABASE {name}")
    try:
        tool(postgres, "pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={postgres.url(name)}", dumped)
        assert not schema.behind(postgres.url(name))
        db.bind(postgres.url(name))
        verdict = db.ask(audit.verify)
        assert verdict.whole
        assert verdict.sealed > 0
        with db.transaction(read_only=True) as session:
            assert session.scalars(select(Booking.state)).one() == "confirmed"
            person = session.scalars(select(Worker.id)).one()
            phone = workers.phones_of(session, [person])[person]
        with db.transaction() as session:
            assert audit.reveal(session, phone, "restore drill", "worker", person).startswith("154")
    finally:
        db.unbind()
        databases.run(postgres.url("postgres"), f"DROP DATABASE {name} WITH (FORCE)")
