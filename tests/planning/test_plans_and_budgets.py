"""A plan that would break a budget says so before it is published."""

from __future__ import annotations

from desk import sign_in
from planning import plan_world
from sqlalchemy import select

from charter.campaigns.models import Campaign
from charter.core import db
from charter.funding import budgets, sharing
from charter.funding.rules.shares import Rule
from charter.jobs import run_waiting
from charter.people.models import District
from charter.planning import service


def agreed(session, campaign_id):
    """All is the districts', of whom the first one gives a yuan."""
    sharing.add_rule(session, campaign_id, Rule("district", "rest"), "")
    district = session.scalars(select(District.id).order_by(District.code).limit(1)).one()
    budgets.set_budgets(session, campaign_id, {f"budget_district_{district}": 100}, {})


def test_a_plan_warns_of_the_whole_budget_and_of_each_source(client, database):
    db.act(plan_world.campaign)
    campaign_id = db.ask(lambda session: session.scalars(select(Campaign.id)).one())
    plan = db.act(service.start, campaign_id, time_limit_s=3)
    run_waiting()
    sign_in(client)
    address = f"/desk/plans/{plan.id}"
    assert "超出预算" not in client.get(address).text
    db.act(agreed, campaign_id)
    with db.transaction() as session:
        session.get_one(Campaign, campaign_id).budget_fen = 200
    page = client.get(address).text
    assert "预算是 2.00 元" in page
    assert "预算是 1.00 元" in page
