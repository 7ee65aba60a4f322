"""The organizer sets a campaign up by forms; two who edit one thing never overwrite each other unseen."""

from __future__ import annotations

import re

import pytest
from bookings.factories import scene
from desk import fields, sign_in, token
from sqlalchemy import func, select

from charter.campaigns.models import Campaign, Carrier, Corridor, CorridorStop, Fleet, Stop, VehicleType
from charter.campaigns.vehicle_types import load_vehicle_types
from charter.core import db
from charter.core.actor import Role


@pytest.fixture
def desk(client, database):
    return sign_in(client)


def only(model):
    with db.transaction(read_only=True) as session:
        return session.scalars(select(model)).one()


def count(model):
    with db.transaction(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(model))


def campaign(desk, **changed):
    sent = fields(desk.get("/desk/campaigns/new").text) | {
        "name": "春节返岗", "union": "厦门市总工会", "destination": "厦门市", "starts_on": "2030-02-10",
        "ends_on": "2030-02-20", "hotline": "0592-12351", "budget": "1,200,000.50"}
    return desk.post("/desk/campaigns/new", data=sent | changed)


def line(desk, **changed):
    address = f"/desk/campaigns/{only(Campaign).id}/corridors/new"
    sent = fields(desk.get(address).text) | {
        "name": "巴中—厦门", "stop_1": "南江客运站", "county_1": "四川省巴中市南江县", "kind_1": "board",
        "stop_2": "巴州客运站", "county_2": "511902", "kind_2": "board",
        "stop_3": "枋湖客运中心", "county_3": "厦门市湖里区", "kind_3": "alight"}
    return desk.post(address, data=sent | changed)


def test_a_desk_without_a_campaign_says_what_to_do_first(desk):
    page = desk.get("/desk/setup").text
    assert "先新建一个活动" in page
    assert "/desk/campaigns/new" in page


def test_a_campaign_is_made_and_changed(desk):
    assert campaign(desk).status_code == 303
    made = only(Campaign)
    assert (made.destination, made.budget_fen, made.cancel_hours) == ("350200", 120_000_050, 24)
    address = f"/desk/campaigns/{made.id}"
    sent = fields(desk.get(address).text) | {"direction": "to_home", "health_declaration": "1", "health_text": "没发热"}
    assert desk.post(address, data=sent).status_code == 303
    changed = only(Campaign)
    assert (changed.direction, changed.health_declaration, changed.budget_fen) == ("to_home", True, 120_000_050)


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(desk):
    answer = campaign(desk, ends_on="2030-02-01", hotline="打热线", budget="1.234", destination="朝阳区")
    assert answer.status_code == 422
    page = answer.text
    assert re.search(r'id="ends_on-error">[^<]*结束日期早于开始日期', page)
    assert re.search(r'id="budget-error">[^<]*最多两位小数', page)
    assert re.search(r'id="destination-error">[^<]*北京市', page)
    assert 'value="打热线"' in page
    assert count(Campaign) == 0


def test_the_second_of_two_organizers_sees_what_the_first_one_changed(desk):
    campaign(desk)
    address = f"/desk/campaigns/{only(Campaign).id}"
    first, second = (fields(desk.get(address).text) for _ in range(2))
    desk.post(address, data=first | {"hotline": "0592-111", "cancel_hours": "12"})
    refused = desk.post(address, data=second | {"hotline": "0592-222"})
    assert refused.status_code == 409
    assert "刚被改为" in refused.text
    assert "0592-111" in refused.text
    assert only(Campaign).hotline == "0592-111"
    assert desk.post(address, data=fields(refused.text)).status_code == 303
    assert only(Campaign).hotline == "0592-222"


def test_kilometres_and_minutes_of_a_line_are_proposed_from_distances(desk):
    campaign(desk)
    assert line(desk).status_code == 303
    made = only(Corridor)
    assert 1_300 < made.distance_km < 2_300
    assert made.origins == ["511922", "511902"]
    with db.transaction(read_only=True) as session:
        offsets = list(session.scalars(select(CorridorStop.offset_min).order_by(CorridorStop.seq)))
    assert offsets[0] == 0
    assert offsets == sorted(set(offsets))
    assert made.duration_min == offsets[-1]


def test_a_stop_before_the_previous_one_in_time_is_refused_at_its_field(desk):
    campaign(desk)
    answer = line(desk, offset_2="90", offset_3="60")
    assert answer.status_code == 422
    assert re.search(r'id="offset_3-error">[^<]*不能早于', answer.text)
    assert re.search(r'id="kind_1-error">[^<]*上车点', line(desk, kind_1="alight").text)
    assert count(Corridor) == 0


def test_a_line_is_changed_and_deleted(desk):
    campaign(desk)
    line(desk)
    made = only(Corridor)
    address = f"/desk/campaigns/{made.campaign_id}/corridors/{made.id}"
    sent = fields(desk.get(address).text)
    assert (sent["stop_2"], sent["county_2"]) == ("巴州客运站", "四川省巴中市巴州区")
    assert desk.post(address, data=sent | {"stop_2": "", "county_2": "", "offset_2": ""}).status_code == 303
    assert count(CorridorStop) == 2
    assert desk.post(address + "/remove", data=token(desk)).status_code == 303
    assert count(Corridor) == 0


def test_a_line_on_which_something_runs_stays(client, database):
    with db.transaction() as session:
        made = scene(session)
    desk = sign_in(client)
    answer = desk.post(f"/desk/campaigns/{made.campaign.id}/corridors/{made.corridor.id}/remove", data=token(desk))
    assert "已有班次在用" in desk.get(answer.headers["Location"]).text
    assert count(Corridor) == 1


def test_a_carrier_offers_vehicles_at_a_price(desk):
    campaign(desk)
    db.act(load_vehicle_types)
    sent = fields(desk.get("/desk/carriers/new").text) | {"name": "闽运", "home_division": "福建省厦门市"}
    assert desk.post("/desk/carriers/new", data=sent).status_code == 303
    assert only(Carrier).home_division == "350200"
    assert "已经有同名的了" in desk.post("/desk/carriers/new", data=sent).text
    address = f"/desk/campaigns/{only(Campaign).id}/fleets/new"
    with db.transaction(read_only=True) as session:
        coach = session.scalars(select(VehicleType).where(VehicleType.code == "coach-45")).one()
    sent = fields(desk.get(address).text) | {"carrier": str(only(Carrier).id), "vehicle_type": str(coach.id),
                                             "size": "5", "base": "900", "per_km": "8.55"}
    assert desk.post(address, data=sent | {"size": "0"}).status_code == 422
    assert desk.post(address, data=sent).status_code == 303
    offer = only(Fleet)
    assert (offer.size, offer.base_fen, offer.per_km_fen) == (5, 90_000, 855)
    assert "45座客车" in desk.get("/desk/setup").text


def test_a_vehicle_type_is_copied_and_its_rows_changed(desk):
    db.act(load_vehicle_types)
    with db.transaction(read_only=True) as session:
        coach = session.scalars(select(VehicleType).where(VehicleType.code == "coach-33")).one()
    copied = desk.post(f"/desk/vehicle-types/{coach.id}/copy", data=token(desk))
    address = copied.headers["Location"]
    sent = fields(desk.get(address).text)
    assert sent["rows"].splitlines()[0] == "1 2 | 3 4"
    twice = desk.post(address, data=sent | {"rows": "1 2 | 3 3", "name": "小车"})
    assert twice.status_code == 422
    assert "座位号重复：3" in twice.text
    assert desk.post(address, data=sent | {"rows": "A1 A2 | A3\r\nB1 B2 | B3", "name": "小车"}).status_code == 303
    with db.transaction(read_only=True) as session:
        made = session.scalars(select(VehicleType).where(VehicleType.name == "小车")).one()
    assert made.passenger_seats == 6
    assert made.seat_map == {"cars": [{"name": "", "rows": [["A1", "A2", None, "A3"], ["B1", "B2", None, "B3"]]}]}
    assert desk.get(address).text.count('class="coach-seat"') == 6


def test_counties_are_offered_while_somebody_types(desk):
    assert "四川省巴中市南江县" in desk.get("/desk/places.json?q=nanjiang").json["items"]


def test_the_chosen_campaign_is_kept(desk):
    campaign(desk)
    union = str(only(Campaign).union_id)
    campaign(desk, name="返乡", union=union)
    assert "<strong" not in desk.get("/desk/setup").text.split("<main")[0]
    with db.transaction(read_only=True) as session:
        first = session.scalars(select(Campaign).where(Campaign.name == "春节返岗")).one()
    answer = desk.post("/desk/campaign", data=token(desk) | {"campaign": str(first.id), "back": "/desk/setup"})
    assert answer.headers["Location"] == "/desk/setup"
    assert "<h2>春节返岗" in desk.get("/desk/setup").text


def test_a_district_organizer_sets_nothing_up(client, database):
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    assert client.get("/desk/setup").status_code == 403


def test_the_way_home_begins_with_last_times_lines_driven_backwards(desk):
    campaign(desk)
    line(desk, offset_2="40", offset_3="600")
    first = only(Campaign)
    answer = campaign(desk, name="返乡", union=str(first.union_id), direction="to_home", like=str(first.id))
    assert answer.status_code == 303
    with db.transaction(read_only=True) as session:
        home = session.scalars(select(Campaign).where(Campaign.name == "返乡")).one()
        copied = session.scalars(select(Corridor).where(Corridor.campaign_id == home.id)).one()
        rows = session.execute(select(Stop.name, CorridorStop.kind, CorridorStop.offset_min)
                               .join(Stop, Stop.id == CorridorStop.stop_id)
                               .where(CorridorStop.corridor_id == copied.id).order_by(CorridorStop.seq)).all()
        assert {stop.campaign_id for stop in session.scalars(select(Stop).join(
            CorridorStop, CorridorStop.stop_id == Stop.id).where(CorridorStop.corridor_id == copied.id))} == {home.id}
    assert [tuple(row) for row in rows] == [("枋湖客运中心", "board", 0), ("巴州客运站", "alight", 560),
                                            ("南江客运站", "alight", 600)]


def test_a_campaign_like_a_foreign_one_is_refused_at_the_field(desk):
    campaign(desk)
    refused = campaign(desk, name="又一次", union=str(only(Campaign).union_id), like="zzz")
    assert refused.status_code == 422
    assert 'id="like-error"' in refused.text
    assert count(Campaign) == 1
