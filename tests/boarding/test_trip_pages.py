"""The desk's pages of a trip: what the crew notes, the hand-over with its alarm, and the papers."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from access import pages
from boarding import factories as make
from sqlalchemy import select

from charter.boarding import papers
from charter.boarding.models import Scan, TripEntry
from charter.boarding.service import leaving
from charter.bookings.models import Booking
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.core.audit import AuditEvent

CITY = Actor(Role.CITY_ORGANIZER, account_id="city", name="王老师")


@pytest.fixture
def stand(app, database):
    with db.transaction() as session:
        world = make.world(session)
        on = make.departure(session, world)
        people = [make.booking(session, world, on, str(seat), name=f"张建{seat}") for seat in (11, 12)]
        phone = make.token(session, Role.SCANNER, "departure", on.id)
    desk = pages.signed_in(app, pages.account(Role.VOLUNTEER, "volunteer1", kind="campaign", key=world.campaign.id))
    app.test_client().post("/api/v1/scans", headers=phone, json={
        "device_time": clock.now().isoformat(), "scans": [make.scan(one) for one in people]})
    return on, people, desk, f"/boarding/{on.id}/trip"


def kinds():
    with db.transaction(read_only=True) as session:
        return list(session.scalars(select(TripEntry.kind).order_by(TripEntry.received_at)))


def test_a_stop_is_left_only_once_the_heads_are_right(stand):
    _, _, desk, place = stand
    stop = re.search(r'<option value="([0-9a-f-]{36})"', desk.get(place).text)[1]
    assert pages.post(desk, place, kind="arrived_stop", stop_id=stop).status_code == 303
    assert "先清点人数" in desk.get(place).text
    refused = pages.post(desk, place, kind="left_stop", stop_id=stop)
    assert refused.status_code == 409
    pages.post(desk, place, kind="counted", counted="1")
    assert "数到 1 人，车上应有 2 人" in desk.get(place).text
    pages.post(desk, place, kind="counted", counted="2")
    assert pages.post(desk, place, kind="left_stop", stop_id=stop).status_code == 303
    assert kinds() == ["arrived_stop", "counted", "counted", "left_stop"]


def test_an_incomplete_entry_is_refused_in_words(stand):
    _, _, desk, place = stand
    for entry in ({"kind": "driver_changed"}, {"kind": "counted", "counted": "many"}, {"kind": "x"}, {}):
        assert pages.post(desk, place, **entry).status_code == 422
    assert kinds() == []


def test_who_is_set_down_leaves_the_list_and_his_employer_never_reads_why(app, stand):
    _, people, desk, place = stand
    pages.post(desk, place, kind="set_down", booking_id=str(people[0].id), reason="drunk", witness="李师傅",
               taken_over_by="服务区医务室")
    assert "醉酒" in desk.get(place).text
    with db.transaction(read_only=True) as session:
        scan = session.scalars(select(Scan).where(Scan.kind == "alight")).one()
        assert (scan.booking_id, scan.reason) == (people[0].id, "")
    clerk = pages.signed_in(app, pages.account(Role.EMPLOYER, "clerk1", kind="employer", key=uuid4()))
    assert clerk.get(place).status_code == 403


def test_a_receiver_signs_for_his_people_and_who_is_left_raises_an_alarm(stand):
    on, people, desk, place = stand
    db.act(leaving.depart, on.id, CITY)
    db.act(leaving.arrive, on.id, CITY)
    firm = re.search(r'name="employer_id" value="([^"]+)"', desk.get(place).text)[1]
    pages.post(desk, place, kind="handed_over", employer_id=firm, receiver="赵主管", here=str(people[0].id))
    assert "还有 1 人没有人接" not in desk.get(place).text
    with clock.travel(on.arrives_at + timedelta(hours=2) - clock.now()):
        late = pages.signed_in(desk.application, pages.account(Role.VOLUNTEER, "volunteer2", kind="campaign",
                                                               key=on.campaign_id)).get(place).text
        assert "还有 1 人没有人接：张建12" in late
    pages.post(desk, place, kind="handed_over", employer_id=firm, receiver="赵主管", here=str(people[1].id))
    assert desk.get(place).text.count("已交接") >= 2


def test_every_paper_is_printed_with_the_coachs_number_and_audited(stand):
    on, _, desk, _ = stand
    answer = desk.get(f"/boarding/{on.id}/papers.pdf?kind=list&kind=windscreen")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    folder = db.act(papers.collect, on.id, CITY)
    assert folder.trip["number"] == "1号车"
    assert [one.seat for one in folder.people] == ["11", "12"]
    assert "王老师" in folder.printed
    for kind in papers.KINDS:
        assert papers.printed(folder, [kind]).startswith(b"%PDF")
    with db.transaction(read_only=True) as session:
        assert session.scalars(select(AuditEvent.details).where(AuditEvent.action == "papers.printed")).all() == [
            {"people": 2}, {"people": 2}]
    assert desk.get(f"/boarding/{on.id}/papers.pdf?kind=passport").status_code == 404


def test_the_number_is_one_a_day_and_stays(database):
    with db.transaction() as session:
        world = make.world(session)
        first, second = make.departure(session, world), make.departure(session, world)
        assert (first.number, second.number) == (1, 2)
        first.plate = "闽D12345"
        session.flush()
        session.refresh(first)
        assert first.number == 1
        later = make.departure(session, world, hours=60)
        assert later.number == 1


def test_the_list_is_told_as_planned_sealed_in_fact_and_handed_over(app, stand):
    on, people, desk, place = stand
    assert "还没有发车封单" in desk.get(f"/boarding/{on.id}/versions").text
    left = db.act(leaving.depart, on.id, CITY)
    pages.post(desk, place, kind="set_down", booking_id=str(people[1].id), reason="own_wish")
    db.act(leaving.arrive, on.id, CITY)
    firm = re.search(r'name="employer_id" value="([^"]+)"', desk.get(place).text)[1]
    pages.post(desk, place, kind="handed_over", employer_id=firm, receiver="赵主管", here=str(people[0].id))
    page = desk.get(f"/boarding/{on.id}/versions").text
    assert left.digest in page
    assert re.search(r"张建12</td><td>已上车</td><td>已下车", page)
    assert "1 / 1 人已交接" in page
    with db.transaction() as session:
        booking = session.scalars(select(Booking).where(Booking.id == people[0].id)).one()
        booking.seat = "13"
    assert "已换座位的旧码 1 个" in desk.get(f"/boarding/{on.id}/versions").text
