"""The preview asks: is this repair right, what are these columns, who hands out passes where many share a phone."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from flask.testing import FlaskClient
from rosters.roster_world import HEADER, World, number, person, workbook
from sqlalchemy import select

from charter.access.models import Account
from charter.access.service import sessions
from charter.core import db
from charter.core.actor import Role
from charter.jobs import run_waiting
from charter.people.models import Worker, WorkerDocument
from charter.registrations.models import Registration
from charter.rosters import service
from charter.rosters.models import RosterBatch
from charter.rosters.service import uploading


@pytest.fixture
def organizer(world: World) -> FlaskClient:
    with db.transaction() as session:
        account = Account(role=Role.CITY_ORGANIZER, username="city", name="市总", scope_kind=None, scope_id=None)
        session.add(account)
        session.flush()
        world.client.set_cookie("session", sessions.begin(session, account, second_factor=True))
    return world.client


def token(client: FlaskClient, path: str) -> dict[str, str]:
    found = re.search(r'name="form_token" value="(\w+)"', client.get(path).text)
    assert found
    return {"form_token": found[1]}


SHORT_ORIGIN = [HEADER, person(0, origin="南江"), person(1), person(2, phone="1")]


def test_a_repair_is_undone_at_its_row_and_restored(world: World, organizer: FlaskClient) -> None:
    batch = world.previewed(workbook(SHORT_ORIGIN))
    assert batch["summary"] == {"accepted": 1, "repaired": 1, "rejected": 1, "duplicates": 0}
    url = f"/desk/rosters/{batch['id']}"
    assert organizer.get(f"{url}?show=repaired").text.count("撤销修正") == 1
    wanted = token(organizer, f"{url}?show=repaired") | {"field": "origin", "show": "repaired"}
    for _ in range(2):  # twice is once
        assert organizer.post(f"{url}/rows/0/repair", data=wanted).status_code == 303
    after = world.get(f"/rosters/{batch['id']}").json
    assert (after["summary"]["repaired"], after["summary"]["rejected"], after["changes"]["new"]) == (0, 2, 1)
    row = world.rows(batch)[0]
    assert (row["status"], row["change"], row["worker"]["origin"]) == ("rejected", None, "南江")
    assert [problem["code"] for problem in row["problems"]] == ["repair_undone"]
    assert "恢复修正" in organizer.get(f"{url}?show=rejected").text
    bad = world.get(f"/rosters/{batch['id']}/bad.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(bad.data)).active
    assert "撤销" in str(sheet.cell(2, 5).value)

    assert organizer.post(f"{url}/rows/0/repair", data=wanted | {"again": "1"}).status_code == 303
    assert world.get(f"/rosters/{batch['id']}").json["summary"] == batch["summary"]
    assert world.get(f"/rosters/{batch['id']}").json["changes"] == batch["changes"]
    assert world.rows(batch)[0]["worker"]["origin"] == "511922"


def test_an_undone_row_is_not_taken_and_what_was_taken_is_not_undone(world: World, organizer: FlaskClient) -> None:
    batch = world.previewed(workbook(SHORT_ORIGIN))
    url = f"/desk/rosters/{batch['id']}"
    wanted = token(organizer, f"{url}?show=repaired") | {"field": "origin"}
    assert organizer.post(f"{url}/rows/1/repair", data=wanted).status_code == 404  # nothing was repaired there
    assert organizer.post(f"{url}/rows/7/repair", data=wanted).status_code == 404
    organizer.post(f"{url}/rows/0/repair", data=wanted)
    world.post(f"/rosters/{batch['id']}/commit")
    run_waiting()
    assert list(world.people()) == [person(1)[0]]
    assert organizer.post(f"{url}/rows/0/repair", data=wanted | {"again": "1"}).status_code == 409


def test_a_list_without_a_header_asks_for_its_columns_and_remembers_them(world: World, organizer: FlaskClient) -> None:
    bare = workbook([["1", *person(1)], ["2", *person(2)]])
    batch = world.previewed(bare)
    assert (batch["state"], batch["refusal"]["code"]) == ("refused", "roster_no_header")
    url = f"/desk/rosters/{batch['id']}"
    assert f"{url}/names" in organizer.get(url).text
    page = organizer.get(f"{url}/names").text
    assert number(1) not in page
    assert person(1)[0] in page
    assert re.findall(r'<option value="(\w+)" selected>', page) == ["name", "id_number", "phone", "origin"]
    csrf = token(organizer, f"{url}/names")
    nothing = organizer.post(f"{url}/names", data=csrf | {"header": "0", "field": ["", "phone"]})
    assert nothing.status_code == 422
    said = {"header": "0", "field": ["", "name", "id_number", "phone", "origin"]}
    assert organizer.post(f"{url}/names", data=csrf | said).status_code == 303
    run_waiting()
    read = world.get(f"/rosters/{batch['id']}").json
    assert (read["state"], read["summary"]["accepted"]) == ("previewed", 2)
    assert [row["row"] for row in world.rows(batch)] == [1, 2]
    assert "没有表头" in organizer.get(url).text
    assert world.previewed(workbook([["9", *person(3)]]))["summary"]["accepted"] == 1  # the next one is read so
    assert world.previewed(bare, caller="other")["state"] == "refused"
    assert world.get(f"/rosters/{batch['id']}", "other").status_code == 404


def test_a_corrected_number_of_a_list_without_a_header_changes_the_person(
        world: World, organizer: FlaskClient) -> None:
    batch = world.previewed(workbook([person(1), person(2, phone="1")]))
    url = f"/desk/rosters/{batch['id']}"
    organizer.post(f"{url}/names", data=token(organizer, f"{url}/names") | {
        "header": "0", "field": ["name", "id_number", "phone", "origin"]})
    run_waiting()
    world.post(f"/rosters/{batch['id']}/commit")
    run_waiting()
    back = openpyxl.load_workbook(io.BytesIO(world.get(f"/rosters/{batch['id']}/bad.xlsx").data))
    back.active["B1"], back.active["C2"] = number(9), "15400000002"
    out = io.BytesIO()
    back.save(out)
    again = world.committed(out.getvalue())
    assert (again["changes"]["new"], again["changes"]["changed"]) == (1, 1)
    assert len(world.people()) == 2


def test_an_unknown_word_for_the_name_is_named_by_its_heading(world: World, organizer: FlaskClient) -> None:
    batch = world.previewed(workbook([["工友", *HEADER[1:]], person(1)]))
    url = f"/desk/rosters/{batch['id']}"
    page = organizer.get(f"{url}/names").text
    assert re.search(r'name="header" value="1"[^>]* checked', page)
    organizer.post(f"{url}/names", data=token(organizer, f"{url}/names") | {
        "header": "1", "field": ["name", "id_number", "phone", "origin"]})
    run_waiting()
    assert world.get(f"/rosters/{batch['id']}").json["summary"]["accepted"] == 1
    assert world.previewed(workbook([["工友", *HEADER[1:]], person(2)]))["summary"]["accepted"] == 1


def test_who_hands_out_passes_is_asked_where_many_share_a_phone_and_kept(
        world: World, organizer: FlaskClient) -> None:
    shared = [person(order, phone="15400000009") for order in range(4)]
    content = workbook([HEADER, *shared, person(5), person(6, phone="15400000006")])
    batch = world.previewed(content)
    url = f"/desk/rosters/{batch['id']}"
    page = organizer.get(url).text
    assert "4 人用尾号 0009" in page
    assert page.count('name="by-') == 1
    csrf = token(organizer, url)
    assert organizer.post(f"{url}/bearers", data=csrf | {"by-0": "长" * 51}).headers["Location"].count("long=1") == 1
    assert organizer.post(f"{url}/bearers", data=csrf | {"by-0": " 三车间 李班长 ", "by-77": "x"}).status_code == 303
    assert 'value="三车间 李班长"' in organizer.get(url).text
    world.post(f"/rosters/{batch['id']}/commit")
    run_waiting()
    with db.transaction() as session:
        named = dict(session.execute(select(Worker.name, Registration.pass_by).join(
            Registration, Registration.worker_id == Worker.id)).all())
    assert [named[one[0]] for one in shared] == ["三车间 李班长"] * 4
    assert {named[person(5)[0]], named[person(6)[0]]} == {""}
    again = world.previewed(content)
    assert 'value="三车间 李班长"' in organizer.get(f"/desk/rosters/{again['id']}").text


def test_how_many_rows_are_expected_is_known_while_a_list_is_read(world: World) -> None:
    made = world.upload(workbook([HEADER, *[person(order) for order in range(7)]])).json
    with db.transaction() as session:
        session.get_one(RosterBatch, made["id"]).state = "reading"
    db.act(service.expect, made["id"], 8)
    assert world.get(f"/rosters/{made['id']}").json["progress"] == {"done": 0, "total": 8}
    run_waiting()
    assert world.get(f"/rosters/{made['id']}").json["progress"] == {"done": 7, "total": 7}


def test_one_list_after_the_other_is_slowed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "LISTS_AN_HOUR", 2)
    content = workbook([HEADER, person(1)])
    assert [world.upload(content).status_code for _ in range(3)] == [202, 202, 429]
    assert world.upload(content, caller="other").status_code == 202


def test_fifteen_digits_wait_for_their_person_to_confirm_them(world: World) -> None:
    old = number(1)[:6] + number(1)[8:17]
    world.committed(workbook([HEADER, person(1, id=old), person(2)]))
    with db.transaction() as session:
        worker = session.scalars(select(Worker).where(Worker.name == person(1)[0])).one()
        stored = dict(session.execute(select(WorkerDocument.last_four, WorkerDocument.confirmed)).all())
        assert stored == {number(1)[-4:]: False, number(2)[-4:]: True}
        account = Account(role=Role.WORKER, name="")
        session.add(account)
        session.flush()
        world.client.set_cookie("session", sessions.begin(session, account, second_factor=False,
                                                                worker_id=worker.id))
        request = session.scalars(select(Registration.id).where(Registration.worker_id == worker.id)).one()
    page = world.client.get(f"/trip/{request}")
    assert page.status_code == 200
    assert f"末四位是 {number(1)[-4:]}" in page.text
    answer = world.client.post(f"/trip/{request}/number", data=token(world.client, f"/trip/{request}"))
    assert answer.status_code == 303
    assert "15 位老证件号码" not in world.client.get(f"/trip/{request}").text
    with db.transaction() as session:
        assert set(session.scalars(select(WorkerDocument.confirmed))) == {True}
