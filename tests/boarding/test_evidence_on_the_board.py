"""The board tells of a case what each phone showed and its volunteer answered, of the missing what calls came to."""

from __future__ import annotations

from uuid import uuid4

import pytest
from access import pages
from boarding import factories as make
from boarding.phone import Phone

from charter.boarding.words import reason_told
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.passes import service

CITY = Actor(Role.CITY_ORGANIZER)


@pytest.fixture
def stand(database):
    with db.transaction() as session:
        world = make.world(session)
        on = make.departure(session, world)
        return world, on, [make.booking(session, world, on, str(seat)) for seat in (1, 2)]


def volunteer(app, world):
    return pages.signed_in(app, pages.account(Role.VOLUNTEER, "volunteer1", kind="campaign", key=world.campaign.id))


def test_a_case_shows_its_scans_and_the_volunteers_answer(app, client, stand):
    world, on, people = stand
    phone = Phone(client, on.id)
    text = db.act(service.prepare, people[0].id, CITY).text
    sent = [make.scan(people[0], text, shown="ok"),
            make.scan(people[0], text, kind="deny", shown="already_boarded", reason="turned_away")]
    phone.post("/api/v1/scans", {"device_time": clock.now().isoformat(), "scans": sent})
    page = volunteer(app, world).get(f"/boarding/{on.id}").text
    case = page.split("同一乘车码上车多次")[1].split("</section>")[0]
    assert case.count("<li>") == 2
    assert "小王的手机" in case
    assert "手机显示：已经上过车" in case
    assert "志愿者：不是本人，请他离开" in case


def test_the_missing_show_what_the_call_came_to(app, client, stand):
    world, on, people = stand
    phone = Phone(client, on.id)
    until = clock.local(clock.now())
    phone.post(f"{phone.place}/calls", {"calls": [
        {"id": str(uuid4()), "booking_id": str(people[1].id), "outcome": "on_the_way", "at": until.isoformat(),
         "until": until.isoformat()}]})
    page = volunteer(app, world).get(f"/boarding/{on.id}").text
    assert f"在路上 {until:%H:%M} 前到" in page


def test_the_phones_page_tells_which_list_each_holds(app, client, stand):
    world, on, people = stand
    phone = Phone(client, on.id)
    desk = volunteer(app, world)
    assert "还没取" in desk.get(f"/boarding/{on.id}/phones").text
    phone.get(f"{phone.place}/manifest")
    assert "有新版" not in desk.get(f"/boarding/{on.id}/phones").text
    with db.transaction() as session:
        make.booking(session, world, on, "3")
    assert "有新版" in desk.get(f"/boarding/{on.id}/phones").text
    assert people


def test_codes_are_told_in_words_and_what_was_typed_stays():
    assert reason_told("drunk/driver/family") == "喝醉，司机，家属"
    assert reason_told("party") == "随同行人上车"
    assert reason_told("打过电话/来了") == "打过电话/来了"
