"""The organizer's pages: start a plan, watch it, publish it, and write what a coach really cost."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from planning import plan_world
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import sessions
from charter.app import create_app
from charter.campaigns.models import Departure
from charter.core import db, sealed
from charter.core.actor import Role
from charter.funding.models import DepartureCost
from charter.jobs import run_waiting
from charter.registrations.models import Registration


def signed_in(session: Session, role: Role) -> str:
    account = Account(role=role, username=f"{role}-1", name=str(role), scope_kind=None, scope_id=None)
    session.add(account)
    session.flush()
    return sessions.begin(session, account, second_factor=True)


@pytest.fixture
def client(database: str) -> FlaskClient:
    sealed.configure(sealed.new_ring())
    made = create_app(propagate_faults=True).test_client()
    made.set_cookie("session", db.act(signed_in, Role.CITY_ORGANIZER))
    return made


def form(client: FlaskClient, page: str) -> dict[str, str]:
    found = re.search(r'name="form_token" value="(\w+)"', client.get(page).text)
    assert found
    return {"form_token": found[1]}


def test_an_organizer_plans_publishes_and_writes_the_bill(client: FlaskClient) -> None:
    db.act(plan_world.campaign)
    assert "还没有方案" in client.get("/desk/plans").text
    started = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {"time_limit_s": "3"})
    assert started.status_code == 303
    page = started.headers["Location"]
    assert "排队中" in client.get(page).text
    run_waiting()
    shown = client.get(page).text
    assert "发布：14 人得到座位" in shown
    assert "出发地没有线路" in shown
    assert client.post(page + "/publish", data=form(client, page)).status_code == 303
    assert "已发布" in client.get(page).text

    costs = client.get("/desk/costs").text
    assert "巴中1线" in costs
    with db.transaction(read_only=True) as session:
        departure = session.scalars(select(DepartureCost.departure_id)).first()
    sent = form(client, "/desk/costs")
    saved = client.post("/desk/costs/save", data=sent | {f"actual_{departure}": "13,900.50"})
    assert saved.status_code == 303
    assert "13,900.50" in client.get("/desk/costs").text
    refused = client.post("/desk/costs/save", data=sent | {f"actual_{departure}": "1.234"})
    assert refused.status_code == 422
    assert f'id="actual_{departure}-error"' in refused.text


def test_a_funds_auditor_reads_costs_and_has_no_form(client: FlaskClient) -> None:
    db.act(plan_world.campaign)
    client.set_cookie("session", db.act(signed_in, Role.FUNDS_AUDITOR))
    page = client.get("/desk/costs")
    assert page.status_code == 200
    assert 'name="actual' not in page.text
    assert client.get("/desk/plans").status_code == 403


def test_a_plan_is_read_vehicle_by_vehicle_and_person_by_person(client: FlaskClient) -> None:
    db.act(plan_world.campaign)
    page = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {
        "time_limit_s": "3", "name": "节前"}).headers["Location"]
    run_waiting()
    shown = client.get(page).text
    assert "节前" in shown
    vehicle = re.search(r'href="([^"]*/vehicles/\d+/\d+)"', shown)
    assert vehicle
    inside = client.get(vehicle[1]).text
    assert "张建国" in inside
    assert client.get(page + "/vehicles/9999/0").status_code == 404
    left = client.get(page + "/left-behind?code=no_departure_from_origin").text
    assert left.count("<tr data-row>") == 1
    assert "没有人" in client.get(page + "/left-behind?code=budget").text
    assert client.get(page + "?day=1999-01-01").text.count("没有符合条件的车辆") == 1


def test_the_two_lines_of_a_run_are_kept_and_close(client: FlaskClient) -> None:
    db.act(plan_world.campaign)
    page = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {
        "time_limit_s": "3"}).headers["Location"]
    assert client.get(page + "/progress.json").json == {
        "state": "queued", "seconds": 0.0, "best": None, "bound": None, "gap": None, "history": []}
    run_waiting()
    told = client.get(page + "/progress.json").json
    assert told["history"]
    assert all(bound <= best for _, best, bound in told["history"])


def test_a_wrong_time_stands_at_its_field_and_nothing_is_planned(client: FlaskClient) -> None:
    db.act(plan_world.campaign)
    refused = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {"time_limit_s": "0", "name": "甲"})
    assert refused.status_code == 422
    assert 'id="time_limit_s-error"' in refused.text
    assert 'value="甲"' in refused.text
    assert "还没有方案" in refused.text


def test_a_plan_that_is_published_twice_says_so(client: FlaskClient) -> None:
    db.act(plan_world.campaign)
    page = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {
        "time_limit_s": "3"}).headers["Location"]
    run_waiting()
    for _ in range(2):
        answer = client.post(page + "/publish", data=form(client, page))
    assert "这个方案已经发布" in client.get(answer.headers["Location"]).text


def test_the_people_of_a_departure_are_seated_elsewhere_after_the_organizer_has_seen_who_moves(
        client: FlaskClient) -> None:
    db.act(plan_world.campaign, workers=8, stranded=0)
    started = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {"time_limit_s": "2"})
    page = started.headers["Location"]
    run_waiting()
    client.post(page + "/publish", data=form(client, page))
    with db.transaction(read_only=True) as session:
        broken = session.scalars(select(Departure.id)).one()
    call_off = f"/desk/departures/{broken}/call-off"
    assert "先给大家另排座位" in client.get(call_off).text
    again = client.post(f"/desk/departures/{broken}/replan", data=form(client, call_off)).headers["Location"]
    run_waiting()
    shown = client.get(again).text
    assert "谁换到哪里" in shown
    assert shown.count("新开") == 8
    assert "原来的班次取消" in shown
    assert client.post(again + "/publish", data=form(client, again)).status_code == 303
    with db.transaction(read_only=True) as session:
        assert session.get_one(Departure, broken).state == "called_off"
        assert set(session.scalars(select(Registration.state))) == {"booked"}


def test_a_scenario_says_what_it_tries_and_wrong_figures_are_refused_at_their_field(client: FlaskClient) -> None:
    db.act(plan_world.campaign)
    sent = form(client, "/desk/plans") | {"time_limit_s": "2", "budget": "14,000.00", "load_percent": "50"}
    assert client.post("/desk/plans/start", data=sent).status_code == 303
    run_waiting()
    shown = client.get("/desk/plans").text
    assert "经费上限 14,000.00 元" in shown
    assert "客座率 50%" in shown
    refused = client.post("/desk/plans/start", data=sent | {"load_percent": "101"})
    assert refused.status_code == 422
    assert 'value="101"' in refused.text
