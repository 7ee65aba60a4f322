"""The table of people edited in place: another day, not coming, replaced; each says what it did and is taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import cast as casts
import pytest
from sqlalchemy import select, update

from charter.bookings.models import LIVING, Booking
from charter.bookings.service import Placement, place_many
from charter.core import clock, db
from charter.registrations.models import Registration, Reply


@pytest.fixture
def cast(database):
    with db.transaction() as session:
        return casts.assemble(session)


@pytest.fixture
def seated(cast):
    """A confirmed person of the clerk's employer with a seat."""
    with db.transaction() as session:
        key = casts.listed(session, cast, cast.scene.employer, [0])[0]
        place_many(session, cast.scene.campaign.id, [Placement(key, cast.scene.departure.id)])
    return key


def request_of(key):
    with db.transaction() as session:
        return session.scalars(select(Registration).where(Registration.id == key)).one()


def seats(key):
    with db.transaction() as session:
        return list(session.scalars(select(Booking.seat).where(Booking.registration_id == key,
                                                               Booking.state.in_(LIVING))))


def days(earliest, latest, **more):
    return {"earliest": earliest.isoformat(), "latest": latest.isoformat()} | more


def undo_of(location):
    return {"undo": re.search(r"[?&]undo=([^&#]+)", location)[1]}


def test_another_day_that_fits_keeps_the_seat_says_so_and_is_taken_back(app, cast, seated):
    client, now = cast.client(app, "clerk"), request_of(seated)
    travels = cast.scene.departure.date
    page = client.get("/desk/people").text
    assert "改日期" in page
    assert f'form="day-{seated}"' in page
    answer = client.post(f"/desk/people/{seated}/day", data=casts.token(client) | days(
        travels, travels, caller="李班长", state="booked", page="1"))
    assert answer.status_code == 303
    assert "state=booked" in answer.location
    assert answer.location.endswith(f"#person-{seated}")
    assert (request_of(seated).earliest, request_of(seated).latest) == (travels, travels)
    assert len(seats(seated)) == 1
    shown = client.get(answer.location).text
    assert "日期已改。座位和登车牌不变，名单上是新的日期。" in shown
    assert "李班长" in client.get(f"/desk/people/{seated}").text  # who called stays, for the one who wrote it
    assert "李班长" in cast.client(app, "city").get(f"/desk/people/{seated}").text

    client = cast.client(app, "clerk")
    back = client.post("/desk/people/undo", data=casts.token(client) | undo_of(answer.location))
    assert back.status_code == 303
    assert (request_of(seated).earliest, request_of(seated).latest) == (now.earliest, now.latest)
    assert "已撤销" in client.get(back.location).text


def test_a_day_on_which_the_seat_does_not_ride_asks_first_and_undo_brings_the_seat_back(app, cast, seated):
    client, before = cast.client(app, "clerk"), seats(seated)
    travels = cast.scene.departure.date
    later = days(travels + timedelta(days=1), travels + timedelta(days=2))
    refused = client.post(f"/desk/people/{seated}/day", data=casts.token(client) | later)
    assert refused.status_code == 409
    assert "座位要退掉" in refused.text
    assert re.search(rf'id="person-{seated}".*?<details open>', refused.text, re.DOTALL)
    assert seats(seated) == before
    answer = client.post(f"/desk/people/{seated}/day", data=casts.token(client) | later | {"release": "1"})
    assert seats(seated) == []
    assert "座位已退回，登车牌失效" in client.get(answer.location).text
    back = client.post("/desk/people/undo", data=casts.token(client) | undo_of(answer.location))
    assert back.status_code == 303
    assert seats(seated) == before
    assert request_of(seated).state == "booked"


def test_not_coming_gives_the_seat_back_and_undo_takes_another_when_it_is_gone(app, cast, seated):
    client = cast.client(app, "clerk")
    before = seats(seated)
    answer = client.post(f"/desk/people/{seated}/gone", data=casts.token(client) | {"caller": "本人"})
    assert (request_of(seated).state, seats(seated)) == ("withdrawn", [])
    assert "已记为不来。座位已退回" in client.get(answer.location).text
    back = client.post("/desk/people/undo", data=casts.token(client) | undo_of(answer.location))
    assert "座位还是他的" in client.get(back.location).text
    assert (request_of(seated).state, seats(seated)) == ("booked", before)

    answer = client.post(f"/desk/people/{seated}/gone", data=casts.token(client))
    with db.transaction() as session:  # the coach takes nobody any more
        session.execute(update(type(cast.scene.departure)).where(
            type(cast.scene.departure).id == cast.scene.departure.id).values(state="closed"))
    back = client.post("/desk/people/undo", data=casts.token(client) | undo_of(answer.location))
    assert back.status_code == 303
    assert (request_of(seated).state, seats(seated)) == ("confirmed", [])


def test_a_replacement_is_taken_back_in_one_act(app, cast, seated):
    with db.transaction() as session:
        colleague = casts.listed(session, cast, cast.scene.employer, [5])[0]
    client, before = cast.client(app, "clerk"), seats(seated)
    answer = client.post(f"/desk/people/{seated}/replace", data=casts.token(client) | {"colleague": str(colleague)})
    assert (seats(colleague), seats(seated)) == (before, [])
    assert "/desk/people/undo" in client.get(answer.location).text
    back = client.post("/desk/people/undo", data=casts.token(client) | undo_of(answer.location))
    assert back.status_code == 303
    assert (seats(seated), seats(colleague)) == (before, [])
    assert (request_of(seated).state, request_of(colleague).state) == ("booked", "confirmed")


def test_an_undo_is_its_writers_own_and_lasts_an_hour(app, cast, seated, monkeypatch):
    client = cast.client(app, "clerk")
    answer = client.post(f"/desk/people/{seated}/gone", data=casts.token(client))
    undo = undo_of(answer.location)
    other = cast.client(app, "city")
    assert other.post("/desk/people/undo", data=casts.token(other) | undo).status_code == 404
    client = cast.client(app, "clerk")
    assert client.post("/desk/people/undo", data=casts.token(client) | {"undo": "x"}).status_code == 404
    token = casts.token(client)
    real = clock.now()
    monkeypatch.setattr("charter.bookings.desk.inplace.LIFE", timedelta(seconds=-1))
    assert client.post("/desk/people/undo", data=token | undo).status_code == 404
    assert clock.now() >= real
    assert request_of(seated).state == "withdrawn"


def test_foreign_people_are_not_there_and_wrong_days_are_said_at_the_row(app, cast, seated):
    travels = cast.scene.departure.date
    foreign = cast.client(app, "other_clerk")
    token = casts.token(foreign)
    for act in ("day", "gone"):
        answer = foreign.post(f"/desk/people/{seated}/{act}", data=token | days(travels, travels))
        assert answer.status_code == 404
    client = cast.client(app, "clerk")
    wrong = client.post(f"/desk/people/{seated}/day", data=casts.token(client) | days(
        travels, travels - timedelta(days=1)))
    assert wrong.status_code == 422
    assert "最晚日期早于最早日期" in wrong.text
    hotline = cast.client(app, "hotline")
    silent = hotline.post(f"/desk/people/{seated}/gone", data=casts.token(hotline))
    assert (silent.status_code, "请写明原因" in silent.text) == (422, True)
    assert request_of(seated).state == "booked"


def test_who_has_not_answered_is_counted_and_listed(app, cast, seated):
    with db.transaction() as session:
        second = casts.listed(session, cast, cast.scene.employer, [1])[0]
        place_many(session, cast.scene.campaign.id, [Placement(second, cast.scene.departure.id)])
        session.add(Reply(campaign_id=cast.scene.campaign.id, registration_id=second, kind="coming", state="booked",
                          at=clock.now()))
    client = cast.client(app, "clerk")
    page = client.get("/desk/people").text
    assert "1 个有座位的人还没有回复" in page
    assert "已回复会来" in page
    link = unescape(re.search(r'href="([^"]+silent=1)"', page)[1])
    listed = client.get(link).text
    assert f"person-{seated}" in listed
    assert f"person-{second}" not in listed
