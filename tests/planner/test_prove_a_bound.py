"""Whatever the prices are, what they prove is never above the optimum; and prices out of the relaxation prove a lot."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from charter.planner.ascent import Ascent
from charter.planner.construct import construct, top_up
from charter.planner.engine import Limits, whole_solution
from charter.planner.lazily import solve_lazily
from charter.planner.merging import Classes, merge
from charter.planner.piece import formulate
from charter.planner.plan import objective
from charter.planner.prices import Prices, lower_bound
from charter.planner.questions import answer
from charter.planner.reading import parse
from charter.planner.relaxation import repaired
from charter.planner.resources import Resources, shared
from charter.planner.unfold import rows_of

sys.path.insert(0, str(Path(__file__).parent))
from public_sets import beasley
from small_instances import least_cost, small_instance, town_instance


def opened(document: dict[str, Any]) -> tuple[Classes, Resources]:
    instance = parse(document)
    return merge(instance), shared(instance)


@pytest.mark.parametrize("seed", range(100, 130))
def test_no_prices_prove_more_than_the_optimum(seed: int) -> None:
    document = small_instance(seed, fleets=seed % 3 == 1, budget=seed % 3 == 2)
    classes, resources = opened(document)
    best, rng = least_cost(document), np.random.default_rng(seed)
    nowhere = np.zeros(len(classes.instance.capacity), dtype=np.bool_)
    for _ in range(10):
        prices = Prices(1.2 * classes.penalty * rng.random(len(classes)),
                        document["spread_cost"] * rng.random(classes.instance.pairs),
                        300 * rng.random(len(resources))).allowed(classes)
        assert lower_bound(classes, resources, prices) <= best + 1e-6
        assert lower_bound(classes, resources, repaired(classes, resources, prices, nowhere)) <= best + 1e-6


def test_the_bound_of_one_pair_that_fills_two_vehicles_is_its_cost() -> None:
    groups = [{"id": f"G{i}", "employer": "E", "origin": "C", "size": size, "splittable": True,
               "unassigned_penalty": 1000} for i, size in enumerate((3, 4, 3))]
    document = {"format": "charter-instance/1", "name": "one-pair", "spread_cost": 40, "budget": None, "groups": groups,
                "departures": [{"id": "B", "mode": "bus", "capacity": 5, "fixed_cost": 100, "copies": 4}],
                "options": [[0, 0, 1], [1, 0, 2], [2, 0, 3]]}
    classes, resources = opened(document)
    ascent = Ascent(construct(classes, resources))
    ascent.take(answer(ascent.next_question(30.0, 20_000, 1)))
    assert ascent.bound == pytest.approx(2 * 100 + 3 * 1 + 4 * 2 + 3 * 3 + 40, rel=1e-3)
    assert ascent.bound <= 2 * 100 + 3 * 1 + 4 * 2 + 3 * 3 + 40


def test_vehicles_of_several_sizes_with_the_same_riders_are_one_gate() -> None:
    document = town_instance(3)
    classes, _ = opened(document)
    assert len(classes.gates) * 2 == len(document["departures"])
    document["options"][0][2] += 1
    apart, _ = opened(document)
    assert len(apart.gates) == len(classes.gates) + 1


def test_the_cost_of_a_draft_follows_every_change_and_undoing_restores_it() -> None:
    instance = parse(town_instance(4))
    draft = construct(merge(instance), shared(instance))
    top_up(draft)
    before = draft.cost
    assert before == pytest.approx(objective(instance, rows_of(draft, instance.copies)))
    draft.mark()
    for number in list(draft.vehicles)[::2]:
        draft.withdraw(number)
    assert draft.cost != pytest.approx(before)
    draft.undo()
    assert draft.cost == pytest.approx(before)
    assert draft.cost == pytest.approx(objective(instance, rows_of(draft, instance.copies)))


def test_links_that_are_added_where_they_are_broken_prove_as_much_as_all_of_them() -> None:
    classes, resources = opened(beasley(8, 60, 1, 20_000))
    ascent = Ascent(construct(classes, resources))
    question = ascent.next_question(math.inf, 20_000, 1)
    form = formulate(question.piece)
    first = len(classes) + len(classes.gates)
    lazily = solve_lazily(form, np.arange(first, first + len(classes.cost)), math.inf)
    whole = whole_solution(form, 0, None, Limits())
    assert lazily is not None
    assert lazily.exact
    assert form.cost @ lazily.primal == pytest.approx(form.cost @ whole.values, rel=1e-7)
    ascent.take(answer(question))
    assert ascent.ended
    assert ascent.bound == pytest.approx(form.cost @ whole.values, rel=1e-6)
    assert solve_lazily(form, np.arange(first, first + len(classes.cost)), 0.0) is None
