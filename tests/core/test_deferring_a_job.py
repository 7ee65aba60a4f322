import psycopg
import pytest

from charter.core import db
from charter.core.deferral import defer


def jobs(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id").fetchall()


def test_a_job_is_queued_when_its_act_commits(database):
    with db.transaction() as session:
        defer(session, "room.task", number=1)
        assert jobs(database) == []
    assert jobs(database) == [("room.task", {"number": 1})]


def test_a_job_vanishes_with_its_act(database):
    def give_up(session):
        defer(session, "room.task", number=1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.act(give_up)
    assert jobs(database) == []


def test_a_second_job_that_must_be_alone_is_refused_and_the_act_goes_on(database):
    with db.transaction() as session:
        assert defer(session, "room.task", alone="plan", number=1) is not None
        assert defer(session, "room.task", alone="plan", number=2) is None
        defer(session, "room.other")
    assert [name for name, _ in jobs(database)] == ["room.task", "room.other"]
