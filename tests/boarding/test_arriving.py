"""A departure arrives: who rode is there, who did not is not; a feeder is not the end of the way."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from boarding import factories as make
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from charter.boarding.problems import NotDeparted
from charter.boarding.service import leaving, scans
from charter.bookings.models import Booking
from charter.campaigns.models import Departure, Journey
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.core.problems import NotFound
from charter.registrations.models import Registration

CITY = Actor(Role.CITY_ORGANIZER, account_id="city")


@pytest.fixture
def trip(database):
    """A departure with one who rides and one who never came."""
    with db.transaction() as session:
        world = make.world(session)
        on = make.departure(session, world)
        return world, on.id, [make.booking(session, world, on, seat) for seat in ("1", "2")]


def board(booking):
    db.act(scans.take_by_desk, CITY, booking.departure_id, {
        "scan_id": str(uuid4()), "booking_id": str(booking.id), "departure_id": str(booking.departure_id),
        "stop_id": None, "kind": "board", "scanned_at": clock.local(clock.now()).isoformat(), "shown": "ok"})


def states(bookings):
    with db.transaction(read_only=True) as session:
        return [session.scalar(select(Registration.state).where(Registration.id == one.registration_id))
                for one in bookings]


def test_who_rode_has_arrived_and_who_did_not_has_not(trip):
    _, departure, (rides, absent) = trip
    board(rides)
    db.act(leaving.depart, departure, CITY)
    db.act(leaving.arrive, departure, CITY)
    assert states([rides, absent]) == ["arrived", "booked"]
    with db.transaction(read_only=True) as session:
        found = session.get_one(Departure, departure)
        assert found.state == "arrived"
        arrived = {row.id: row.arrived_at for row in session.scalars(select(Booking))}
        assert arrived == {rides.id: found.arrived_at, absent.id: None}


def test_arriving_twice_changes_nothing(trip):
    _, departure, (rides, _) = trip
    board(rides)
    db.act(leaving.depart, departure, CITY)
    db.act(leaving.arrive, departure, CITY)
    with clock.travel(timedelta(hours=1)):
        db.act(leaving.arrive, departure, CITY)
    with db.transaction(read_only=True) as session:
        assert session.get_one(Departure, departure).arrived_at < clock.now()


def test_what_has_not_left_cannot_arrive(trip):
    with pytest.raises(NotDeparted):
        db.act(leaving.arrive, trip[1], CITY)
    with pytest.raises(NotFound):
        db.act(leaving.arrive, trip[1], Actor(Role.VOLUNTEER, scope_kind="campaign", scope_id=str(uuid4())))


def test_with_a_feeder_one_has_not_arrived_yet(trip):
    world, departure, (rides, _) = trip
    with db.transaction() as session:
        journey = Journey(campaign_id=world.campaign.id, name="MF8438")
        session.add(journey)
        session.flush()
        feeder = session.get_one(Departure, departure)
        feeder.journey_id, feeder.leg_no, feeder.leg_kind = journey.id, 1, "feeder"
        main = make.departure(session, world, hours=30)
        main.journey_id, main.leg_no = journey.id, 2
        request = session.scalars(select(Registration).where(Registration.id == rides.registration_id)).one()
        session.add(Booking(campaign_id=world.campaign.id, registration_id=request.id, departure_id=main.id,
                            worker_number=rides.worker_number, during=Range(main.departs_at, main.arrives_at), slot=1,
                            seat="1", state="confirmed"))
    board(rides)
    db.act(leaving.depart, departure, CITY)
    db.act(leaving.arrive, departure, CITY)
    assert states([rides]) == ["boarded"]
