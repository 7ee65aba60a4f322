"""Many hands reach for few seats: the database never sells one twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from bookings.factories import riders, scene
from sqlalchemy import select

from charter.bookings import service
from charter.bookings.models import LIVING, Booking
from charter.bookings.service import Placement
from charter.core import db
from charter.core.problems import Problem
from charter.registrations.models import Registration


def test_forty_people_at_once_share_eight_seats(database):
    with db.transaction() as session:
        made = scene(session)
        people = riders(session, made, 40)

    def reach(place):
        try:
            return db.act(service.hold, made.departure.id, people[place], str(place % 8 + 1)).seat
        except Problem as refused:
            return refused.code
    with ThreadPoolExecutor(12) as hands:
        answers = Counter(hands.map(reach, range(40)))
    assert {answers[str(seat)] for seat in range(1, 9)} == {1}
    assert answers["seat_taken"] == 32
    with db.transaction() as session:
        slots = session.scalars(select(Booking.slot).where(Booking.state.in_(LIVING))).all()
    assert sorted(slots) == list(range(1, 9))


def test_one_person_in_many_hands_gets_one_seat(database):
    with db.transaction() as session:
        made = scene(session)
        person = riders(session, made, 1)[0]

    def reach(_):
        try:
            return db.act(service.hold, made.departure.id, person).state
        except Problem as refused:
            return refused.code
    with ThreadPoolExecutor(8) as hands:
        answers = Counter(hands.map(reach, range(16)))
    assert answers == {"held": 1, "already_booked": 15}


def test_a_plan_seats_hundreds_in_one_act_in_the_order_given(database):
    with db.transaction() as session:
        made = scene(session, seats=400)
        people = riders(session, made, 300)
        serials = service.place_many(session, made.campaign.id,
                                     [Placement(person, made.departure.id) for person in people])
    assert len(set(serials)) == 300
    with db.transaction() as session:
        seats = {booking.registration_id: booking.seat for booking in session.scalars(select(Booking))}
        states = set(session.scalars(select(Registration.state)))
    assert [seats[person] for person in people] == [str(seat) for seat in range(1, 301)]
    assert states == {"booked"}
