"""Costs by departure, planned beside actual; the budget never falls below what was spent."""

from __future__ import annotations

import re

import pytest
from bookings.factories import coach, riders, scene
from desk import fields, sign_in
from sqlalchemy import select

from charter.bookings.service import Placement, place_many
from charter.campaigns.models import Campaign, Departure
from charter.core import db
from charter.core.actor import Role
from charter.funding import queries
from charter.funding.models import DepartureCost
from charter.funding.service import plan_costs


@pytest.fixture
def made(database):
    """Two people on a coach that has left, an empty one that will."""
    with db.transaction() as session:
        found = scene(session)
        people = riders(session, found, 2)
        place_many(session, found.campaign.id, [Placement(one, found.departure.id) for one in people])
        other = coach(session, found.campaign, found.corridor, found.vehicle, found.stop, 8, days=5)
        other.code = "巴中02"
        session.flush()
        plan_costs(session, {found.departure.id: 1_000_000, other.id: 500_000})
        session.get_one(Departure, found.departure.id).state = "departed"
        found.other_id = other.id
    return found


@pytest.fixture
def desk(client, made):
    return sign_in(client)


def cost(departure_id, kind="charter"):
    with db.transaction(read_only=True) as session:
        return session.scalar(select(DepartureCost).where(DepartureCost.departure_id == departure_id,
                                                          DepartureCost.kind == kind))


def test_a_cost_per_head_and_the_missing_bill_are_shown(desk, made):
    page = desk.get("/desk/costs").text
    assert "5,000.00" in page
    assert re.search(r"<b>1</b><span>已发车没填账单", page)
    missing = desk.get("/desk/costs?missing=1").text
    assert "巴中01" in missing
    assert "巴中02" not in missing


def test_the_bills_of_a_page_are_written_and_taken_back(desk, made):
    sent = fields(desk.get("/desk/costs").text)
    name = f"actual_{made.departure.id}"
    assert desk.post("/desk/costs/save", data=sent | {name: "12,000.5"}).status_code == 303
    assert cost(made.departure.id).actual_fen == 1_200_050
    assert cost(made.other_id).actual_fen is None
    sent = fields(desk.get("/desk/costs").text)
    desk.post("/desk/costs/save", data=sent | {name: ""})
    assert cost(made.departure.id).actual_fen is None


def test_two_who_write_one_bill_see_each_other(desk, made):
    name = f"actual_{made.departure.id}"
    first, second = (fields(desk.get("/desk/costs").text) for _ in range(2))
    desk.post("/desk/costs/save", data=first | {name: "100"})
    refused = desk.post("/desk/costs/save", data=second | {name: "200"})
    assert refused.status_code == 409
    assert "100.00" in refused.text
    assert cost(made.departure.id).actual_fen == 10_000


def test_meals_and_tolls_stand_beside_the_charter(desk, made):
    address = f"/desk/departures/{made.departure.id}/costs"
    sent = fields(desk.get(address).text)
    assert sent["planned_charter"] == "10,000.00"
    assert desk.post(address, data=sent | {"actual_meals": "1.234"}).status_code == 422
    assert desk.post(address, data=sent | {"actual_meals": "600", "planned_meals": "500"}).status_code == 303
    meals = cost(made.departure.id, "meals")
    assert (meals.planned_fen, meals.actual_fen) == (50_000, 60_000)
    assert db.ask(queries.totals, made.campaign.id) == queries.Totals(1_550_000, 60_000, 1)


def test_a_budget_below_what_is_spent_is_refused_at_the_field(desk, made):
    sent = fields(desk.get("/desk/costs").text)
    desk.post("/desk/costs/save", data=sent | {f"actual_{made.departure.id}": "12000"})
    address = f"/desk/campaigns/{made.campaign.id}/budget"
    form = fields(desk.get(address).text)
    refused = desk.post(address, data=form | {"budget": "11,999.99"})
    assert refused.status_code == 422
    assert re.search(r'id="budget-error">[^<]*12,000.00', refused.text)
    assert desk.post(address, data=form | {"budget": "12000"}).status_code == 303
    with db.transaction(read_only=True) as session:
        assert session.scalars(select(Campaign.budget_fen)).one() == 1_200_000
    assert "超出预算" in desk.get("/desk/costs").text


def test_a_called_off_departure_counts_only_what_it_cost(made):
    with db.transaction() as session:
        session.get_one(Departure, made.other_id).state = "called_off"
    assert db.ask(queries.totals, made.campaign.id).planned_fen == 1_000_000


def test_a_funds_auditor_reads_and_writes_nothing(client, made):
    sign_in(client, Role.FUNDS_AUDITOR, scope_kind="campaign", scope_id=str(made.campaign.id))
    assert "10,000.00" in client.get("/desk/costs").text
    assert client.post("/desk/costs/save").status_code == 403
    assert client.get(f"/desk/campaigns/{made.campaign.id}/budget").status_code == 403
    assert client.get("/desk/costs.xlsx").data[:2] == b"PK"
