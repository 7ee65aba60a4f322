"""Small random instances for the planner's tests, as documents of the contract, and a check of plans that shares no
code with the planner."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from typing import Any

Document = dict[str, Any]


def small_instance(seed: int, *, groups: int = 4, departures: int = 3, fleets: bool = False,
                   budget: bool = False) -> Document:
    rng = random.Random(seed)
    made: Document = {
        "format": "charter-instance/1", "name": f"small-{seed}", "budget": None,
        "spread_cost": rng.choice([0, 30, 150]),
        "departures": [{"id": f"D{d}", "mode": rng.choice(["bus", "train", "flight"]), "capacity": rng.randint(2, 5),
                        "fixed_cost": rng.randint(50, 400), "copies": rng.randint(1, 2), "date": d - 1}
                       for d in range(departures)],
        "groups": [{"id": f"G{g}", "employer": f"E{rng.randrange(2)}", "origin": f"C{rng.randrange(2)}",
                    "size": rng.randint(1, 3), "splittable": rng.random() < 0.5,
                    "unassigned_penalty": rng.choice([100, 300, 900])} for g in range(groups)],
        "options": [],
    }
    made["options"] = [[g, d, rng.randint(0, 80) / 2] for g in range(groups) for d in range(departures)
                       if rng.random() < 0.8]
    if fleets:
        made["fleets"] = [{"id": "F", "size": 1}]
        for departure in made["departures"]:
            departure |= {"fleet": "F", "busy": [departure["date"] - 1, departure["date"]]}
    if budget:
        made["budget"] = rng.randint(100, 700)
    return made


def town_instance(seed: int, *, counties: int = 4, workers: int = 120, days: int = 3) -> Document:
    """Counties with coaches of two sizes on every day, neighbours within reach, families and employers."""
    rng = random.Random(seed)
    departures, groups, options = [], [], []
    for county, day, seats in itertools.product(range(counties), range(days), (31, 47)):
        departures.append({"id": f"B{county}-{day}-{seats}", "mode": "bus", "capacity": seats, "copies": 3, "date": day,
                           "fixed_cost": 4000 + 900 * county + 60 * seats})
    while sum(group["size"] for group in groups) < workers:
        county, first, g = rng.randrange(counties), rng.randrange(days), len(groups)
        groups.append({"id": f"G{g}", "employer": f"E{rng.randrange(9)}", "origin": f"C{county}",
                       "size": rng.randint(1, 5), "splittable": rng.random() < 0.7, "unassigned_penalty": 3000})
        for d, departure in enumerate(departures):
            away = abs(d // (2 * days) - county)
            if away <= 1 and first <= departure["date"] <= first + 1:
                options.append([g, d, 20 + 35 * away + 40 * (departure["date"] - first)])
    return {"format": "charter-instance/1", "name": f"town-{seed}", "spread_cost": 150, "budget": None,
            "departures": departures, "groups": groups, "options": options}


def plan_cost(instance: Document, rows: list[list[int]]) -> float:
    """The objective of rows; an AssertionError where they break a rule."""
    departures, groups = instance["departures"], instance["groups"]
    cost = {(g, d): c for g, d, c in instance["options"]}
    seated: Counter[tuple[int, int]] = Counter()
    placed: Counter[int] = Counter()
    spots = set()
    assert len({(g, d, copy) for g, d, copy, _ in rows}) == len(rows)
    for g, d, copy, workers in rows:
        assert 0 <= copy < departures[d]["copies"]
        assert workers >= 1
        assert groups[g]["splittable"] or workers == groups[g]["size"]
        seated[d, copy] += workers
        placed[g] += workers
        spots.add((groups[g]["employer"], groups[g]["origin"], d, copy))
    assert all(n <= departures[d]["capacity"] for (d, _), n in seated.items())
    assert all(n <= groups[g]["size"] for g, n in placed.items())
    fixed = sum(departures[d]["fixed_cost"] for d, _ in seated)
    assert instance["budget"] is None or fixed <= instance["budget"] + 1e-6
    for fleet in instance.get("fleets", []):
        out = Counter(day for d, _ in seated if departures[d].get("fleet") == fleet["id"]
                      for day in range(departures[d]["busy"][0], departures[d]["busy"][1] + 1))
        assert max(out.values(), default=0) <= fleet["size"]
    left = sum((group["size"] - placed[g]) * group["unassigned_penalty"] for g, group in enumerate(groups))
    beyond = len(spots) - len({spot[:2] for spot in spots})
    return fixed + left + instance["spread_cost"] * beyond + sum(cost[g, d] * n for g, d, _, n in rows)


def least_cost(instance: Document) -> float:
    """The optimum by trying every plan: group after group, every way to seat it in every vehicle."""
    vehicles = [(d, copy) for d, one in enumerate(instance["departures"]) for copy in range(one["copies"])]
    allowed = {(g, d) for g, d, _ in instance["options"]}
    best = math.inf

    def ways(g: int, free: dict[tuple[int, int], int]) -> Any:
        group = instance["groups"][g]
        seats = [v for v in vehicles if (g, v[0]) in allowed]
        if not group["splittable"]:
            yield []
            yield from ([[g, *v, group["size"]]] for v in seats if free[v] >= group["size"])
            return
        for counts in itertools.product(*(range(min(free[v], group["size"]) + 1) for v in seats)):
            if sum(counts) <= group["size"]:
                yield [[g, *v, n] for v, n in zip(seats, counts, strict=True) if n]

    def go(g: int, rows: list[list[int]], free: dict[tuple[int, int], int]) -> None:
        nonlocal best
        if g == len(instance["groups"]):
            try:
                best = min(best, plan_cost(instance, rows))
            except AssertionError:
                return
            return
        for way in ways(g, free):
            after = dict(free)
            for _, d, copy, n in way:
                after[d, copy] -= n
            go(g + 1, rows + way, after)

    go(0, [], {v: instance["departures"][v[0]]["capacity"] for v in vehicles})
    return best
