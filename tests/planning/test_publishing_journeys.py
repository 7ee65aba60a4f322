"""A flight with its feeders: planned, published as legs of one journey, given up together."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from planning import plan_world
from sqlalchemy import select

from charter.bookings.models import Booking
from charter.bookings.service import cancel
from charter.campaigns.models import Departure, DepartureStop, Stop
from charter.core import db
from charter.core.actor import Actor, Role, acting
from charter.funding.models import DepartureCost
from charter.jobs import run_waiting
from charter.notices.queries import newest_to
from charter.planning import publishing
from charter.planning import service as planning
from charter.registrations.models import Registration

CITY = Actor(Role.CITY_ORGANIZER, account_id="city")


def published(campaign):
    with acting(CITY):
        plan_id = db.act(planning.start, campaign, time_limit_s=3).id
        run_waiting()
        return db.act(publishing.publish, plan_id)


@pytest.fixture
def campaign(database):
    made = db.act(plan_world.campaign, workers=8, stranded=0)
    db.act(plan_world.add_flight, made)
    return made


def legs(session):
    found = session.scalars(select(Departure).where(Departure.journey_id.is_not(None)).order_by(
        Departure.leg_no)).all()
    return {number: [leg for leg in found if leg.leg_no == number] for number in (1, 2, 3)}


def test_everybody_on_the_flight_has_a_seat_on_a_feeder_to_it_and_one_from_it(campaign):
    plan = published(campaign)
    assert plan.figures["vehicles"] == {"bus": 1, "flight": 1, "feeder": 4}
    assert plan.figures["feeder_alone"] == 0
    with db.transaction(read_only=True) as session:
        found = legs(session)
        assert {leg.leg_kind for leg in found[1] + found[3]} == {"feeder"}
        assert [len(found[number]) for number in (1, 2, 3)] == [2, 1, 2]
        rows = session.execute(
            select(Booking.registration_id, Departure.leg_no)
            .join(Departure, Departure.id == Booking.departure_id)
            .where(Departure.journey_id == found[2][0].journey_id)).all()
        per_person = Counter(person for person, _ in rows)
        assert set(per_person.values()) == {3}
        assert len(per_person) == 12


def test_a_feeder_is_at_the_hub_two_hours_before_the_flight_and_leaves_an_hour_after_it_landed(campaign):
    published(campaign)
    with db.transaction(read_only=True) as session:
        found = legs(session)
        flight = found[2][0]
        assert all(leg.arrives_at <= flight.departs_at - timedelta(hours=2) for leg in found[1])
        assert all(leg.departs_at == flight.arrives_at + timedelta(hours=1) for leg in found[3])
        last = [session.execute(select(Stop.name, DepartureStop.kind).join(
            DepartureStop, DepartureStop.stop_id == Stop.id).where(DepartureStop.departure_id == leg.id)
            .order_by(DepartureStop.seq)).all() for leg in (found[1][0], found[3][0])]
        assert last[0] == [("通江县客运站", "board"), ("成都双流国际机场", "alight")]
        assert last[1] == [("厦门高崎国际机场", "board"), ("厦门远方服装有限公司 厂门", "alight")]


def test_the_message_names_the_flight_and_where_the_first_leg_begins(campaign):
    published(campaign)
    with db.transaction(read_only=True) as session:
        text, *more = newest_to(session, "13900000003", 5)
        assert more == []
        assert "通江县客运站" in text
        assert "包机" in text


def test_what_feeders_cost_is_planned_money(campaign):
    plan = published(campaign)
    with db.transaction(read_only=True) as session:
        costs = session.scalars(select(DepartureCost.planned_fen)).all()
        assert len(costs) == 6
        assert sum(costs) == plan.figures["charter_fen"]


def test_who_gives_the_flight_up_gives_up_its_feeders(campaign):
    published(campaign)
    with acting(CITY):
        with db.transaction(read_only=True) as session:
            flight = legs(session)[2][0].id
            booking = session.scalars(select(Booking).where(Booking.departure_id == flight)).first()
        db.act(cancel, booking.id)
    with db.transaction(read_only=True) as session:
        states = session.scalars(select(Booking.state).where(
            Booking.registration_id == booking.registration_id)).all()
        assert states == ["cancelled"] * 3
        person = session.scalars(select(Registration).where(Registration.id == booking.registration_id)).one()
        assert person.state == "confirmed"


def test_without_local_coaches_people_find_their_own_way_and_the_plan_stands(database):
    campaign = db.act(plan_world.campaign, workers=8, stranded=0)
    db.act(plan_world.add_flight, campaign, local_coaches=False)
    plan = published(campaign)
    assert plan.figures["vehicles"] == {"bus": 1, "flight": 1}
    with db.transaction(read_only=True) as session:
        assert session.scalars(select(Departure.journey_id)).all() == [None, None]


def test_on_the_way_home_people_board_in_the_city_and_the_coach_ends_where_they_live(database):
    published(db.act(plan_world.campaign, workers=8, stranded=0, direction="to_home"))
    with db.transaction(read_only=True) as session:
        coach = session.scalars(select(Departure)).one()
        assert coach.direction == "to_home"
        stops = session.execute(select(Stop.name, DepartureStop.kind).join(
            DepartureStop, DepartureStop.stop_id == Stop.id).where(DepartureStop.departure_id == coach.id)
            .order_by(DepartureStop.seq)).all()
        assert stops == [("枋湖客运中心", "board"), ("巴州客运站", "alight")]
        boards = session.scalars(select(Stop.name).join(Booking, Booking.stop_id == Stop.id).distinct()).all()
        assert boards == ["枋湖客运中心"]
        assert "枋湖客运中心" in newest_to(session, "13800000005", 5)[0]


def test_a_coach_with_few_employers_goes_from_gate_to_gate_after_its_terminal(campaign):
    published(campaign)
    with db.transaction(read_only=True) as session:
        coach = session.scalars(select(Departure).where(Departure.journey_id.is_(None))).one()
        stops = session.execute(select(Stop.name, Stop.kind, DepartureStop.departs_at).join(
            DepartureStop, DepartureStop.stop_id == Stop.id).where(DepartureStop.departure_id == coach.id)
            .order_by(DepartureStop.seq)).all()
        assert [name for name, *_ in stops] == ["巴州客运站", "枋湖客运中心", "厦门某某电子有限公司 厂门"]
        assert [at for *_, at in stops] == sorted(at for *_, at in stops)
        assert coach.arrives_at == stops[-1].departs_at
