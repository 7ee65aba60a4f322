"""Parties that are large for a vehicle, and sets of the published kinds: the known optimum, never a bound above it."""

from __future__ import annotations

import itertools
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.planner.patterns import Packing, best_pattern, packed
from charter.planner.reading import parse
from charter.planner.solve import solve
from charter.planner.stop import Stop

sys.path.insert(0, str(Path(__file__).parent))
from public_sets import beasley, bins, holmberg, triplets, uniform
from small_instances import Document, plan_cost


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3), st.integers(0, 20)), min_size=1, max_size=4),
       st.integers(1, 15))
def test_the_best_load_of_one_vehicle_is_found(items: list[tuple[int, int, int]], seats: int) -> None:
    size, units, worth = (np.array(column) for column in zip(*items, strict=True))
    value, pattern = best_pattern(size, units, worth.astype(float), seats)
    best = max(int(worth @ load) for load in itertools.product(*(range(n + 1) for n in units.tolist()))
               if int(size @ load) <= seats)
    assert value == pytest.approx(best)
    assert worth @ pattern == pytest.approx(best)
    assert (pattern <= units).all()
    assert int(size @ pattern) <= seats


def test_loads_that_are_no_better_than_those_there_are_do_not_come_back() -> None:
    question = Packing(np.array([5, 3]), np.array([2, 3]), np.array([90.0, 90.0]), np.array([10]), np.array([7.0]),
                       np.array([4]), best=14.0)
    assert packed(question, math.inf, 5, 1) is None


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("sizes", "capacity"), [(triplets(20, 1), 1000), (triplets(40, 2), 1000),
                                                 (uniform(120, 1), 150), (uniform(250, 2), 150)])
def test_bins_are_filled_as_well_as_they_can_be(sizes: list[int], capacity: int, apart: bool) -> None:
    least = math.ceil(sum(sizes) / capacity)
    document = bins(sizes, capacity, least + 5, apart=apart)
    plan = solve(parse(document), stop=Stop.rounds_of(6), workers=1)
    assert plan_cost(document, [list(row) for row in plan.rows]) == least
    assert plan.lower_bound <= least
    assert plan.status == "optimal"


def test_bins_of_two_sizes_are_chosen_by_what_they_cost() -> None:
    document = bins([6, 6, 4, 4, 4, 5], 10, 3, apart=False)
    document["departures"].append({"id": "L", "mode": "bus", "capacity": 14, "fixed_cost": 1.3, "copies": 3})
    document["options"] += [[i, 1, 0] for i in range(6)]
    plan = solve(parse(document), stop=Stop.rounds_of(6), workers=1)
    assert plan_cost(document, [list(row) for row in plan.rows]) == pytest.approx(1 + 1 + 1)


@pytest.mark.parametrize("document", [holmberg(8, 30, 1), holmberg(10, 40, 2), beasley(8, 40, 3, 20_000)],
                         ids=lambda one: str(one["name"]))
def test_customers_of_one_facility_are_served_at_the_least_cost(document: Document) -> None:
    plan = solve(parse(document), stop=Stop.rounds_of(40), workers=2)
    assert plan_cost(document, [list(row) for row in plan.rows]) == pytest.approx(plan.objective)
    assert plan.lower_bound <= plan.objective
    assert plan.objective <= 1.001 * optimum(document)


def optimum(document: Document) -> float:
    """By CP-SAT, in hundredths, with no code of the planner."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    sizes = [group["size"] for group in document["groups"]]
    opened = [model.new_bool_var("") for _ in document["departures"]]
    serves = {(i, j): model.new_bool_var("") for i, j, _ in document["options"]}
    for i in range(len(sizes)):
        model.add_exactly_one(serves[i, j] for j in range(len(opened)))
    for j, facility in enumerate(document["departures"]):
        model.add(sum(size * serves[i, j] for i, size in enumerate(sizes)) <= facility["capacity"] * opened[j])
        for i in range(len(sizes)):
            model.add_implication(serves[i, j], opened[j])
    model.minimize(sum(round(100 * cost * sizes[i]) * serves[i, j] for i, j, cost in document["options"])
                   + sum(round(100 * one["fixed_cost"]) * open_
                         for one, open_ in zip(document["departures"], opened, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    assert solver.solve(model) == cp_model.OPTIMAL
    return solver.objective_value / 100
