"""A colleague takes over a seat in one act, as long as the carrier's list is open."""

from __future__ import annotations

import cast as casts
import pytest
from bookings.factories import request
from sqlalchemy import select

from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.campaigns.models import Departure
from charter.core import db
from charter.notices.models import Outbox
from charter.registrations.models import Registration


@pytest.fixture
def cast(database):
    with db.transaction() as session:
        return casts.assemble(session)


@pytest.fixture
def seated(cast):
    with db.transaction() as session:
        keys = casts.listed(session, cast, cast.scene.employer, [0, 1])
        place_many(session, cast.scene.campaign.id, [Placement(key, cast.scene.departure.id) for key in keys])
    return keys[1]


def replace(app, cast, key, member="clerk", **fields):
    client = cast.client(app, member)
    return client.post(f"/desk/people/{key}/replace", data=casts.token(client) | fields)


def living(key):
    with db.transaction() as session:
        return session.execute(select(Booking.seat, Booking.slot, Registration.state).join(
            Registration, Registration.id == Booking.registration_id).where(
            Booking.registration_id == key, Booking.state == "confirmed")).all()


def test_a_colleague_on_the_list_gets_the_same_seat(app, cast, seated):
    with db.transaction() as session:
        colleague = casts.listed(session, cast, cast.scene.employer, [5])[0]
    assert str(colleague) in cast.client(app, "clerk").get(f"/desk/people/{seated}/replace").text
    assert replace(app, cast, seated, colleague=str(colleague)).status_code == 303
    assert living(seated) == []
    assert living(colleague) == [("2", 2, "booked")]
    with db.transaction() as session:
        assert session.scalars(select(Registration.state).where(Registration.id == seated)).one() == "withdrawn"
        assert [found.template for found in session.scalars(select(Outbox))] == ["seat_given"]


def test_a_new_colleague_is_put_on_the_list_in_the_same_act(app, cast, seated):
    person = request(8)
    assert replace(app, cast, seated, name=person.name).status_code == 422
    answer = replace(app, cast, seated, name=person.name, id_number=person.id_number, phone=person.phone)
    assert answer.status_code == 303
    with db.transaction() as session:
        made = session.scalars(select(Registration).where(Registration.state == "booked").order_by(
            Registration.created_at.desc())).first()
    assert living(made.id) == [("2", 2, "booked")]


@pytest.mark.parametrize("cause", ["another employer", "no such day", "not confirmed", "nobody"])
def test_who_may_not_ride_takes_nothing_over(app, cast, seated, cause):
    early = request(5).earliest
    with db.transaction() as session:
        colleague = casts.listed(
            session, cast, cast.scene.other if cause == "another employer" else cast.scene.employer, [5],
            source="worker" if cause == "not confirmed" else "employer",
            latest=early if cause == "no such day" else request(5).latest)[0]
    wanted = "00000000-0000-4000-8000-000000000000" if cause == "nobody" else str(colleague)
    answer = replace(app, cast, seated, colleague=wanted)
    assert answer.status_code == (404 if cause in ("nobody", "another employer") else 409)
    assert living(seated) == [("2", 2, "booked")]
    assert living(colleague) == []


def test_after_the_list_is_closed_nobody_takes_over(app, cast, seated):
    with db.transaction() as session:
        colleague = casts.listed(session, cast, cast.scene.employer, [5])[0]
        session.get_one(Departure, cast.scene.departure.id).state = "closed"
    assert replace(app, cast, seated, colleague=str(colleague)).status_code in (404, 409)
    assert cast.client(app, "clerk").get(f"/desk/people/{seated}/replace").status_code == 404
    assert living(seated) == [("2", 2, "booked")]


def test_the_hotline_puts_only_colleagues_on_the_list_in_a_seat_and_says_why(app, cast, seated):
    person = request(8)
    with db.transaction() as session:
        colleague = casts.listed(session, cast, cast.scene.employer, [5])[0]
    assert replace(app, cast, seated, "hotline", id_number=person.id_number, reason="厂里来电",
                   phone=person.phone).status_code == 422
    assert replace(app, cast, seated, "hotline", colleague=str(colleague)).status_code == 422
    assert replace(app, cast, seated, "hotline", colleague=str(colleague), reason="厂里来电").status_code == 303
    assert living(colleague) == [("2", 2, "booked")]
