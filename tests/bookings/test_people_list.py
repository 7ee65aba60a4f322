"""The desk's list of people: each role sees its own, finds people by a few letters, leaks nothing by an address."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from datetime import timedelta

import cast as casts
import openpyxl
import pytest
from bookings.factories import request
from sqlalchemy import event, select

from charter.bookings.desk import acting, searching
from charter.bookings.desk.searching import begin, opened
from charter.bookings.service import Placement, place_many
from charter.core import clock, db
from charter.core.audit import AuditEvent
from charter.people.models import Worker
from charter.people.rules.pinyin import spelled
from charter.registrations.models import Registration


@pytest.fixture
def cast(database):
    """Four people of the clerk's employer (two with seats), one of the other's, one far away, one of the partner."""
    with db.transaction() as session:
        made = casts.assemble(session)
        ids = casts.listed(session, made, made.scene.employer, [0, 1])
        casts.listed(session, made, made.scene.employer, [2, 3], source="worker", name="张建国")
        casts.listed(session, made, made.scene.other, [4], name="买买提·吐尔逊")
        casts.listed(session, made, made.far, [5], name="李秀英")
        casts.listed(session, made, made.far, [6], source="partner", name="赵六")
        place_many(session, made.scene.campaign.id, [Placement(key, made.scene.departure.id) for key in ids])
    return made


def names(page):
    return re.findall(r'<a href="/desk/people/[0-9a-f-]{36}">([^<]+)</a>', page)


def find(client, words):
    answer = client.post("/desk/people/search", data=casts.token(client) | {"words": words})
    assert answer.status_code == 303, answer.text
    return answer.location, names(client.get(answer.location).text)


def test_each_role_sees_its_own_people_only(app, cast):
    own = {"王甲", "王乙", "张建国"}
    seen = {"clerk": own, "other_clerk": {"买买提·吐尔逊"}, "far_clerk": {"李秀英", "赵六"}, "partner": {"赵六"},
            "district": own | {"买买提·吐尔逊"}, "far_district": {"李秀英", "赵六"},
            "city": own | {"买买提·吐尔逊", "李秀英", "赵六"}, "hotline": own | {"买买提·吐尔逊", "李秀英", "赵六"}}
    for member, expected in seen.items():
        page = cast.client(app, member).get("/desk/people")
        assert set(names(page.text)) == expected, member
    masked = cast.client(app, "funds").get("/desk/people").text
    assert set(names(masked)) == {"王*", "张**", "买******", "李**", "赵*"}
    assert 'name="words"' not in masked


def test_figures_stand_on_top_and_open_their_lists(app, cast):
    client = cast.client(app, "clerk")
    page = client.get("/desk/people").text
    assert re.search(r"<b>2</b><span>人等您确认</span>", page)
    waiting = re.search(r'href="([^"]+state=received)"', page)[1].replace("&amp;", "&")
    assert names(client.get(waiting).text) == ["张建国", "张建国"]
    english = cast.client(app, "clerk", "en").get("/desk/people").text
    assert "wait for your confirmation" in english


@pytest.mark.parametrize(("query", "expected"), [
    ("seat=yes", {"王甲", "王乙"}), ("seat=no&employer=丙", {"李秀英", "赵六"}),
    ("employer=甲有限", {"王甲", "王乙", "张建国"}),
    ("origin=四川", {"王甲", "王乙", "张建国", "买买提·吐尔逊", "李秀英", "赵六"}), ("origin=贵州", set()),
    ("departure=巴中01", {"王甲", "王乙"}), ("state=received", {"张建国"}), ("mode=train&seat=yes", {"王甲", "王乙"}),
    ("state=nonsense&page=99999999999&day=31-31", {"王甲", "王乙", "张建国", "买买提·吐尔逊", "李秀英", "赵六"})])
def test_filters_stand_in_the_address(app, cast, query, expected):
    assert set(names(cast.client(app, "city").get(f"/desk/people?{query}").text)) == expected


def test_a_day_means_the_seat_where_there_is_one(app, cast):
    client = cast.client(app, "clerk")
    travels = cast.scene.departure.date
    assert {"王甲", "王乙", "张建国"} == set(names(client.get(f"/desk/people?day={travels}").text))
    assert set(names(client.get(f"/desk/people?day={clock.today()}").text)) == {"张建国"}


@pytest.mark.parametrize("words", ["建国", "zhangjianguo", "zhang jian", "zjg"])
def test_a_name_is_found_by_characters_pinyin_and_initials(app, cast, words):
    assert set(find(cast.client(app, "hotline"), words)[1]) == {"张建国"}


def test_phone_number_and_document_are_found_and_never_stand_in_the_address(app, cast):
    client = cast.client(app, "hotline")
    person = request(4)
    for words in (person.phone, f"+86 {person.phone}", person.id_number, person.id_number.lower(),
                  person.id_number[-4:]):
        address, found = find(client, words)
        assert "买买提·吐尔逊" in found, words
        assert person.phone not in address
        assert person.id_number[-4:] not in address
    assert person.phone not in client.get(address).text
    with db.transaction() as session:
        kinds = set(session.scalars(select(AuditEvent.details["kind"].astext).where(
            AuditEvent.action == "people.searched")))
    assert kinds == {"phone", "document", "tail"}


def test_a_search_stays_within_the_scope(app, cast):
    assert find(cast.client(app, "clerk"), request(4).phone)[1] == []
    assert find(cast.client(app, "clerk"), "li")[1] == []


def test_another_members_search_opens_nothing(database, cast):
    clerk, hotline = cast.actors["clerk"], cast.actors["hotline"]
    text = db.act(begin, clerk, "张建国")
    assert opened(clerk, text).words == "张建国"
    assert opened(hotline, text) is None
    assert opened(clerk, text[:-2] + "AA") is None
    with clock.travel(timedelta(hours=13)):
        assert opened(clerk, text) is None


def test_the_workbook_holds_the_lists_fields_and_no_formula(app, cast):
    with db.transaction() as session:
        for person in session.scalars(select(Worker).where(Worker.name == "张建国")):
            person.name = "=1+1"
    answer = cast.client(app, "clerk").get("/desk/people.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 5
    assert {row[0] for row in rows[1:]} == {"王甲", "王乙", "=1+1"}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert request(0).id_number[-4:] in {row[1] for row in rows[1:]}
    whole = answer.data.decode("latin-1") + str(rows)
    assert request(0).id_number not in whole
    assert request(0).phone not in whole
    with db.transaction() as session:
        assert session.scalar(select(AuditEvent.details["count"].astext).where(
            AuditEvent.action == "people.exported")) == "4"


def test_an_auditors_workbook_is_masked_as_the_page_is(app, cast):
    sheet = openpyxl.load_workbook(io.BytesIO(cast.client(app, "funds").get("/desk/people.xlsx").data)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in rows} == {"王*", "张**", "买******", "李**", "赵*"}
    assert {row[1] for row in rows} == {None}


def test_long_lists_come_by_the_page_with_few_statements(app, cast):
    with db.transaction() as session:
        casts.listed(session, cast, cast.scene.other, range(100, 230))
    client = cast.client(app, "other_clerk")
    client.get("/desk/people")
    with counting() as said:
        first = client.get("/desk/people?sort=name").text
    assert len(said) <= 25, said
    assert len(names(first)) == 50
    assert "共 131 人" in first
    assert len(names(client.get("/desk/people?sort=name&page=3").text)) == 31


def test_nobody_is_on_the_list_of_an_employer_without_people(app, cast):
    with db.transaction() as session:
        session.query(Registration).filter(Registration.employer_id == cast.scene.other.id).update(
            {"state": "withdrawn"})
    assert "没有符合条件的人" in cast.client(app, "other_clerk").get("/desk/people?state=booked").text


@pytest.mark.parametrize(("name", "spelling"), [
    ("张建国", "zhangjianguo zjg"), ("曾小贤", "zengxiaoxian zxx"), ("买买提·吐尔逊", "maimaitituerxun mmttex"),
    ("John Smith-Lee", "johnsmithlee jsl"), ("\U00020bb7田", "tian t"), ("", " ")])
def test_a_name_is_spelled(name, spelling):
    assert spelled(name) == spelling


@contextmanager
def counting():
    """The statements that run inside the block."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)
    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def test_searching_and_seeing_whole_numbers_have_their_limits(app, cast, monkeypatch):
    monkeypatch.setattr(searching, "AN_HOUR", 2)
    monkeypatch.setattr(acting, "REVEALED_A_DAY", 1)
    client = cast.client(app, "hotline")
    found = [client.post("/desk/people/search", data=casts.token(client) | {"words": "张"}).status_code
             for _ in range(3)]
    assert found == [303, 303, 429]
    person = re.search(r"/desk/people/[0-9a-f-]{36}", client.get("/desk/people").text)[0]
    asked = casts.token(client) | {"what": "phone", "reason": "核对来电人"}
    assert [client.post(person + "/reveal", data=asked).status_code for _ in range(2)] == [200, 429]
