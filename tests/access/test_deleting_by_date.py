"""Personal data go by date, group by group, provably; a hold stops it; the registry misses no column of any model."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from bookings.factories import riders, scene, worker_of
from cast import assemble
from desk import fields, sign_in, token
from sqlalchemy import LargeBinary, select

from charter.access.models import Account, DeletionRun
from charter.access.service import keeping, sessions
from charter.core import audit, clock, db, schema
from charter.core.actor import Role
from charter.core.audit import AuditEvent
from charter.core.db import Base
from charter.core.erasing import GROUPS, KEPT, erase_group, left_over
from charter.people.models import Worker, WorkerDocument
from charter.registrations.models import Registration

PERSONAL = re.compile(r"name|phone|contact|pass_by|needs|\bnote$|drivers|reason|unit$|address|birth|sealed|_tag$|^tag$|"
                      r"last_four|text$|policy|heading|words|answers?$")
OURS = {"deletion_rule.name", "deletion_run.name", "manifest_snapshot.sealed_at"}  # names of groups, a moment


def later(days):
    return clock.travel(timedelta(days=15 + days))


@pytest.fixture
def world(database):
    with db.transaction() as session:
        made = scene(session)
        ids = riders(session, made, 3)
        for key in ids:
            row = session.scalars(select(Registration).where(Registration.id == key)).one()
            row.other_name, row.needs = "王甲甲", "轮椅"
    return made, ids


def people():
    with db.transaction(read_only=True) as session:
        return session.scalars(select(Worker)).all(), session.scalars(select(WorkerDocument)).all(), session.scalars(
            select(Registration)).all()


def test_every_personal_column_is_deleted_or_says_why_not():
    schema.load_models()
    keeping.groups()
    goes = {f"{target.table}.{column}" for group in GROUPS.values() for target in group.targets
            for column in target.blank}
    whole = {target.table for group in GROUPS.values() for target in group.targets if not target.blank}
    forgotten = [f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables if table.name not in whole
                 for column in table.columns
                 if PERSONAL.search(column.name) and not column.name.endswith(("_en", "_at", "_by", "_hours"))
                 and f"{table.name}.{column.name}" not in goes | set(KEPT) | OURS]
    assert forgotten == []
    sealed = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables if table.name not in whole
              for column in table.columns if column.name.endswith("_sealed") and isinstance(column.type, LargeBinary)}
    assert sealed <= goes | set(KEPT)
    assert {"worker.name_pinyin", "registration.other_name", "registration.emergency_sealed"} <= goes
    assert {"registration_draft", "health_declaration", "outbox"} <= whole


def test_the_registry_names_only_what_exists():
    schema.load_models()
    keeping.groups()
    for group in GROUPS.values():
        for target in group.targets:
            assert set(target.blank) <= set(Base.metadata.tables[target.table].columns.keys())
    for name in KEPT:
        table, column = name.split(".")
        assert column in Base.metadata.tables[table].columns, name


def test_each_group_goes_on_its_own_day(world):
    assert db.act(keeping.erase) == 0
    with later(91):
        assert db.act(keeping.erase) > 0
    workers, documents, requests = people()
    assert {row.phone_sealed for row in workers} == {row.phone_tag for row in workers} == {None}
    assert {row.needs for row in requests} == {""}
    assert all(row.name for row in workers)
    assert all(row.number_sealed for row in documents)
    with later(366):
        db.act(keeping.erase)
        assert all(state.due == 0 for state in db.ask(keeping.states))
    workers, documents, requests = people()
    assert {(row.name, row.name_pinyin, row.birth_date) for row in workers} == {("", "", None)}
    assert all(row.erased_at for row in workers)
    assert {(row.number_sealed, row.tag, row.last_four) for row in documents} == {(None, None, "")}
    assert {row.other_name for row in requests} == {""}
    assert len(requests) == 3


def test_a_deletion_is_told_once_with_counts_and_no_name(world):
    with later(366):
        db.act(keeping.erase)
        assert db.act(keeping.erase) == 0
    with db.transaction(read_only=True) as session:
        runs = {run.name: run.counts for run in session.scalars(select(DeletionRun))}
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "deletion.done")).all()
    assert runs["identity"]["worker"] == runs["identity"]["worker_document"] == 3
    assert {event.object_id for event in told} == set(runs)
    assert "王" not in json.dumps([event.details for event in told], ensure_ascii=False)
    db.act(audit.seal)
    assert db.ask(audit.verify).first_bad is None


def test_who_rides_again_stays(world):
    made, ids = world
    with db.transaction() as session:
        again = type(made.campaign)(
            name="返乡", name_en="Home", direction="to_home", state="open", union_id=made.campaign.union_id,
            destination="350200", starts_on=clock.today() + timedelta(days=300),
            ends_on=clock.today() + timedelta(days=320), hotline="1")
        session.add(again)
        session.flush()
        stays = worker_of(session, ids[0])
        session.add(Registration(campaign_id=again.id, worker_id=stays, employer_id=made.employer.id, origin="511922",
                                 earliest=again.starts_on, latest=again.ends_on, modes=["bus"], state="confirmed",
                                 source="employer"))
    with later(366):
        db.act(keeping.erase)
    assert [row.id for row in people()[0] if row.name] == [stays]


def test_a_sign_in_goes_when_nobody_has_its_phone_any_more(world):
    with db.transaction() as session:
        tag = session.scalars(select(Worker.phone_tag)).first()
        session.add(Account(role="worker", phone_tag=tag, phone_sealed=b"x" * 40, name="王"))
    with later(91):
        db.act(keeping.erase)
    with db.transaction(read_only=True) as session:
        account = session.scalars(select(Account).where(Account.role == "worker")).one()
        assert (account.phone_tag, account.phone_sealed, account.name, account.active) == (None, None, "", False)


def test_a_hold_stops_everything_until_it_ends(client, world):
    desk = sign_in(client, Role.SECURITY_MANAGER)
    until = clock.today() + timedelta(days=600)
    given = fields(desk.get("/desk/privacy").text, "/desk/privacy/hold") | {
        "ordered_by": "市审计局", "document": "审通〔2030〕7号", "until": until.isoformat()}
    assert desk.post("/desk/privacy/hold", data=given).status_code == 303
    with later(366):
        assert db.act(keeping.erase) == 0
        assert {state.name for state in db.ask(keeping.states) if state.due} >= {"contact", "identity"}
    page = desk.get("/desk/privacy").text
    assert "市审计局（审通〔2030〕7号）要求到" in page
    hold = db.ask(keeping.holds)[0]
    assert desk.post(f"/desk/privacy/holds/{hold.id}/end", data=token(desk, "/desk/privacy")).status_code == 303
    with later(366):
        assert db.act(keeping.erase) > 0


def test_a_hold_needs_who_ordered_it_and_a_day_to_come(client, world):
    desk = sign_in(client, Role.SECURITY_MANAGER)
    given = fields(desk.get("/desk/privacy").text, "/desk/privacy/hold")
    refused = desk.post("/desk/privacy/hold", data=given | {"document": "x", "until": "2020-01-01"})
    assert refused.status_code == 422
    assert "请填写这一项" in refused.text
    past = desk.post("/desk/privacy/hold", data=given | {"ordered_by": "a", "document": "x", "until": "2020-01-01"})
    assert "截止日期已经过去" in past.text
    assert db.ask(keeping.holds) == []


def test_other_days_need_their_document(client, world):
    desk = sign_in(client, Role.SECURITY_MANAGER)
    sent = token(desk, "/desk/privacy")
    assert desk.post("/desk/privacy/rules/contact", data=sent | {"days": "30", "order": ""}).status_code == 422
    assert desk.post("/desk/privacy/rules/contact", data=sent | {"days": "30", "order": "厅办〔2030〕1号"}
                     ).status_code == 303
    assert desk.post("/desk/privacy/rules/nothing", data=sent | {"days": "30", "order": "x"}).status_code == 404
    with later(31):
        db.act(keeping.erase)
    assert {row.phone_sealed for row in people()[0]} == {None}


def test_a_deletion_that_was_left_half_done_shows(world):
    group = keeping.groups()["contact"]
    cutoff = clock.today() + timedelta(days=60)
    with db.transaction() as session:
        assert left_over(session, group, cutoff) == 6
        erase_group(session, group, cutoff)
        assert left_over(session, group, cutoff) == 0
        session.scalars(select(Registration).limit(1)).one().needs = "轮椅"
        session.flush()
        assert left_over(session, group, cutoff) == 1


def test_a_worker_takes_everything_that_is_kept_about_him_and_nobody_elses(app, database):
    with db.transaction() as session:
        cast = assemble(session)
        ids = riders(session, cast.scene, 2)
        mine = worker_of(session, ids[0])
        account = Account(role="worker", scope_kind="worker", scope_id=str(mine), name="王", phone_tag=b"1" * 16)
        session.add(account)
        session.flush()
        cookie = sessions.begin(session, account, second_factor=False, worker_id=mine)
    client = app.test_client()
    client.set_cookie("session", cookie)
    answer = client.get("/me/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    found = answer.json
    assert found["phone"] == "15400000000"
    assert len(found["documents"][0]["number"]) == 18
    assert [one["employer"] for one in found["registrations"]] == ["厦门甲有限公司"]
    assert "15400000001" not in answer.text
    with db.transaction(read_only=True) as session:
        assert session.scalars(select(AuditEvent.object_id).where(
            AuditEvent.action == "sealed.revealed", AuditEvent.object_type == "worker")).all() == [str(mine)]
