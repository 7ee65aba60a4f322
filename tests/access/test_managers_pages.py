"""The administrator sees how the installation does, the auditor what was done; neither sees what is the other's."""

from __future__ import annotations

import io
import time
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from access import pages

from charter.access.service import codes
from charter.core import audit, clock, db, sealed
from charter.core.actor import Actor, Role, acting


@pytest.fixture
def administrator(app):
    return pages.signed_in(app, pages.account(Role.ADMINISTRATOR, "admin1"))


@pytest.fixture
def auditor(app):
    return pages.signed_in(app, pages.account(Role.AUDITOR, "auditor1"))


def test_the_administrator_sees_parts_keys_and_settings_but_no_secret(administrator, monkeypatch):
    ring = sealed.new_ring()
    monkeypatch.setenv("CHARTER_KEYS", ring)
    monkeypatch.setenv("DATABASE_URL", "postgresql://charter:hush@db.example/charter")
    page = administrator.get("/desk/system").text
    assert "是最新的" in page
    assert "没有运行" in page, "no job worker runs in this test"
    assert "CHARTER_KEYS" in page
    assert ring not in page
    assert "hush" not in page
    assert "新内容用它" in page


def test_a_key_that_is_missing_is_named(app, administrator):
    db.act(codes.ask_code, "15400000001", "127.0.0.1")
    before = sealed.ring().roots[0][1]
    import base64
    sealed.configure("2:" + base64.b64encode(b"another root of thirty-two bytes").decode())
    from charter.core.key_use import key_faults
    assert db.ask(key_faults)[0].startswith("CHARTER_KEYS lacks key 1, which")
    assert before not in sealed.ring().roots[0]


def test_the_trail_is_searched_by_actor_action_object_and_time(app, auditor):
    person = str(uuid4())
    with acting(Actor(Role.CITY_ORGANIZER, account_id=str(uuid4()))):
        db.act(audit.record, "thing.done", "thing", person, reason="asked by the hotline")
    with clock.travel(timedelta(days=-3)):
        db.act(audit.record, "thing.older", "thing", "x")
    assert "asked by the hotline" in auditor.get(f"/desk/audit?object={person}").text
    assert auditor.get("/desk/audit?action=thing").text.count("<tr>") == 3
    assert auditor.get("/desk/audit?action=thing.older").text.count("<tr>") == 2
    today = clock.today().isoformat()
    assert "thing.older" not in auditor.get(f"/desk/audit?action=thing&first={today}").text.split("<tbody>")[1]
    assert "thing.older" in auditor.get(f"/desk/audit?last={(clock.today() - timedelta(days=3)).isoformat()}").text
    assert "没有符合条件" in auditor.get("/desk/audit?actor=nobody-of-that-name&first=nonsense").text
    assert auditor.get("/desk/audit?actor=auditor1").status_code == 200


def test_the_trail_is_paged_without_gaps(auditor):
    with db.transaction() as session:
        for number in range(150):
            audit.record(session, "thing.done", "thing", f"n{number}")
    first = auditor.get("/desk/audit?action=thing").text
    assert "更早的" in first
    import re
    older = re.search(r'href="(/desk/audit\?before=[^"]+)"', first)[1].replace("&amp;", "&")
    seen = re.findall(r">n(\d+)<", first + auditor.get(older).text)
    assert [int(number) for number in seen] == list(range(149, -1, -1))


def test_the_auditor_sees_whether_the_chain_holds(auditor, database, app):
    for number in range(5):
        db.act(audit.record, "thing.done", "thing", number)
    for _ in range(600):  # transactions of other databases of the server hold the newest events back for a moment
        db.act(audit.seal)
        if db.ask(audit.verify).sealed >= 5:
            break
        time.sleep(0.1)
    assert "链完整" in auditor.get("/desk/audit?verify=1").text
    runner = app.test_cli_runner()
    from charter.cli import register
    register(app)
    done = runner.invoke(args=["audit", "verify"])
    assert (done.exit_code, "The chain holds" in done.output) == (0, True)
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE audit_event SET action = 'x' WHERE id = (SELECT event_id FROM audit_seal WHERE seq = 3)")
    assert "第 3 条断开" in auditor.get("/desk/audit?verify=1").text
    done = runner.invoke(args=["audit", "verify"])
    assert (done.exit_code, "number 3" in done.output) == (1, True)


def test_the_three_managers_are_apart(app, administrator, auditor):
    manager = pages.signed_in(app, pages.account(Role.SECURITY_MANAGER, "manager1"))
    for browser, own in ((administrator, "system"), (auditor, "audit"), (manager, "accounts")):
        for name in ("system", "audit", "accounts"):
            assert browser.get(f"/desk/{name}").status_code == (200 if name == own else 403)
        for foreign in ("/desk", "/desk/plans", "/desk/employers"):
            assert browser.get(foreign).status_code == 403


def test_each_list_is_downloaded_as_its_page_filters_it(app, auditor):
    from openpyxl import load_workbook
    manager = pages.signed_in(app, pages.account(Role.SECURITY_MANAGER, "manager1"))
    huli = pages.district()
    pages.employer(huli, name="=HYPERLINK(1)")
    organizer = pages.signed_in(app, pages.account(Role.DISTRICT_ORGANIZER, "huli", kind="district", key=huli))

    def rows(browser, url):
        answer = browser.get(url)
        assert answer.status_code == 200
        return [list(row) for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)]
    assert [row[0] for row in rows(manager, "/desk/accounts.xlsx?role=auditor")] == ["用户名", "auditor1"]
    firms = rows(organizer, "/desk/employers.xlsx")
    assert firms[1][:3] == ["=HYPERLINK(1)", "91350200MA34567832", "湖里区"]
    assert len(rows(auditor, "/desk/audit.xlsx?action=account.created")) == 4
    assert rows(auditor, "/desk/audit.xlsx?action=list.exported")[1][8] == "rows=3"
