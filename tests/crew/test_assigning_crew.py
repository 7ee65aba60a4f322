"""A name and a phone for each departure; nobody rides along two vehicles at once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from bookings.factories import coach, scene
from desk import fields, sign_in
from hypothesis import given
from hypothesis import strategies as st

from charter.campaigns.models import Departure
from charter.core import db
from charter.core.actor import Role
from charter.crew.rules.overlapping import Duty, overlapping

START = datetime(2030, 2, 10, tzinfo=UTC)


@pytest.fixture
def two(database):
    """Two coaches at the same time."""
    with db.transaction() as session:
        made = scene(session)
        second = coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 8)
        second.code = "巴中02"
    return made.departure.id, second.id


@pytest.fixture
def desk(client, two):
    return sign_in(client)


def crew_of(departure_id):
    with db.transaction(read_only=True) as session:
        found = session.get_one(Departure, departure_id)
        return found.crew_name, found.crew_phone


def test_the_days_crew_is_written_on_one_page(desk, two):
    sent = fields(desk.get("/desk/crew").text)
    sent |= {f"crew_name_{two[0]}": " 王 敏 ", f"crew_phone_{two[0]}": "13800000001"}
    assert desk.post("/desk/crew/save", data=sent).status_code == 303
    assert crew_of(two[0]) == ("王 敏", "13800000001")
    assert crew_of(two[1]) == ("", "")


def test_the_filter_shows_who_lacks_crew(desk, two):
    sent = fields(desk.get("/desk/crew").text)
    desk.post("/desk/crew/save", data=sent | {f"crew_name_{two[0]}": "王敏", f"crew_phone_{two[0]}": "13800000001"})
    page = desk.get("/desk/crew?without=1").text
    assert "巴中02" in page
    assert "巴中01" not in page
    assert "1 个班次还没有人带车" in page


def test_one_person_on_two_vehicles_at_once_is_refused_at_the_field(desk, two):
    sent = fields(desk.get("/desk/crew").text)
    both = {f"{part}_{key}": text for key in two for part, text in (("crew_name", "王敏"),
                                                                   ("crew_phone", "13800000001"))}
    refused = desk.post("/desk/crew/save", data=sent | both)
    assert refused.status_code == 422
    assert re.search(rf'id="crew_phone_{two[0]}-error">[^<]*已经带 巴中02', refused.text)
    assert crew_of(two[0]) == crew_of(two[1]) == ("", "")


def test_a_name_without_a_phone_is_refused_and_kept(desk, two):
    sent = fields(desk.get(f"/desk/departures/{two[0]}/crew").text) | {f"crew_name_{two[0]}": "王敏"}
    refused = desk.post(f"/desk/departures/{two[0]}/crew", data=sent)
    assert refused.status_code == 422
    assert "姓名和电话要一起填" in refused.text
    assert 'value="王敏"' in refused.text


def test_two_who_write_one_departures_crew_see_each_other(desk, two):
    address = f"/desk/departures/{two[0]}/crew"
    name, phone = f"crew_name_{two[0]}", f"crew_phone_{two[0]}"
    first, second = (fields(desk.get(address).text) for _ in range(2))
    desk.post(address, data=first | {name: "王敏", phone: "13800000001"})
    refused = desk.post(address, data=second | {name: "李强", phone: "13800000002"})
    assert refused.status_code == 409
    assert crew_of(two[0])[0] == "王敏"
    assert desk.post(address, data=fields(refused.text)).status_code == 303
    assert crew_of(two[0])[0] == "李强"


def test_a_district_organizer_reads_and_writes_nothing(client, two):
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    page = client.get("/desk/crew").text
    assert "巴中01" in page
    assert 'name="crew_name' not in page
    assert client.post("/desk/crew/save").status_code == 403


hours = st.integers(min_value=0, max_value=60)


@given(st.lists(st.tuples(st.sampled_from(["1", "2"]), hours, st.integers(min_value=1, max_value=30)), min_size=1,
                max_size=8))
def test_an_overlap_is_found_exactly_where_an_hour_is_shared(spans):
    duties = [Duty(number, str(number), phone, START + timedelta(hours=begin), START + timedelta(hours=begin + length))
              for number, (phone, begin, length) in enumerate(spans)]
    (phone, begin, length), others = spans[0], spans[1:]
    taken = {hour for one, start, long in others if one == phone for hour in range(start, start + long)}
    assert (overlapping(duties[0], duties) is not None) == bool(taken & set(range(begin, begin + length)))
