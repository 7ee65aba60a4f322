"""One search over people, departures and employers; its words never stand in an address."""

from __future__ import annotations

import pytest
from bookings.factories import request, riders, scene
from desk import sign_in, token

from charter.core import db
from charter.core.actor import Role


@pytest.fixture
def made(database):
    with db.transaction() as session:
        found = scene(session)
        riders(session, found, 3)
    return found


@pytest.fixture
def desk(client, made):
    return sign_in(client)


def look(desk, words):
    answer = desk.post("/desk/search", data=token(desk, "/desk") | {"words": words})
    assert answer.status_code == 303
    assert words not in answer.headers["Location"]
    return desk.get(answer.headers["Location"]).text.split("<main")[1]


@pytest.mark.parametrize(("words", "seen"), [
    ("巴中01", "巴中01"), ("厦门甲", "厦门甲有限公司"), ("王乙", "王乙"), (request(1).id_number[-4:], "王乙"),
    (request(1).phone, "王乙"), (request(1).id_number, "王乙")])
def test_everything_is_found(desk, words, seen):
    assert seen in look(desk, words)


def test_a_whole_number_is_not_shown_again(desk):
    page = look(desk, request(1).phone)
    assert request(1).phone not in page
    assert "***" + request(1).phone[-4:] in page


def test_nothing_found_says_so(desk):
    assert "没有找到" in look(desk, "查无此人")
    assert "再按回车" in desk.get("/desk/search").text
    assert "再按回车" in desk.get("/desk/search?q=zzz").text


def test_another_district_finds_nobody(client, made):
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    page = look(client, "王乙")
    assert "没有找到" in page
    assert "厦门甲有限公司" not in look(client, "厦门甲")
