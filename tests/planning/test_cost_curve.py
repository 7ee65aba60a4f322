"""Cost against people carried: the same plan with less money, and what each further person costs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from planning import plan_world
from planning.test_plan_pages import client, form  # noqa: F401

from charter.core import db
from charter.jobs import run_waiting
from charter.planning import curve
from charter.planning.models import Plan


def scenario(fen: int, planned: int, people: int = 100, **options: Any) -> Any:
    return SimpleNamespace(best=1.0, options=options, figures={
        "charter_fen": fen, "planned": planned, "left_behind": people - planned, "people": people})


def test_each_point_says_what_its_further_people_cost() -> None:
    found = curve.points([scenario(50_000, 60), scenario(90_000, 100), scenario(20_000, 40)])
    assert [(one.carried, one.fen_more) for one in found] == [(40, None), (60, 1_500), (100, 1_000)]


def test_a_scenario_that_costs_more_and_carries_no_more_is_no_point() -> None:
    found = curve.points([scenario(10, 5), scenario(20, 5), scenario(30, 9)])
    assert [one.fen for one in found] == [10, 30]


@pytest.mark.parametrize("plans", [[], [scenario(10, 5)], [scenario(10, 5), scenario(20, 9, people=50)],
                                   [scenario(10, 5), scenario(20, 9, without=["7"])]])
def test_what_cannot_be_compared_makes_no_curve(plans: list[Any]) -> None:
    assert curve.points(plans) == []


def test_the_curve_is_asked_for_once_and_drawn(client: FlaskClient) -> None:  # noqa: F811
    db.act(plan_world.campaign)
    page = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {
        "time_limit_s": "2"}).headers["Location"]
    assert "多花多少钱" not in client.get("/desk/plans").text
    run_waiting()
    sent = form(client, page)
    for _ in range(2):
        assert client.post(page + "/curve", data=sent).status_code == 303
    with db.transaction(read_only=True) as session:
        budgets = [plan.options["budget_fen"] for plan in session.query(Plan) if plan.options["budget_fen"] is not None]
    assert len(budgets) == len(set(budgets)) == len(curve.SHARES)
    run_waiting()
    shown = client.get("/desk/plans").text
    assert "多接一人（元）" in shown
    assert 'id="curve-chart"' in shown
    less = next(plan for plan in _plans() if plan.name == "50 %")
    assert less.figures["planned"] < 14
    assert less.figures["charter_fen"] <= less.options["budget_fen"]
    refused = client.post(f"/desk/plans/{less.id}/curve", data=sent)
    assert "not_ready" in refused.headers["Location"]


def _plans() -> list[Plan]:
    with db.transaction(read_only=True) as session:
        return session.query(Plan).all()
