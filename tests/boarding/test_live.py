"""The departure day as organizers see it: live board, tomorrow's readiness, conflict desk, contact query."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from access import pages
from boarding import factories as make
from sqlalchemy import select

from charter.access.models import Device
from charter.access.service.tokens import create_token
from charter.boarding import contacts, live
from charter.boarding.rules import near
from charter.boarding.service import leaving
from charter.bookings.models import Booking
from charter.campaigns.models import Departure, VehicleType
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.core.audit import AuditEvent, AuditReason
from charter.core.problems import Invalid, NotFound

CITY = Actor(Role.CITY_ORGANIZER, account_id="city", name="王老师")
MAP = {"cars": [{"name": "", "rows": [["1", "2", None, "3", "4"], ["5", "6", None, "7", "8"],
                                      ["9", "10", None, "11", "12"], ["13", "14", None, "15", "16"]]}]}


def phone(session, departure_id, name):
    """Headers of a phone that has joined the departure."""
    device = Device(departure_id=departure_id, name=name)
    session.add(device)
    session.flush()
    _, text = create_token(session, Role.SCANNER, "departure", str(departure_id), name=name, device_id=device.id)
    return {"Authorization": f"Bearer {text}"}


class Stand:
    def __init__(self, app):
        self.client = app.test_client()
        with db.transaction() as session:
            self.world = make.world(session)
            session.get_one(VehicleType, self.world.vehicle.id).seat_map = MAP
            self.on = make.departure(session, self.world)
            self.people = [make.booking(session, self.world, self.on, seat, name=f"甲{seat}")
                           for seat in ("1", "6", "9", "13", "16")]
            self.phones = [phone(session, self.on.id, name) for name in ("甲门", "乙门")]
        self.desk = pages.signed_in(app, pages.account(Role.CITY_ORGANIZER, "city1"))

    def scan(self, *scans, phone=0):
        answer = self.client.post("/api/v1/scans", headers=self.phones[phone], json={
            "device_time": clock.now().isoformat(), "scans": list(scans)})
        return [one["code"] for one in answer.json]

    def board(self, now=None):
        return db.ask(live.board, CITY, self.on.campaign_id, self.on.date, now or clock.now())


@pytest.fixture
def stand(app, database):
    return Stand(app)


def test_the_board_says_who_is_missing_late_moving_and_arrived(stand):
    stand.scan(*(make.scan(one) for one in stand.people[:3]))
    (row,) = stand.board()
    assert (row.state, row.boarded, row.missing, row.late, row.tone) == ("boarding", 3, 2, False, "look")
    (row,) = stand.board(stand.on.departs_at + timedelta(minutes=20))
    assert (row.late, row.tone) == (True, "stop")
    db.act(leaving.depart, stand.on.id, CITY)
    stand.client.post(f"/api/v1/departures/{stand.on.id}/log", headers=stand.phones[0], json={
        "device_time": clock.now().isoformat(), "entries": [
            {"entry_id": str(uuid4()), "kind": "rest_begun", "at": clock.now().isoformat()},
            {"entry_id": str(uuid4()), "kind": "incident", "what": "illness", "at": clock.now().isoformat()}]})
    (row,) = stand.board()
    assert (row.state, row.place_kind, row.incidents, row.tone) == ("departed", "rest_begun", 1, "stop")
    db.act(leaving.arrive, stand.on.id, CITY)
    (row,) = stand.board(stand.on.arrives_at + timedelta(hours=2))
    assert (row.state, row.unclaimed) == ("arrived", 3)
    page = stand.desk.get(f"/desk/live?campaign={stand.on.campaign_id}&day={stand.on.date}").text
    assert "1号车" in page
    assert "突发情况 1 起" in page


def test_tomorrow_is_ready_when_phones_hold_the_newest_list(stand):
    def row():
        (found,) = db.ask(live.readiness, CITY, stand.on.campaign_id, stand.on.date)
        return found
    assert (row().phones, row().held, row().crew, row().printed) == (0, None, False, False)
    place = f"/api/v1/departures/{stand.on.id}/manifest"
    version = stand.client.get(place, headers=stand.phones[0]).json["version"]
    assert (row().phones, row().held, row().version) == (1, version, version)
    with db.transaction() as session:
        session.scalars(select(Booking).where(Booking.id == stand.people[0].id)).one().seat = "2"
    assert row().held < row().version
    stand.client.get(place, headers=stand.phones[0])
    assert row().held == row().version
    assert row().unreached == 5
    with db.transaction() as session:
        departure = session.get_one(Departure, stand.on.id)
        departure.crew_name, departure.plate, departure.drivers = "赵老师", "闽D12345", "王师傅"
    before = row().lacks
    stand.desk.get(f"/boarding/{stand.on.id}/papers.pdf?kind=list")
    assert row().lacks == before - 1
    page = stand.desk.get(f"/desk/live?campaign={stand.on.campaign_id}&tomorrow=1")
    assert page.status_code == 200


def test_the_evening_begins_at_six():
    six = clock.at_local(clock.today(), live.EVENING)
    assert live.shows_tomorrow(six)
    assert not live.shows_tomorrow(six - timedelta(minutes=1))


def doubled(stand):
    now = clock.now()
    first = make.scan(stand.people[0], at=now - timedelta(minutes=9))
    second = make.scan(stand.people[0], at=now - timedelta(minutes=5))
    stand.scan(first)
    stand.scan(second, phone=1)
    page = stand.desk.get(f"/desk/conflicts?campaign={stand.on.campaign_id}").text
    return page, re.search(r'action="(/desk/conflicts/\d+/[0-9a-f-]{36})"', page)[1]


@pytest.mark.parametrize(("outcome", "state"), [("same_person", "boarded"), ("second", "boarded"),
                                                ("neither", "waiting"), ("other", "boarded")])
def test_a_case_shows_two_sides_gets_an_owner_and_an_end(stand, outcome, state):
    page, place = doubled(stand)
    assert page.count("<tr><td>1") == page.count("<tr><td>2") == 1
    pages.post(stand.desk, place + "/take")
    assert "负责人 city1" in stand.desk.get("/desk/conflicts").text
    assert pages.post(stand.desk, place, outcome=outcome, resolution="").status_code == 422
    assert pages.post(stand.desk, place, outcome="magic", resolution="看过").status_code == 422
    pages.post(stand.desk, place, outcome=outcome, resolution="核对了证件")
    assert "没有要处理的冲突" in stand.desk.get("/desk/conflicts").text
    assert "核对了证件" in stand.desk.get("/desk/conflicts?state=resolved").text
    found = stand.client.get(f"/api/v1/departures/{stand.on.id}/boarding", headers=stand.phones[0]).json
    states = {one["booking_id"]: one["state"] for one in found["items"]}
    assert states[str(stand.people[0].id)] == state


def test_contacts_are_who_was_on_board_at_the_same_time_near_ones_first(stand):
    now = clock.now()
    stand.scan(*(make.scan(one, at=now - timedelta(minutes=60)) for one in stand.people[:4]))
    stand.scan(make.scan(stand.people[1], kind="alight", at=now - timedelta(minutes=30)))
    found = db.act(contacts.query, CITY, stand.people[0].registration_id, "卫生部门来函 12 号")
    assert [(one.name, one.rows, one.near) for one in found.rows] == [
        ("甲6", 1, True), ("甲9", 2, True), ("甲13", 3, False)]
    assert found.rows[0].minutes == 30
    with db.transaction(read_only=True) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "contacts.queried")).one()
        assert event.details == {"count": 3, "rides": 1}
        assert session.get_one(AuditReason, event.id).text == "卫生部门来函 12 号"


def test_without_a_reason_nothing_is_read(stand):
    with pytest.raises(Invalid):
        db.act(contacts.query, CITY, stand.people[0].registration_id, " ")
    with pytest.raises(NotFound):
        db.act(contacts.query, Actor(Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id=str(uuid4())),
               stand.people[0].registration_id, "卫生部门来函")


def test_the_health_office_gets_a_workbook(stand):
    stand.scan(*(make.scan(one) for one in stand.people[:2]))
    place = f"/desk/contacts/{stand.people[0].registration_id}"
    assert "为什么查" in stand.desk.get(place).text
    answer = pages.post(stand.desk, place, reason="卫生部门来函", **{"as": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [row[2] for row in sheet.iter_rows(values_only=True)] == ["姓名", "甲6"]
    assert "甲6" in pages.post(stand.desk, place, reason="卫生部门来函").text


def test_rows_are_counted_within_a_car():
    places = near.rows_of({"cars": [{"name": "05车", "rows": [["1A"], ["2A"]]}, {"name": "06车", "rows": [["1A"]]}]})
    assert near.rows_apart(places, "05车 1A", "05车 2A") == 1
    assert near.rows_apart(places, "05车 1A", "06车 1A") is None
    assert near.rows_apart(places, "05车 1A", None) is None
