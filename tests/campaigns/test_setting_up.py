"""A campaign is set up: vehicle types from config/, corridors with their stops, fleets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from charter.bookings.rules.seats import all_seats
from charter.campaigns import service
from charter.campaigns.models import Stop, VehicleType
from charter.campaigns.vehicle_types import coach_map, load_vehicle_types
from charter.core import clock, db
from charter.core.problems import Invalid
from charter.people.models import Union


def make(session, **changed):
    union = Union(kind="city", name="市总工会", name_en="City federation", hotline="059212351")
    session.add(union)
    session.flush()
    today = clock.today()
    values = {"name": "返岗", "name_en": "Back to work", "direction": "to_work", "union_id": union.id,
              "destination": "350200", "starts_on": today, "ends_on": today + timedelta(days=14),
              "hotline": "059212351"}
    return service.create_campaign(session, **(values | changed))


def test_vehicle_types_are_loaded_once_and_coaches_have_as_many_seats_as_they_sell(session):
    assert load_vehicle_types(session) == 11
    assert load_vehicle_types(session) == 0
    for found in session.scalars(select(VehicleType).where(VehicleType.seating == "ours")):
        seats = all_seats(found.seat_map)
        assert seats == [str(number) for number in range(1, found.passenger_seats + 1)]
        assert found.passenger_seats == found.approved_capacity - 3


def test_a_coach_ends_in_a_row_of_five():
    rows = coach_map(46)["cars"][0]["rows"]
    assert rows[0] == ["1", "2", None, "3", "4"]
    assert rows[-1] == ["42", "43", "44", "45", "46"]


def test_two_corridors_share_a_stop(session):
    campaign = make(session)
    stops = [service.LineStop("南江客运站", "511922", "board", 0),
             service.LineStop("厦门枋湖", "350206", "alight", 1320)]
    for name in ("巴中一线", "巴中二线"):
        service.add_corridor(session, campaign, name=name, name_en=name, mode="bus", origins=["511922"],
                             distance_km=1700, duration_min=1320, stops=stops)
    assert session.scalar(select(func.count()).select_from(Stop)) == 2


def test_days_the_wrong_way_round_are_refused(database):
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        make(session, ends_on=clock.today() - timedelta(days=1))
    assert refused.value.errors[0].field == "ends_on"
