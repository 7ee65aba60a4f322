"""A new root key comes in front while people work: marks stay, old values are sealed anew, nothing is lost."""

from __future__ import annotations

import threading

import pytest
from bookings.factories import riders, scene
from sqlalchemy import func, select

from charter.core import db, rotation, sealed
from charter.core.audit import AuditEvent
from charter.core.db import Base
from charter.core.key_use import key_use, sealed_columns
from charter.people.models import Worker, WorkerDocument
from charter.people.sealing import DOCUMENT_NUMBER, WORKER_PHONE
from charter.registrations.models import Registration


@pytest.fixture
def written(database):
    """Two keys in turn: the world under key 1, then the ring with 2 in front."""
    first = sealed.new_ring()
    sealed.configure(first)
    with db.transaction() as session:
        made = scene(session)
        riders(session, made, 30)
    second = "2:" + sealed.new_ring().partition(":")[2]
    sealed.configure(f"{second},{first}")
    return made, first, second


def clear():
    with db.transaction(read_only=True) as session:
        phones = {row.id: WORKER_PHONE.open_bytes(row.id, row.phone_sealed) for row in session.scalars(select(Worker))}
        numbers = {row.id: DOCUMENT_NUMBER.open_bytes(row.id, row.number_sealed)
                   for row in session.scalars(select(WorkerDocument))}
        return phones, numbers


def used():
    with db.transaction(read_only=True) as session:
        return {use.number: use.values for use in key_use(session)}


def test_after_a_run_nothing_needs_the_old_key(written, monkeypatch):
    before = clear()
    assert used()[1] > 0
    monkeypatch.setattr(rotation, "BATCH", 7)
    count = rotation.run()
    assert count >= 60
    assert used()[1] == 0
    sealed.configure(written[2])
    assert clear() == before
    with db.transaction(read_only=True) as session:
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "keys.resealed")).one()
        assert (told.object_id, told.details) == ("2", {"values": count})


def test_a_run_that_was_killed_is_gone_on_with(written, monkeypatch):
    before = clear()
    monkeypatch.setattr(rotation, "BATCH", 5)
    for _ in range(3):
        db.act(rotation.step, "worker", "phone_sealed")
    assert 0 < used()[2] < sum(used().values())
    assert clear() == before
    rotation.run()
    assert used()[1] == 0
    assert rotation.run() == 0


def test_a_person_is_known_again_under_the_new_key(written):
    with db.transaction() as session:
        riders(session, written[0], 30)
        assert session.scalar(select(func.count()).select_from(Worker)) == 30


def test_rows_that_somebody_holds_are_left_for_later(written):
    with db.transaction() as session:
        held = session.scalars(select(Worker).limit(1).with_for_update()).one()
        worker = threading.Thread(target=lambda: db.act(rotation.step, "worker", "phone_sealed"))
        worker.start()
        worker.join(20)
        assert not worker.is_alive()
        held.name = "改了名"
    assert used()[1] > 0
    rotation.run()
    assert used()[1] == 0


def test_every_sealed_column_can_be_bound_again():
    for name, column in sealed_columns():
        columns = Base.metadata.tables[name].columns
        wanted = rotation.BOUND_TO.get(f"{name}.{column}", (("id",), str))[0]
        assert all(one in columns for one in wanted), (name, column)
    assert Registration.__tablename__ in {name for name, _ in sealed_columns()}
