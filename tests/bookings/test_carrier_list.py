"""Seats that the carrier gives: wishes go out with the name list, and what comes back stands on the pass."""

from __future__ import annotations

import io

import pytest
from bookings.factories import coach, request, scene
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from charter.bookings import service
from charter.bookings.desk import carrier
from charter.bookings.models import Booking, SeatWish
from charter.bookings.problems import ListClosed
from charter.bookings.rules.returned import judge, read, seat_text
from charter.campaigns.models import Carrier, Departure
from charter.core import db
from charter.core.audit import AuditEvent, AuditReason
from charter.core.problems import Invalid, NotFound
from charter.passes import queries as passes
from charter.registrations.service import register_many

NUMBERED = ("张三", "李四", "王五")


@pytest.fixture
def train(database):
    """A train of the carrier's with three people, one of them with a letter that few systems write."""
    with db.transaction() as session:
        made = scene(session, seats=8)
        firm = Carrier(name="铁路局", home_division="350200")
        session.add(firm)
        session.flush()
        found = coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 8, days=4)
        found.mode, found.seating, found.carrier_id = "train", "carrier", firm.id
        people = [one.registration_id for one in register_many(
            session, made.campaign.id, made.employer.id,
            [request(n, name=name) for n, name in enumerate(("张三", "李四", "王\U000253b4"))],
            source="employer", source_id="")]
        made.train, made.people = found.id, people
    made.booked = [db.act(service.confirm, db.act(service.hold, made.train, one).id).id for one in people]
    return made


def seats(made):
    with db.transaction() as session:
        return [(one.seat, one.order_number, one.revision) for one in session.scalars(
            select(Booking).where(Booking.departure_id == made.train).order_by(Booking.slot))]


def rows(made, *lines):
    return "编号\t姓名\t车厢\t座位\t订单号\n" + "\n".join(lines)


def test_the_list_says_what_people_wish_and_how_the_carrier_writes_them(train):
    db.act(service.wish, train.people[0], "window", True)
    with db.transaction() as session:
        found = carrier.carrier_list(session, train.train)
        rare = next(one for one in found.riders if one.name.startswith("王"))
        carrier.spell(session, train.train, {str(rare.worker_id): "王chen"})
    with db.transaction() as session:
        found = carrier.carrier_list(session, train.train)
        texts = carrier.clear(session, found)
    assert {one.written for one in found.riders} == {"张三", "李四", "王chen"}
    assert [one.wish for one in found.riders if one.name == "张三"] == ["window"]
    assert all(len(number) == 18 and len(phone) == 11 for number, phone in texts.values())
    with db.transaction() as session:
        assert session.scalar(select(AuditEvent.details).where(AuditEvent.action == "sealed.revealed")) == {"count": 6}


def test_what_comes_back_is_previewed_by_row_and_taken_onto_the_pass(train):
    text = rows(train, f"{train.booked[0]}\t张三\t5\t12f\tE123", "\t李四\t05车\t12D\tE124",
                "\t王五\t5\t1A\tE1", f"{train.booked[0]}\t张三\t5\t2A\tE1", f"{train.booked[2]}\t\t5\t12D\tE125")
    with db.transaction() as session:
        shown = carrier.preview(session, train.train, text)
    assert [(one.line, one.seat, bool(one.problem)) for one in shown] == [
        (2, "05车 12F", False), (3, "05车 12D", False), (4, "05车 1A", True), (5, "05车 2A", True),
        (6, "05车 12D", True)]
    assert db.act(carrier.take, train.train, text, "") == 2
    assert seats(train) == [("05车 12F", "E123", 2), ("05车 12D", "E124", 2), (None, "", 1)]
    with db.transaction() as session:
        booking = session.scalars(select(Booking).where(Booking.id == train.booked[0])).one()
        from charter.passes import keys
        keys.ensure(session, train.campaign.id)
        made = passes.passes_of(session, [booking])[0]
    assert (made.seat, made.order_number) == ("05车 12F", "E123")


def test_two_may_change_places_in_one_table_and_the_same_table_again_changes_nothing(train):
    first = rows(train, f"{train.booked[0]}\t\t5\t1A\t", f"{train.booked[1]}\t\t5\t1B\t")
    db.act(carrier.take, train.train, first, "")
    db.act(carrier.take, train.train, first, "")
    assert [found[2] for found in seats(train)] == [2, 2, 1]
    db.act(carrier.take, train.train, rows(train, f"{train.booked[0]}\t\t5\t1B\t", f"{train.booked[1]}\t\t5\t1A\t"), "")
    assert [found[0] for found in seats(train)] == ["05车 1B", "05车 1A", None]


def test_after_the_list_is_closed_a_change_needs_a_reason_and_wishes_end(train):
    with db.transaction() as session:
        session.get_one(Departure, train.train).state = "closed"
    text = rows(train, f"{train.booked[0]}\t\t5\t1A\t")
    with pytest.raises(Invalid):
        db.act(carrier.take, train.train, text, "")
    assert db.act(carrier.take, train.train, text, "车厢调整") == 1
    with db.transaction() as session:
        assert session.scalars(select(AuditReason.text)).all()[-1] == "车厢调整"
    with pytest.raises(ListClosed):
        db.act(service.wish, train.people[0], "aisle", False)


def test_a_wish_may_be_changed_and_is_one_of_those_that_are_offered(train):
    db.act(service.wish, train.people[0], "window", True)
    db.act(service.wish, train.people[0], "lower", False)
    with db.transaction() as session:
        assert [(one.place, one.together) for one in session.scalars(select(SeatWish))] == [("lower", False)]
    with pytest.raises(NotFound):
        db.act(service.wish, train.people[0], "roof", False)


def test_a_table_without_a_header_and_a_coach_whose_seats_are_ours_are_refused(train):
    with pytest.raises(Invalid):
        db.act(carrier.preview, train.train, "张三\t5\t12F")
    with pytest.raises(NotFound):
        db.act(carrier.carrier_list, train.departure.id)


def test_seats_are_written_as_the_pass_knows_them():
    assert seat_text("5", "12f") == "05车 12F"
    assert seat_text("05车厢", "012号") == "05车 012"
    assert seat_text("12", "A") == "12A"
    assert seat_text("", "31K") == "31K"
    assert seat_text("加1", "8") == "加1 8"


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault_and_nobody_gets_two_seats(text):
    found = judge(read(text), {"1": 1}, {}, {"张三": [2]}, {})
    right = [one.booking_id for one in found if not one.problem]
    assert len(right) == len(set(right))


def test_the_desk_downloads_pastes_and_takes(train, client):
    from charter.access.models import Account
    from charter.access.service import sessions
    with db.transaction() as session:
        account = Account(role="city_organizer", name="组织方", username="city")
        session.add(account)
        session.flush()
        client.set_cookie("session", sessions.begin(session, account, second_factor=True))
    page = client.get(f"/desk/departures/{train.train}/carrier", headers={"Accept-Language": "zh"})
    assert page.status_code == 200
    assert "王\U000253b4" in page.text
    book = client.get(f"/desk/departures/{train.train}/carrier.xlsx")
    assert book.status_code == 200, book.text
    sheet = load_workbook(io.BytesIO(book.data)).active
    assert {sheet.cell(row, 2).value for row in (2, 3, 4)} == {"张三", "李四", "王\U000253b4"}
    assert all(len(sheet.cell(row, 5).value) == 18 for row in (2, 3, 4))
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    text = rows(train, f"{train.booked[0]}\t\t5\t1A\tE9")
    shown = client.post(f"/desk/departures/{train.train}/carrier", data={"form_token": token, "rows": text},
                        headers={"Accept-Language": "zh"})
    assert "预览：1 行可以写入，0 行有问题" in shown.text
    taken = client.post(f"/desk/departures/{train.train}/carrier",
                        data={"form_token": token, "rows": text, "act": "take"})
    assert taken.status_code == 303
    assert seats(train)[0][:2] == ("05车 1A", "E9")
