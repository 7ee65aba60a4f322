"""Tiny instances of every kind: the bound, the optimum by trying everything, and the plan stand in this order."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from charter.planner.plan import misfit
from charter.planner.reading import parse
from charter.planner.solve import solve
from charter.planner.stop import Stop

sys.path.insert(0, str(Path(__file__).parent))
from small_instances import least_cost, plan_cost, small_instance, town_instance


@pytest.mark.parametrize("seed", range(24))
def test_bound_optimum_and_plan_stand_in_order(seed: int) -> None:
    document = small_instance(seed, fleets=seed % 3 == 1, budget=seed % 3 == 2)
    plan = solve(parse(document), stop=Stop.rounds_of(2), seed=seed, workers=1)
    best = least_cost(document)
    assert plan_cost(document, [list(row) for row in plan.rows]) == pytest.approx(plan.objective)
    assert plan.lower_bound <= best + 1e-6
    assert plan.objective >= best - 1e-6
    assert plan.status == "feasible" or plan.objective == pytest.approx(best, rel=2e-6)


@pytest.mark.parametrize("seed", range(3))
def test_a_town_is_planned_close_to_its_bound(seed: int) -> None:
    document = town_instance(seed)
    plan = solve(parse(document), stop=Stop.rounds_of(3), seed=seed, workers=2)
    assert plan_cost(document, [list(row) for row in plan.rows]) == pytest.approx(plan.objective)
    assert 0 <= plan.gap < 0.1


def test_the_same_seed_and_rounds_give_the_same_plan_with_one_worker_or_two() -> None:
    instance = parse(town_instance(5))
    one, two = (solve(instance, stop=Stop.rounds_of(2), seed=3, workers=workers) for workers in (1, 2))
    assert (one.rows, one.lower_bound) == (two.rows, two.lower_bound)


def test_a_plan_that_is_given_as_a_start_is_never_made_worse() -> None:
    instance = parse(town_instance(6))
    first = solve(instance, stop=Stop.rounds_of(2), workers=1)
    again = solve(instance, stop=Stop.rounds_of(1), workers=1, start=first.rows)
    assert misfit(instance, first.rows) is None
    assert again.objective <= first.objective + 1e-6


def test_no_time_at_all_still_gives_a_plan_and_a_bound() -> None:
    document = town_instance(7)
    plan = solve(parse(document), stop=Stop.after(0.0))
    assert plan_cost(document, [list(row) for row in plan.rows]) == pytest.approx(plan.objective)
    assert 0 < plan.lower_bound <= plan.objective


def test_a_caller_hears_of_progress_and_can_stop_it() -> None:
    heard = []
    solve(parse(town_instance(8)), stop=Stop.after(60), workers=1, on_progress=heard.append,
          should_stop=lambda: len(heard) >= 2)
    assert [one.best for one in heard] == sorted((one.best for one in heard), reverse=True)
    assert [one.bound for one in heard] == sorted(one.bound for one in heard)


def test_an_instance_without_anybody_costs_nothing() -> None:
    document = town_instance(1) | {"groups": [], "options": []}
    plan = solve(parse(document), stop=Stop.after(5))
    assert (plan.rows, plan.objective, plan.lower_bound, plan.status) == ((), 0.0, 0.0, "optimal")


@pytest.mark.parametrize(("budget", "free", "left"), [(0, False, 9), (0, True, 6), (5, True, 6)])
def test_a_budget_that_pays_for_nothing_still_lets_run_what_costs_nothing(budget: int, free: bool, left: int) -> None:
    document = {
        "format": "charter-instance/1", "name": "poor", "spread_cost": 0, "budget": budget, "fleets": [],
        "departures": [{"id": "dear", "mode": "bus", "capacity": 8, "fixed_cost": 100, "copies": 2},
                       {"id": "paid", "mode": "bus", "capacity": 3, "fixed_cost": 0 if free else 100, "copies": 1}],
        "groups": [{"id": "g", "employer": "e", "origin": "o", "size": 9, "splittable": True,
                    "unassigned_penalty": 50}],
        "options": [[0, 0, 1], [0, 1, 1]]}
    plan = solve(parse(document), stop=Stop.rounds_of(2), workers=1)
    assert plan.objective == pytest.approx(50 * left + (9 - left))
    assert plan.lower_bound == pytest.approx(plan.objective, rel=1e-6)
