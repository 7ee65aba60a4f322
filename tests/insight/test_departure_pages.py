"""The list of departures by filters in the address, and one departure's whole life on one page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bookings.factories import coach, riders, scene
from desk import fields, sign_in
from sqlalchemy import event

from charter.bookings.service import Placement, place_many
from charter.campaigns.models import Departure
from charter.core import clock, db
from charter.core.actor import Role
from charter.insight import unusual


@pytest.fixture
def made(database):
    with db.transaction() as session:
        found = scene(session)
        people = riders(session, found, 3)
        place_many(session, found.campaign.id, [Placement(one, found.departure.id) for one in people])
        second = coach(session, found.campaign, found.corridor, found.vehicle, found.stop, 8, days=5)
        second.code, second.plate, second.crew_name = "巴中02", "闽D12345", "王敏"
    return found


@pytest.fixture
def desk(client, made):
    return sign_in(client)


@pytest.mark.parametrize(("query", "seen", "unseen"), [
    ("text=巴中02", "巴中02", ">巴中01"), ("text=闽d12", "巴中02", ">巴中01"), ("lacks=crew", "巴中01", ">巴中02"),
    ("mode=train", "没有符合条件的班次", ">巴中01"), ("state=open", "巴中01", "没有符合条件"),
    ("page=99999&sort=zzz&mode=zzz", "没有符合条件的班次", ">巴中01")])
def test_filters_live_in_the_address(desk, query, seen, unseen):
    page = desk.get(f"/desk/departures?{query}").text
    assert seen in page
    assert unseen not in page


def test_departures_sort_both_ways(desk):
    up = desk.get("/desk/departures?sort=booked").text
    down = desk.get("/desk/departures?sort=-booked").text
    assert up.index("巴中02") < up.index("巴中01")
    assert down.index("巴中01") < down.index("巴中02")


def test_the_list_is_downloaded_as_filtered(desk):
    lines = desk.get("/desk/departures.csv?text=巴中02").get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert "闽D12345" in lines[1]


def test_one_page_shows_people_stops_and_what_is_unusual(desk, made):
    page = desk.get(f"/desk/departures/{made.departure.id}").text
    assert "3 / 8" in page
    assert "南江客运站" in page
    assert "还没有人带车" in page
    assert page.count("coach-taken") == 3


def test_plate_and_drivers_are_written(desk, made):
    address = f"/desk/departures/{made.departure.id}/vehicle"
    sent = fields(desk.get(address).text) | {"plate": "闽d·1 2345", "drivers": "张三 13800000009"}
    assert desk.post(address, data=sent).status_code == 303
    with db.transaction(read_only=True) as session:
        assert session.get_one(Departure, made.departure.id).plate == "闽D12345"


def test_a_page_takes_few_statements(desk, made):
    counted = []
    event.listen(db.engine(), "before_cursor_execute", lambda *_: counted.append(1))
    desk.get(f"/desk/departures/{made.departure.id}")
    assert len(counted) <= 25
    counted.clear()
    desk.get("/desk/departures")
    assert len(counted) <= 25


def test_a_volunteer_sees_no_money(client, made):
    sign_in(client, Role.VOLUNTEER)
    page = client.get(f"/desk/departures/{made.departure.id}")
    assert page.status_code == 200
    assert "经费" not in page.text


def test_what_is_late_stands_first():
    class Trip:
        state, mode, booked, seats_total, crew_name, plate = "open", "bus", 9, 8, "", ""
        departs_at = clock.now() - timedelta(hours=1)
        arrives_at = clock.now() + timedelta(hours=20)
    assert [tone for tone, _ in unusual.of(Trip(), clock.now())] == ["stop", "stop", "stop", "look"]


def test_a_district_that_has_nobody_on_a_coach_does_not_call_it_empty(client, made):
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    page = client.get(f"/desk/departures/{made.departure.id}").text
    assert "还没有人带车" in page
    assert "没有人订座" not in page
