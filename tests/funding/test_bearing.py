"""Who bears a departure's cost: by the campaign's rules, by hand, in the ledger, and against the sources' budgets."""

from __future__ import annotations

import pytest
from bookings.factories import riders, scene

from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Campaign, Departure
from charter.core import clock, db
from charter.core.problems import Invalid
from charter.funding import accounts, budgets, sharing
from charter.funding.rules.shares import Cost, Heads, Rule, Share
from charter.funding.service import plan_costs, set_actual


@pytest.fixture
def made(database):
    """Three people of one employer hold a seat, two got on; half of it is the district's, 10 yuan a head the firm's."""
    with db.transaction() as session:
        found = scene(session)
        people = riders(session, found, 3)
        serials = place_many(session, found.campaign.id, [Placement(one, found.departure.id) for one in people])
        mark_boarded(session, found.campaign.id, dict.fromkeys(serials[:2], clock.now()))
        plan_costs(session, {found.departure.id: 100_001})
        sharing.add_rule(session, found.campaign.id, Rule("district", "percent", 5_000), "厦工〔2026〕1号")
        sharing.add_rule(session, found.campaign.id, Rule("employer", "head", 1_000), "")
    return found


def row(made):
    return db.ask(sharing.borne, made.campaign.id)[0]


def leave(made):
    with db.transaction() as session:
        session.get_one(Departure, made.departure.id).state = "departed"


def amounts(shares):
    return {one.payer: one.fen for one in shares}


def test_before_it_leaves_seats_count_and_afterwards_who_got_on(made):
    assert amounts(row(made).shares) == {"city": 47_000, "district": 50_001, "employer": 3_000}
    leave(made)
    assert amounts(row(made).shares)["employer"] == 2_000


def test_shares_are_booked_once_the_bill_is_there_and_follow_it(made):
    leave(made)
    assert db.act(sharing.book, made.campaign.id) == 0
    db.act(set_actual, made.departure.id, 80_000)
    assert db.act(sharing.book, made.campaign.id) == 1
    assert db.act(sharing.book, made.campaign.id) == 0
    assert amounts(row(made).booked) == {"city": 38_000, "district": 40_000, "employer": 2_000}
    db.act(set_actual, made.departure.id, 90_000)
    assert row(made).to_book
    db.act(sharing.book, made.campaign.id)
    found = row(made)
    assert (amounts(found.booked)["district"], found.to_book) == (45_000, False)
    with db.transaction(read_only=True) as session:
        assert sum(one.fen for one in accounts.balances(session, made.campaign.id)) == 0


def test_an_agreement_by_hand_is_the_cost_or_is_refused(made):
    firm = made.employer.id
    with pytest.raises(Invalid):
        db.act(sharing.set_by_hand, made.departure.id, [Share("city", None, 100_000)])
    db.act(sharing.set_by_hand, made.departure.id, [Share("city", None, 100_000), Share("worker", firm, 1)])
    assert (row(made).by_hand, amounts(row(made).shares)) == (True, {"city": 100_000, "worker": 1})
    leave(made)
    db.act(set_actual, made.departure.id, 50_000)
    assert (row(made).off_by, row(made).to_book) == (-50_001, False)  # it waits for another agreement
    db.act(sharing.set_by_hand, made.departure.id, [])
    assert not row(made).by_hand


def test_a_plan_that_would_break_a_budget_is_warned_of(made):
    district = made.employer.district_id
    field = f"budget_district_{district}"
    db.act(budgets.set_budgets, made.campaign.id, {field: 60_000}, {})
    heads = (Heads(made.employer.id, district, 4),)
    campaign = made.campaign
    assert db.ask(budgets.warnings, campaign, []) == []
    found = db.ask(budgets.warnings, campaign, [Cost(20_000, "bus", 10, heads)])
    assert [(one.payer, one.budget, one.planned) for one in found] == [("district", 60_000, 60_001)]
    with db.transaction() as session:
        session.get_one(Campaign, campaign.id).budget_fen = 110_000
        campaign = session.get_one(Campaign, campaign.id)
    assert [one.payer for one in db.ask(budgets.warnings, campaign, [Cost(20_000, "bus", 10, heads)])] == [
        "", "district"]


def test_a_source_never_gives_less_than_what_is_booked(made):
    leave(made)
    db.act(set_actual, made.departure.id, 80_000)
    db.act(sharing.book, made.campaign.id)
    field = f"budget_district_{made.employer.district_id}"
    with pytest.raises(Invalid):
        db.act(budgets.set_budgets, made.campaign.id, {field: 39_999}, {})
    db.act(budgets.set_budgets, made.campaign.id, {field: 40_000}, {})
    found = next(one for one in db.ask(budgets.sources, made.campaign.id) if one.payer == "district")
    assert (found.budget, found.planned, found.booked, found.over) == (40_000, 40_000, 40_000, 0)
