"""A case has an owner and a clock; what was only spoken stays listed until its paper comes; shifts are handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bookings.factories import coach, riders, scene
from desk import fields, sign_in, token
from sqlalchemy import select

from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.core import clock, db
from charter.core.actor import Role
from charter.duty import queries
from charter.duty.models import DutyCase, DutyEntry


@pytest.fixture
def campaign(database):
    with db.transaction() as session:
        made = scene(session)
        ids = riders(session, made, 2)
        place_many(session, made.campaign.id, [Placement(key, made.departure.id) for key in ids])
        session.scalars(select(Booking).limit(1)).one().boarded_at = clock.now()
        coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 8, 5).code = "巴中02"
        return made.campaign


@pytest.fixture
def desk(client, campaign):
    return sign_in(client)


def opened(desk, **changed):
    sent = fields(desk.get("/desk/duty").text) | {
        "kind": "vehicle", "title": "巴中01 抛锚", "codes": "巴中01，巴中02", "aboard": "31", "waiting": "7",
        "owner": "王科长"}
    return desk.post("/desk/duty", data=sent | changed)


def case():
    with db.transaction(read_only=True) as session:
        return session.scalars(select(DutyCase)).one()


def lines():
    with db.transaction(read_only=True) as session:
        return session.scalars(select(DutyEntry).order_by(DutyEntry.at)).all()


def send(desk, verb, **values):
    return desk.post(f"/desk/duty/cases/{case().id}/{verb}", data=token(desk, "/desk/duty") | values)


def test_a_case_names_its_departures_people_owner_and_hour(desk):
    answer = opened(desk)
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    found = case()
    assert (found.number, found.aboard, found.waiting, found.owner, len(found.departures)) == (1, 31, 7, "王科长", 2)
    assert "巴中02" in page
    with db.transaction(read_only=True) as session:
        assert [(one.seated, one.boarded) for one in queries.touched(session, found)] == [(2, 1), (0, 0)]


def test_a_departure_that_does_not_exist_is_refused_at_the_field(desk):
    refused = opened(desk, codes="巴中01、没有的")
    assert refused.status_code == 422
    assert "没有班次 没有的" in refused.text
    assert 'value="巴中01 抛锚"' in refused.text


def test_a_case_past_its_hour_says_so(desk):
    opened(desk)
    assert "过时了" not in desk.get("/desk/duty").text
    with clock.travel(timedelta(hours=2)):
        assert db.ask(queries.cases, case().campaign_id)[0].late


def test_an_approval_needs_whose_word_and_stays_listed_until_its_paper_is_there(desk):
    opened(desk)
    assert send(desk, "write", kind="approval", text="同意另租一辆车", said_by="", paper="").status_code == 422
    assert send(desk, "write", kind="approval", text="同意另租一辆车", said_by="李副主席", paper="").status_code == 303
    assert "只有口头同意" in desk.get("/desk/duty").text
    refused = send(desk, "close", ending="已换车")
    assert refused.status_code == 422
    assert "不能结束" in refused.text
    assert desk.post(f"/desk/duty/entries/{lines()[0].id}/paper", data=token(desk, "/desk/duty") | {
        "paper": "厦总工〔2030〕12号"}).status_code == 303
    assert "只有口头同意，还没有" not in desk.get("/desk/duty").text
    assert send(desk, "close", ending="已换车").status_code == 303
    assert case().closed_at is not None
    assert "厦总工〔2030〕12号" in desk.get(f"/desk/duty/cases/{case().id}").text


def test_another_owner_is_a_hand_over_in_the_log(desk):
    opened(desk)
    later = f"{clock.local(clock.now() + timedelta(hours=3)):%Y-%m-%dT%H:%M}"
    assert send(desk, "steer", owner="陈科长", answer_by=later, extra="1200.50").status_code == 303
    assert (case().owner, case().extra_fen) == ("陈科长", 120_050)
    assert [(line.kind, line.text) for line in lines()] == [("handover", "王科长 → 陈科长")]
    assert send(desk, "steer", owner="陈科长", answer_by=later, extra="一千").status_code == 422


def test_the_shift_is_handed_over_on_paper(desk):
    opened(desk)
    send(desk, "write", kind="decision", text="巴中02 绕道去接人", said_by="王科长", paper="")
    sent = fields(desk.get("/desk/duty/log").text)
    assert desk.post("/desk/duty/log", data=sent | {"text": "夜里盯住巴中01", "to": "林敏"}).status_code == 303
    page = desk.get("/desk/duty/log").text
    for words in ("巴中02 绕道去接人", "夜里盯住巴中01", "林敏", "第 1 件", "交班人"):
        assert words in page
    assert "这一天没有记录" in desk.get("/desk/duty/log?day=2020-01-01").text


def test_another_campaigns_hotline_sees_nothing_of_it(client, desk):
    opened(desk)
    key = case().id
    other = sign_in(client.application.test_client(), Role.HOTLINE, scope_kind="campaign",
                    scope_id="00000000-0000-4000-8000-000000000000")
    assert other.get(f"/desk/duty/cases/{key}").status_code == 404
    assert other.get("/desk/duty").status_code == 404


def test_two_cases_of_the_same_moment_have_two_numbers(desk):
    for _ in range(3):
        opened(desk)
    with db.transaction(read_only=True) as session:
        assert sorted(session.scalars(select(DutyCase.number))) == [1, 2, 3]
