"""Plans survive their workers: killed, told to end, or killed too often; and it shows when none is alive."""

from __future__ import annotations

import signal
from uuid import UUID

import pytest
from planner.small_instances import town_instance
from planning import plan_world
from sqlalchemy import select, text
from wiring import processes

from charter import jobs
from charter.core import audit, db, sealed
from charter.planning import service
from charter.planning.models import Plan


@pytest.fixture
def keys(database):
    ring = sealed.new_ring()
    sealed.configure(ring)
    return ring


@pytest.fixture
def worker(database, keys):
    started = []

    def start():
        started.append(processes.job_worker(database, keys))
        return started[-1]
    yield start
    for process in started:
        process.kill()
        process.communicate()


def ask_for_plan(seconds: float) -> UUID:
    campaign = db.act(plan_world.campaign)
    return db.act(service.start, campaign, time_limit_s=seconds).id


def ask_for_long_plan() -> UUID:
    """One that is far from proven after ten minutes."""
    instance = town_instance(1, counties=12, workers=1500, days=5)
    for group in instance["groups"]:
        group["x_registrations"] = [f"{group['id']}/{number}" for number in range(group["size"])]
    instance["x_left_behind"] = ["no_seat"] * len(instance["groups"])
    plan_id = ask_for_plan(600)

    def enlarge(session):
        session.get(Plan, plan_id).instance_gz = service.packed(instance)
    db.act(enlarge)
    return plan_id


def state(plan_id: UUID) -> str:
    return db.ask(lambda session: session.scalar(select(Plan.state).where(Plan.id == plan_id)))


def job(session):
    return session.execute(text("SELECT status::text, attempts FROM procrastinate_jobs "
                                "WHERE task_name = 'planning.run'")).first()




def silence(session) -> None:
    """As if the worker had not been heard of for an hour."""
    session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))


def test_a_plan_whose_worker_was_killed_is_taken_up_again_by_the_next(worker):
    plan_id = ask_for_long_plan()
    first = worker()
    assert processes.waited(lambda: state(plan_id) == "running")
    first.kill()
    first.wait()
    assert state(plan_id) == "running"
    db.act(silence)
    worker()
    assert processes.waited(lambda: db.ask(job) == ("doing", 1))
    db.act(service.stop, plan_id)
    assert processes.waited(lambda: state(plan_id) == "stopped")
    assert processes.waited(lambda: db.ask(job) is None), "a job that went well is removed"


def test_a_worker_told_to_end_hands_its_plan_back_and_leaves_no_process(worker):
    before = set(processes.running("charter.planner"))
    plan_id = ask_for_long_plan()
    first = worker()
    assert processes.waited(lambda: state(plan_id) == "running")
    assert processes.waited(lambda: set(processes.running("charter.planner")) - before)
    first.send_signal(signal.SIGTERM)
    assert first.wait(10) == 0
    assert processes.waited(lambda: not set(processes.running("charter.planner")) - before, 5)
    assert db.ask(job) == ("todo", 1)
    assert not db.ask(lambda session: session.scalar(text("SELECT count(*) FROM procrastinate_workers")))


def test_a_plan_that_is_stopped_while_it_runs_ends_with_the_best_so_far(worker):
    plan_id = ask_for_long_plan()
    worker()
    assert processes.waited(lambda: db.ask(lambda session: session.get(Plan, plan_id).best) is not None)
    db.act(service.stop, plan_id)
    assert processes.waited(lambda: state(plan_id) == "stopped")
    assert db.ask(lambda session: session.get(Plan, plan_id)).figures["planned"] > 0


def test_a_plan_whose_workers_are_killed_time_and_again_fails_with_a_word(worker):
    plan_id = ask_for_long_plan()
    first = worker()
    assert processes.waited(lambda: state(plan_id) == "running")
    first.kill()
    first.wait()
    db.act(silence)
    db.act(lambda session: session.execute(text("UPDATE procrastinate_jobs SET attempts = 2 "
                                                "WHERE task_name = 'planning.run'")))
    worker()
    assert processes.waited(lambda: state(plan_id) == "failed")
    plan = db.ask(lambda session: session.get(Plan, plan_id))
    assert plan.failure == service.INTERRUPTED
    assert db.ask(job)[0] == "failed"


def test_events_are_sealed_without_anybody_asking(worker):
    ask_for_plan(1)
    worker()
    assert processes.waited(lambda: db.ask(audit.verify).sealed > 0)


def test_readiness_tells_that_no_worker_is_alive(worker, client):
    assert client.get("/health/ready").json == {"state": "not ready", "missing": ["jobs"]}
    worker()
    assert processes.waited(lambda: client.get("/health/ready").status_code == 200)


def test_a_job_that_raises_is_tried_again_and_given_up_in_the_end(database, monkeypatch):
    told = []

    def fail(number):
        raise ZeroDivisionError
    monkeypatch.setitem(jobs.TASKS, "room.task", jobs.Work(fail, tries=2, give_up=lambda number: told.append(number)))

    def defer(session):
        from charter.core.deferral import defer
        defer(session, "room.task", number=7)
    db.act(defer)
    jobs.run_waiting()
    assert told == []
    status = text("SELECT status::text, scheduled_at > now() FROM procrastinate_jobs WHERE task_name = 'room.task'")
    assert db.ask(lambda session: session.execute(status).one()) == ("todo", True)
    db.act(lambda session: session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()")))
    jobs.run_waiting()
    assert told == [7]
    assert db.ask(lambda session: session.execute(status).one())[0] == "failed"
