"""A departure is late or called off: everybody concerned is told, seats are given back, nothing half done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bookings.factories import coach, riders, scene
from desk import fields, sign_in
from sqlalchemy import select

from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Departure, Journey
from charter.core import clock, db
from charter.core.actor import Role
from charter.notices.models import Outbox
from charter.notices.service import CONTENT
from charter.registrations.models import Registration


@pytest.fixture
def full(database):
    """Three people on a coach."""
    with db.transaction() as session:
        made = scene(session)
        people = riders(session, made, 3)
        made.serials = place_many(session, made.campaign.id, [Placement(one, made.departure.id) for one in people])
    return made


@pytest.fixture
def desk(client, full):
    return sign_in(client)


def all_of(model):
    with db.transaction(read_only=True) as session:
        return session.scalars(select(model)).all()


def texts():
    return [CONTENT.open_bytes(row.id, row.content_sealed).decode() for row in all_of(Outbox)]


def test_a_departure_is_called_off_only_where_its_name_is_typed(desk, full):
    address = f"/desk/departures/{full.departure.id}/call-off"
    page = desk.get(address).text
    assert "取消班次，通知 3 人" in page
    refused = desk.post(address, data=fields(page) | {"typed": "巴中02"})
    assert refused.status_code == 422
    assert {row.state for row in all_of(Booking)} == {"confirmed"}
    assert desk.post(address, data=fields(page) | {"typed": "巴中01"}).status_code == 303
    assert all_of(Departure)[0].state == "called_off"
    assert {row.state for row in all_of(Booking)} == {"cancelled"}
    assert {row.state for row in all_of(Registration)} == {"confirmed"}
    assert len(texts()) == 3
    assert all("已取消" in text and "巴中01" in text and "059212351" in text for text in texts())
    assert desk.post(address, data=fields(page) | {"typed": "巴中01"}).status_code == 409


def test_who_is_on_board_stops_the_calling_off(desk, full):
    with db.transaction() as session:
        mark_boarded(session, full.campaign.id, {full.serials[0]: clock.now()})
    address = f"/desk/departures/{full.departure.id}/call-off"
    page = desk.get(address).text
    assert "请先在上车页面登记他们下车" in page
    refused = desk.post(address, data=fields(desk.get(f"/desk/departures/{full.departure.id}/late").text)
                        | {"typed": "巴中01"})
    assert refused.status_code == 409
    assert {row.state for row in all_of(Booking)} == {"confirmed"}


def test_with_a_main_leg_its_feeders_are_called_off(desk, full):
    with db.transaction() as session:
        feeder = coach(session, full.campaign, full.corridor, full.vehicle, full.stop, 8, days=1)
        journey = Journey(campaign_id=full.campaign.id, name="巴中")
        session.add(journey)
        session.flush()
        feeder.code, feeder.leg_kind, feeder.leg_no, feeder.journey_id = "接驳1", "feeder", 1, journey.id
        main = session.get_one(Departure, full.departure.id)
        main.journey_id, main.leg_no = journey.id, 2
        person = session.scalars(select(Registration.id).limit(1)).one()
        session.flush()
        place_many(session, full.campaign.id, [Placement(person, feeder.id)])
    address = f"/desk/departures/{full.departure.id}/call-off"
    page = desk.get(address).text
    assert "接驳1" in page
    desk.post(address, data=fields(page) | {"typed": "巴中01"})
    assert {row.state for row in all_of(Departure)} == {"called_off"}
    assert {row.state for row in all_of(Booking)} == {"cancelled"}


def test_a_delay_moves_the_stops_and_tells_the_new_time(desk, full):
    address = f"/desk/departures/{full.departure.id}/late"
    page = desk.get(address).text
    assert "改时间，通知 3 人" in page
    assert desk.post(address, data=fields(page) | {"minutes": "0"}).status_code == 422
    assert desk.post(address, data=fields(page) | {"minutes": "40"}).status_code == 303
    after = all_of(Departure)[0]
    assert after.departs_at == full.departure.departs_at + timedelta(minutes=40)
    assert after.arrives_at == full.departure.arrives_at + timedelta(minutes=40)
    assert len(texts()) == 3
    assert all("晚 40 分钟" in text and "南江客运站" in text for text in texts())
    assert {row.revision for row in all_of(Booking)} == {1}


def test_what_has_left_is_neither_late_nor_called_off(desk, full):
    with db.transaction() as session:
        session.get_one(Departure, full.departure.id).state = "departed"
    for page in ("late", "call-off"):
        assert "已经发车、到达或取消" in desk.get(f"/desk/departures/{full.departure.id}/{page}").text


def test_a_district_organizer_calls_nothing_off(client, full):
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    assert client.get(f"/desk/departures/{full.departure.id}/call-off").status_code == 403
