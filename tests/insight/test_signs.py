"""Signs of invented travel: each by its own trace, none on an honest trip, each explained once with paper."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from bookings.factories import coach, riders, scene
from desk import sign_in, token
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from charter.boarding.models import Scan
from charter.boarding.service import leaving
from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Carrier, Departure
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.core.problems import Invalid
from charter.funding import settling
from charter.funding.service import plan_costs, set_actual
from charter.insight import signs
from charter.insight.problems import ExplainedAlready
from charter.insight.rules.signs import KINDS, Trip, fastest, found_in
from charter.insight.words import SIGN_WORDS
from charter.people.models import Worker

CITY = Actor(Role.CITY_ORGANIZER, account_id="city")
PDF = b"%PDF-1.7\nwhy"
HONEST = Trip(40, 30, 2, True, 60.0, 0, 1, 0)


@pytest.fixture
def made(database):
    """Twelve of sixteen seats are taken, everybody got on, four seconds apart."""
    with db.transaction() as session:
        found = scene(session, seats=16)
        found.carrier = Carrier(name="南江运输公司", home_division="511922")
        session.add(found.carrier)
        session.flush()
        session.get_one(Departure, found.departure.id).carrier_id = found.carrier.id
        found.people = riders(session, found, 12)
        found.serials = place_many(session, found.campaign.id,
                                   [Placement(one, found.departure.id) for one in found.people])
        mark_boarded(session, found.campaign.id, dict.fromkeys(found.serials, clock.now()))
        plan_costs(session, {found.departure.id: 1_000_000})
    scanned(found)
    db.act(leaving.depart, found.departure.id, CITY)
    db.act(set_actual, found.departure.id, 1_000_000)
    return found


def scanned(made, *, seconds=4.0, by_hand=False, serials=None, late=timedelta()):
    now = clock.now() - timedelta(hours=2)
    with db.transaction() as session:
        session.add_all(Scan(
            campaign_id=made.campaign.id, scan_id=uuid4(), departure_id=made.departure.id, booking_id=serial,
            device="phone", kind="board", by_hand=by_hand, scanned_at=now, device_time=now,
            corrected_at=now + timedelta(seconds=seconds * place), received_at=now + late, verdict="go", code="go",
            answer={}) for place, serial in enumerate(made.serials if serials is None else serials))


def rescan(made, **how):
    with db.transaction() as session:
        session.query(Scan).delete()
    scanned(made, **how)


def kinds(made):
    return {row.kind: row.number for row in db.ask(signs.signs, made.campaign)}


def test_an_honest_trip_shows_no_sign(made):
    assert kinds(made) == {}
    assert found_in(HONEST) == {}


@given(st.lists(st.integers(0, 10_000), min_size=10, max_size=40))
def test_the_shortest_time_for_ten_is_the_smallest_of_all_tens(offsets):
    start = clock.now()
    found = fastest([start + timedelta(seconds=one) for one in offsets])
    ordered = sorted(offsets)
    assert found == min(ordered[at + 9] - ordered[at] for at in range(len(ordered) - 9))


def test_people_board_no_faster_than_they_walk(made):
    rescan(made, seconds=1)
    assert kinds(made) == {"fast": 9}
    assert fastest([clock.now()] * 9) is None


def test_a_trip_that_was_all_typed_in(made):
    rescan(made, by_hand=True, seconds=0)
    assert kinds(made) == {"by_hand": 12}


def test_boardings_that_came_after_the_settlement(made):
    db.act(settling.settle, made.campaign.id, made.carrier.id, [made.departure.id])
    scanned(made, serials=made.serials[:1], late=timedelta(hours=5))
    assert kinds(made) == {"late_typed": 1}


def test_one_phone_for_many(made):
    with db.transaction() as session:
        numbers = [session.get_one(Booking, (made.campaign.id, one)).worker_number for one in made.serials[:5]]
        session.execute(update(Worker).where(Worker.number.in_(numbers)).values(phone_tag=b"same"))
    assert kinds(made) == {"one_phone": 5}


def test_paid_seats_that_nobody_took(made):
    with db.transaction() as session:
        session.execute(update(Booking).where(Booking.id.in_(made.serials[7:])).values(boarded_at=None))
    rescan(made, serials=made.serials[:7])
    assert kinds(made) == {"empty": 9}


def test_one_person_on_two_vehicles(made):
    with db.transaction() as session:
        other = coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 8, days=20)
        first = session.query(Booking).filter_by(registration_id=made.people[0]).one()
        boarded, first.boarded_at = first.boarded_at, None  # his coach had left without him, it was said
        session.flush()
        serials = place_many(session, made.campaign.id, [Placement(made.people[0], other.id)])
        mark_boarded(session, made.campaign.id, dict.fromkeys(serials, clock.now()))
        first.boarded_at = boarded
        other.departs_at = session.get_one(Departure, made.departure.id).departs_at + timedelta(hours=3)
        other.arrives_at = other.departs_at + timedelta(hours=20)
        other.code = "巴中02"
    assert kinds(made) == {"two_vehicles": 1}


def test_a_sign_is_explained_once_and_with_paper(made):
    rescan(made, seconds=1)
    with pytest.raises(Invalid):
        db.act(signs.explain, made.departure.id, "fast", "两台手机合并上传", "a.pdf", b"")
    db.act(signs.explain, made.departure.id, "fast", "两台手机合并上传", "a.pdf", PDF)
    row, = db.ask(signs.signs, made.campaign)
    assert (row.words, row.paper_id is not None) == ("两台手机合并上传", True)
    with pytest.raises(ExplainedAlready):
        db.act(signs.explain, made.departure.id, "fast", "再说一次", "b.pdf", PDF + b"2")


def test_signs_are_read_and_explained_on_the_desk(client, made):
    rescan(made, seconds=1)
    sign_in(client)
    assert "9 秒里让 10 个人上了车" in client.get("/desk/signs").text
    assert "没有需要解释的疑点" in client.get("/desk/signs?kind=empty").text
    address = f"/desk/departures/{made.departure.id}/signs/fast"
    form = token(client, address)
    assert client.post(address, data=form | {"words": ""}).status_code == 422
    sent = form | {"words": "两台手机", "file": (io.BytesIO(PDF), "a.pdf")}
    assert client.post(address, content_type="multipart/form-data", data=sent).status_code == 303
    assert "已说明" in client.get("/desk/signs").text
    assert client.get(f"/desk/departures/{made.departure.id}/signs/empty").status_code == 404
    sign_in(client, Role.FUNDS_AUDITOR, scope_kind="campaign", scope_id=str(made.campaign.id))
    assert client.get("/desk/signs").status_code == 200
    assert client.get(address).status_code == 403


def test_every_sign_has_words(made):

    assert tuple(SIGN_WORDS) == KINDS
