"""A small departure day with every fault; and a drill that finds what it is there to find."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from charter.boarding.models import Scan
from charter.core import db, sealed
from charter.demo import drill


@pytest.fixture
def day(database, tmp_path):
    ring = sealed.new_ring()
    sealed.configure(ring)

    def run(coaches=2, seats=14):
        return drill.on(database, ring, tmp_path, coaches, seats, 5, print)
    return run


def test_nobody_is_lost_and_nobody_counted_twice(day):
    found = day()
    assert found.faults == []
    assert found.boarded > 10
    assert (found.coaches, found.conflicts) == (2, 2)
    assert found.lost_answers > 0
    assert found.evidence > 0


def test_a_drill_tells_of_a_scan_that_was_lost(day, monkeypatch):
    compare = drill._compare

    def lossy(server, door, token, outcome):
        with db.transaction() as session:
            lost = session.scalars(select(Scan).where(
                Scan.departure_id == door.coach.id, Scan.booking_id.in_(door.on_board - door.doubled),
                Scan.kind == "board", Scan.verdict == "go")).first()
            session.execute(delete(Scan).where(Scan.scan_id == lost.scan_id))
        compare(server, door, token, outcome)
    monkeypatch.setattr(drill, "_compare", lossy)
    found = day(coaches=1, seats=8)
    assert any("was lost" in fault for fault in found.faults)
    assert any("were kept" in fault for fault in found.faults)
