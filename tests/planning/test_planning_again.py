"""Plans over what stands: free seats are filled first, a broken coach's people move with their passes, wishes hold."""

from __future__ import annotations

from collections import Counter

import pytest
from planning import plan_world
from sqlalchemy import select

from charter.bookings.models import Booking
from charter.bookings.service import hold
from charter.campaigns.models import Campaign, Carrier, Departure
from charter.core import db
from charter.core.actor import Actor, Role, acting
from charter.core.problems import Invalid, NotFound
from charter.jobs import run_waiting
from charter.notices.queries import newest_to
from charter.planning import publishing
from charter.planning import service as planning
from charter.planning.asking import Wanted
from charter.planning.dragging import dragged
from charter.planning.models import Plan
from charter.planning.problems import NothingToPlan, PlanStale
from charter.planning.results import moves
from charter.planning.service import unpacked
from charter.registrations.models import Registration

CITY = Actor(Role.CITY_ORGANIZER, account_id="city")


@pytest.fixture(autouse=True)
def organizer(database):
    with acting(CITY):
        yield


def planned(campaign, wanted=Wanted()):  # noqa: B008 - a frozen value
    plan_id = db.act(planning.start, campaign, wanted, time_limit_s=2).id
    run_waiting()
    return plan_id


def published(campaign, wanted=Wanted()):  # noqa: B008
    return db.act(publishing.publish, planned(campaign, wanted))


def departures(state="open"):
    with db.transaction(read_only=True) as session:
        return session.scalars(select(Departure).where(Departure.state == state).order_by(Departure.code)).all()


def seated(departure):
    with db.transaction(read_only=True) as session:
        return {row.registration_id: row for row in session.scalars(select(Booking).where(
            Booking.departure_id == departure, Booking.state == "confirmed"))}


def late(campaign, number):
    """So many more people of the first firm."""
    with db.transaction() as session:
        made = session.get_one(Campaign, campaign)
        firm = plan_world.firm_of(session, made)
        for place in range(number):
            plan_world.register(session, made, firm, "511902", None, f"137000{place:05d}")


def test_who_comes_late_gets_the_free_seats_before_another_coach_is_chartered():
    campaign = db.act(plan_world.campaign, workers=14, stranded=0)
    published(campaign)
    late(campaign, 2)
    plan = published(campaign)
    assert (plan.figures["vehicles"], plan.figures["planned"], plan.figures["charter_fen"]) == ({}, 2, 0)
    assert [len(seated(one.id)) for one in departures()] == [8, 8]


def test_standing_coaches_keep_their_fleet_busy():
    campaign = db.act(plan_world.campaign, workers=14, stranded=0, fleet=2)
    published(campaign)
    late(campaign, 12)
    plan = published(campaign)
    assert (plan.figures["planned"], plan.figures["left_behind"]) == (2, 10)
    assert len(departures()) == 2


def test_money_that_is_spent_is_spent():
    campaign = db.act(plan_world.campaign, workers=14, stranded=0)
    published(campaign)
    late(campaign, 12)
    plan = published(campaign, Wanted(budget_fen=3_000_000))  # a coach costs 13,800 yuan, two are chartered
    assert (plan.figures["vehicles"], plan.figures["planned"]) == ({}, 2)
    assert {one["code"] for one in plan.left_behind} == {"budget"}


def test_another_load_factor_is_tried_without_changing_the_campaign():
    campaign = db.act(plan_world.campaign, workers=14, stranded=0)
    plan_id = planned(campaign, Wanted(load_percent=50))
    with db.transaction(read_only=True) as session:
        plan = session.get_one(Plan, plan_id)
        assert {one["capacity"] for one in unpacked(plan.instance_gz)["departures"]} == {5}
        assert plan.options["load_percent"] == 50


def test_the_people_of_a_broken_coach_move_with_their_passes_and_are_told():
    campaign = db.act(plan_world.campaign, workers=8, stranded=0)
    published(campaign)
    broken = departures()[0]
    before = seated(broken.id)
    plan = published(campaign, Wanted(without=(broken.id,), only_displaced=True))
    assert plan.figures["moved"] == 8
    assert [one.id for one in departures("called_off")] == [broken.id]
    stands = departures()
    assert len(stands) == 1
    after = seated(stands[0].id)
    assert {person: booking.id for person, booking in after.items()} == {
        person: booking.id for person, booking in before.items()}
    assert {booking.revision for booking in after.values()} == {2}
    with db.transaction(read_only=True) as session:
        assert stands[0].code in newest_to(session, "13800000005", 5)[0]
        assert Counter(session.scalars(select(Registration.state))) == {"booked": 8}


def test_a_plan_says_who_moves_from_where_to_where_before_it_is_published():
    campaign = db.act(plan_world.campaign, workers=14, stranded=0)
    published(campaign)
    broken, other = sorted(departures(), key=lambda one: len(seated(one.id)))
    plan_id = planned(campaign, Wanted(without=(broken.id,), only_displaced=True))
    with db.transaction(read_only=True) as session:
        plan = session.get_one(Plan, plan_id)
        found = moves(unpacked(plan.instance_gz), unpacked(plan.plan_gz))
    assert {one.registration_id for one in found} == {str(person) for person in seated(broken.id)}
    assert {one.origin for one in found} == {str(broken.id)}
    to_other = sum(one.to == str(other.id) for one in found)
    assert to_other + sum(one.corridor is not None and one.to is None for one in found) == len(found)
    assert len(seated(other.id)) + to_other <= 8


def test_what_a_broken_coach_drags_along_is_said_before_it_is_published():
    campaign = db.act(plan_world.campaign, workers=8, stranded=0, fleet=1)
    whole = published(campaign).id
    broken = departures()[0]
    with db.transaction() as session:
        session.get_one(Campaign, campaign).left_behind_fen = 100  # not worth another coach
        found = session.get_one(Departure, broken.id)
        found.crew_name, found.crew_phone, found.plate = "李明", "15400000031", "闽D12345"
        carrier = session.get_one(Carrier, found.carrier_id).name
    plan_id = planned(campaign, Wanted(without=(broken.id,)))
    with db.transaction(read_only=True) as session:
        (said,) = dragged(session, session.get_one(Plan, plan_id))
    assert (said.code, said.carrier, said.plate, said.crew, said.no_seat, said.other_day) == (
        broken.code, carrier, "闽D12345", ("李明",), 8, 0)
    with db.transaction(read_only=True) as session:
        assert dragged(session, session.get_one(Plan, whole)) == []


def test_who_finds_no_other_seat_is_told_that_the_coach_is_off_and_stays_behind():
    campaign = db.act(plan_world.campaign, workers=8, stranded=0, fleet=1)
    published(campaign)
    broken = departures()[0]
    with db.transaction() as session:
        session.get_one(Campaign, campaign).left_behind_fen = 100  # not worth another coach
    plan = published(campaign, Wanted(without=(broken.id,)))
    assert plan.figures["left_behind"] == 8
    with db.transaction(read_only=True) as session:
        assert set(session.scalars(select(Registration.state))) == {"left_behind"}
        assert set(session.scalars(select(Booking.state))) == {"cancelled"}
        assert "取消" in newest_to(session, "13800000005", 5)[0]


def test_somebody_may_be_locked_to_a_departure_or_kept_from_it():
    campaign = db.act(plan_world.campaign, workers=14, stranded=0)
    published(campaign)
    late(campaign, 2)
    with db.transaction(read_only=True) as session:
        one, two = session.scalars(select(Registration.id).where(Registration.state == "confirmed")).all()
    free = next(found for found in departures() if len(seated(found.id)) < 8)
    published(campaign, Wanted(locks=((one, free.id),), forbidden=((two, free.id),)))
    assert one in seated(free.id)
    assert two not in seated(free.id)


def test_a_lock_that_nothing_can_satisfy_is_said_by_name_at_once():
    campaign = db.act(plan_world.campaign, workers=8, stranded=0)
    published(campaign)
    late(campaign, 1)
    with db.transaction(read_only=True) as session:
        person = session.scalars(select(Registration.id).where(Registration.state == "confirmed")).one()
    full = departures()[0]
    with pytest.raises(Invalid) as refused:
        db.act(planning.start, campaign, Wanted(locks=((person, full.id),)))
    assert [(one.field, one.code) for one in refused.value.errors] == [("locks.0", "lock_impossible")]


def test_a_plan_whose_free_seats_were_taken_since_is_stale_and_names_the_departure():
    campaign = db.act(plan_world.campaign, workers=14, stranded=0)
    published(campaign)
    late(campaign, 4)
    with db.transaction(read_only=True) as session:
        quick = session.scalars(select(Registration.id).where(Registration.state == "confirmed").limit(2)).all()
    free = next(found for found in departures() if len(seated(found.id)) < 8)
    plan_id = planned(campaign, Wanted(budget_fen=0))
    for person in quick:
        db.act(hold, free.id, person)
    with pytest.raises(PlanStale) as stale:
        db.act(publishing.publish, plan_id)
    assert stale.value.extra["departures"] == [free.code]


def test_a_departure_of_another_campaign_cannot_be_left_out():
    campaign, other = (db.act(plan_world.campaign, workers=8, stranded=0) for _ in range(2))
    published(campaign)
    foreign = departures()[0]
    with pytest.raises(NotFound):
        db.act(planning.start, other, Wanted(without=(foreign.id,)))
    with pytest.raises(NothingToPlan):
        db.act(planning.start, campaign, Wanted(only_displaced=True))
