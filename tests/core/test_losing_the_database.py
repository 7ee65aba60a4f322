"""A connection that the database has dropped costs nobody an error; nothing is done twice."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from charter.core import db, locks
from charter.core.trip import Step, trip

WORD = Step(text("SELECT CAST(:word AS text)"))
TABLE = "CREATE TABLE IF NOT EXISTS seen (number int)"


def drop_all(url: str) -> None:
    """End every other connection, as a restarted server does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                           "WHERE datname = current_database() AND pid <> pg_backend_pid()")


def write(session):
    session.execute(text("INSERT INTO seen VALUES (1)"))


def count(session):
    return session.scalar(text("SELECT count(*) FROM seen"))


@pytest.fixture
def seen(database):
    db.act(lambda session: session.execute(text(TABLE)))
    return database


def test_an_act_goes_on_over_a_new_connection(seen):
    drop_all(seen)
    db.act(write)
    assert db.ask(count) == 1


def test_questions_are_asked_again(seen):
    drop_all(seen)
    assert db.ask(count) == 0
    drop_all(seen)
    assert db.glance(count) == 0


def test_a_trip_that_was_cut_is_made_again_with_its_whole_act(seen):
    tries = []

    def cut(session):
        write(session)
        if not tries:
            tries.append(1)
            drop_all(seen)
        return trip(session, (WORD, {"word": "a"}))
    assert db.act(cut) == [("a",)]
    assert db.ask(count) == 1


def test_a_read_only_question_cannot_write(seen):
    with pytest.raises(Exception, match="read-only transaction"):
        db.ask(write)


def test_a_trip_gives_the_last_rows_and_comes_after_what_the_session_has_written(seen):
    def go(session):
        write(session)
        return trip(session, (WORD, {"word": "a"}), (Step(text("SELECT count(*) FROM seen")), {}))
    assert db.act(go) == [(1,)]


def test_a_lock_that_somebody_holds_is_waited_for_and_then_told(seen):
    with db.transaction() as holder:
        locks.take(holder, "departure", [7])
        with pytest.raises(OperationalError) as told, db.transaction() as waiting:
            locks.take(waiting, "departure", [3, 7], seconds=0.1)
    assert told.value.orig.sqlstate == "55P03"
    with db.transaction() as next_one:
        locks.take(next_one, "departure", [3, 7], seconds=0.1)
