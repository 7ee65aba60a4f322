"""The audit chain under many writers and killed sealers; and what verification finds afterwards."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sealing import seal_all
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from charter.core import audit, db
from charter.core.audit import AuditEvent, AuditSeal

WRITERS, EACH = 16, 40


class Undone(Exception):
    pass


def write(session, writer, number, fails):
    audit.record(session, "thing.done", "thing", f"{writer}-{number}", reason="because" if number % 7 == 0 else None,
                 number=number)
    session.execute(text("SELECT pg_sleep(:s)"), {"s": random.random() / 200})
    if fails:
        raise Undone


def writing(writer):
    kept = 0
    for number in range(EACH):
        fails = random.random() < 0.2
        try:
            db.act(write, writer, number, fails)
            kept += 1
        except Undone:
            pass
    return kept


def seal_and_die(database):
    """One sealing whose connection is killed before it commits."""
    with db.transaction() as session:
        audit.seal(session)
        session.flush()
        pid = session.connection().connection.driver_connection.info.backend_pid
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))


def sealing(database, stop):
    while not stop.is_set():
        try:
            if random.random() < 0.2:
                seal_and_die(database)
            else:
                db.act(audit.seal, limit=random.choice((1, 7, 5_000)))
        except DBAPIError as fault:
            if "terminating connection" not in str(fault) and "closed" not in str(fault):
                raise


@pytest.fixture
def written(database):
    """A sealed chain of a dozen events."""
    for number in range(12):
        db.act(audit.record, "thing.done", "thing", number, reason=f"reason {number}", number=number)
    seal_all(12)
    return database


def tamper(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # what the owner of the database can do
        for statement in statements:
            connection.execute(statement)


def test_sixteen_writers_and_two_sealers_make_one_whole_chain(database):
    stop = threading.Event()
    sealers = [threading.Thread(target=sealing, args=(database, stop)) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    with ThreadPoolExecutor(WRITERS) as hands:
        kept = sum(hands.map(writing, range(WRITERS)))
    stop.set()
    for sealer in sealers:
        sealer.join()
    for _ in range(50):
        if not db.act(audit.seal) and db.ask(lambda session: session.scalar(
                select(func.count()).select_from(AuditSeal))) == kept:
            break
        time.sleep(0.05)
    verdict = db.ask(audit.verify)
    assert verdict == audit.Verdict(kept, None, 0)
    assert 0 < kept < WRITERS * EACH, "some were rolled back"


def test_an_event_is_sealed_only_when_no_earlier_one_can_come(database):
    with db.transaction() as early:
        audit.record(early, "thing.done", "thing", "early")
        early.flush()
        db.act(audit.record, "thing.done", "thing", "late")
        assert db.act(audit.seal) == 0, "the early one may still commit, or not"
    seal_all(2)
    order = db.ask(lambda session: session.scalars(
        select(AuditEvent.object_id).join(AuditSeal).order_by(AuditSeal.seq)).all())
    assert order == ["early", "late"]


@pytest.mark.parametrize("change", ["action = 'thing.undone'", "actor = 'somebody'", "details = '{}'",
                                    "at = at + interval '1 s'", "object_id = '99'", "role = 'auditor'"])
def test_a_changed_event_is_found_at_its_number(written, change):
    tamper(written, f"UPDATE audit_event SET {change} WHERE id = (SELECT event_id FROM audit_seal WHERE seq = 5)")
    assert db.ask(audit.verify).first_bad == 5


def test_a_changed_reason_is_found_and_an_erased_one_is_not_missed(written):
    tamper(written, "DELETE FROM audit_reason WHERE event_id = (SELECT event_id FROM audit_seal WHERE seq = 3)")
    assert db.ask(audit.verify).whole
    tamper(written, "UPDATE audit_reason SET text = 'x' "
                    "WHERE event_id = (SELECT event_id FROM audit_seal WHERE seq = 7)")
    assert db.ask(audit.verify).first_bad == 7


def test_a_deleted_event_is_found(written):
    tamper(written, "DELETE FROM audit_event WHERE id = (SELECT event_id FROM audit_seal WHERE seq = 4)")
    assert db.ask(audit.verify).first_bad == 4


def test_a_deleted_event_with_its_seal_is_found(written):
    tamper(written, "DELETE FROM audit_event WHERE id = (SELECT event_id FROM audit_seal WHERE seq = 4)",
           "DELETE FROM audit_seal WHERE seq = 4")
    assert db.ask(audit.verify).first_bad == 4


def test_two_swapped_events_are_found(written):
    tamper(written, "UPDATE audit_seal SET event_id = -event_id WHERE seq IN (6, 9)",
           "UPDATE audit_seal SET event_id = CASE seq WHEN 6 THEN (SELECT -event_id FROM audit_seal WHERE seq = 9) "
           "ELSE (SELECT -event_id FROM audit_seal WHERE seq = 6) END WHERE seq IN (6, 9)")
    assert db.ask(audit.verify).first_bad == 6


def test_an_event_slipped_in_before_others_is_found(written):
    tamper(written, "INSERT INTO audit_event (at, actor, role, action, object_type, object_id, details) "
                    "VALUES (now() - interval '1 hour', 'x', 'x', 'x', 'x', 'x', '{}')")
    assert db.ask(audit.verify).unsealed == 1
    tamper(written, "UPDATE audit_seal SET seq = -seq - 1 WHERE seq >= 8",
           "UPDATE audit_seal SET seq = -seq WHERE seq < 0",
           "INSERT INTO audit_seal SELECT 8, max(id), '\\x00' FROM audit_event")
    assert db.ask(audit.verify).first_bad == 8


def test_the_trail_takes_no_change(written):
    for statement in ("UPDATE audit_event SET role = 'x'", "DELETE FROM audit_seal", "TRUNCATE audit_event CASCADE"):
        with psycopg.connect(written) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_an_act_that_fails_leaves_no_event(database):
    with pytest.raises(Undone):
        db.act(write, 1, 1, True)
    assert db.ask(lambda session: session.scalar(select(func.count()).select_from(AuditEvent))) == 0


def test_a_long_reason_is_cut_and_still_verifies(database):
    db.act(audit.record, "thing.done", "thing", 1, reason="长" * 900)
    db.act(audit.seal)
    assert db.ask(audit.verify).whole
