"""A worker is killed in the middle of a list: whole steps stand, nothing stands twice, and the next one goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from rosters.roster_world import HEADER, World, person, workbook
from sqlalchemy import func, select
from wiring.processes import job_worker, waited

from charter.core import db, sealed
from charter.registrations.models import Registration
from charter.rosters import jobs
from charter.rosters.models import RosterBatch, RosterRow

PEOPLE = 11_000
KEYS = sealed.new_ring()


@pytest.fixture
def long_list() -> bytes:
    return workbook([HEADER, *[person(order) for order in range(PEOPLE)], person(3, name="李四"), person(1, id="1")])


def found(what: Callable[[Any], Any]) -> Any:
    with db.transaction(read_only=True) as session:
        return what(session)


def counted(table: Any) -> int:
    return int(found(lambda session: session.scalar(select(func.count()).select_from(table))))


def state(batch_id: str) -> tuple[str, int]:
    batch = found(lambda session: session.get_one(RosterBatch, batch_id))
    return batch.state, batch.done


def killed_when(url: str, reached: Callable[[], bool]) -> None:
    """Start a worker and kill it as soon as that is so."""
    worker = job_worker(url, KEYS)
    try:
        assert waited(reached, 120)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate()


def test_a_killed_worker_leaves_whole_steps_and_another_goes_on(database: str, world: World, long_list: bytes) -> None:
    sealed.configure(KEYS)
    batch_id = world.upload(long_list).json["id"]
    killed_when(database, lambda: state(batch_id)[1] > 0)
    now, done = state(batch_id)
    assert (now, done % jobs.ROWS, counted(RosterRow)) == ("reading", 0, done)
    assert done < PEOPLE
    jobs.run(batch_id)
    batch = world.get(f"/rosters/{batch_id}").json
    assert batch["state"] == "previewed"
    assert batch["summary"] == {"accepted": PEOPLE, "repaired": 0, "rejected": 2, "duplicates": 0}
    assert batch["changes"]["new"] == PEOPLE

    world.post(f"/rosters/{batch_id}/commit")
    killed_when(database, lambda: state(batch_id)[1] > 0)
    now, done = state(batch_id)
    assert (now, done % jobs.ROWS) == ("committing", 0)
    assert counted(Registration) == done < PEOPLE
    jobs.run(batch_id)
    batch = world.get(f"/rosters/{batch_id}").json
    assert (batch["state"], batch["changes"]["new"], counted(Registration)) == ("committed", PEOPLE, PEOPLE)
    assert found(lambda session: session.scalar(select(func.count(func.distinct(RosterRow.registration_id))))) == PEOPLE


def test_a_list_that_was_killed_too_often_says_so_and_can_be_handed_in_again(world: World) -> None:
    content = workbook([HEADER, person(1)])
    batch_id = world.upload(content).json["id"]
    jobs.give_up(batch_id)
    assert world.get(f"/rosters/{batch_id}").json["state"] == "failed"
    assert world.committed(content)["changes"]["new"] == 1


def test_a_taking_that_is_stopped_keeps_what_it_took_and_the_next_one_takes_the_rest(
        world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from charter.rosters.service import committing
    monkeypatch.setattr(committing, "PORTION", 2)
    content = workbook([HEADER, *[person(order) for order in range(5)]])
    batch = world.previewed(content)
    world.post(f"/rosters/{batch['id']}/commit")
    assert db.act(committing.take_portion, batch["id"], 0)
    assert world.post(f"/rosters/{batch['id']}/cancel").json["state"] == "cancelled"
    jobs.run(batch["id"])
    assert world.get(f"/rosters/{batch['id']}").json["changes"]["new"] == 2
    assert world.committed(content)["changes"] == {"new": 3, "changed": 0, "unchanged": 2, "withdrawn": 0,
                                                   "needs_decision": 0}
