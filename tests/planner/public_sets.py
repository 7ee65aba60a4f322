"""Instances of the kinds that are published for facility location and packing, made anew in the contract's format:
single-source capacitated location after Holmberg (1999) and Beasley (1988), bins after Falkenauer (1996)."""

from __future__ import annotations

import math
import random
from typing import Any

Document = dict[str, Any]


def location(name: str, demand: list[int], capacity: list[int], fixed: list[float], cost: list[list[float]],
             penalty: float) -> Document:
    """Customers that one facility serves whole; cost[j][i] is that of all of customer i at facility j."""
    return {
        "format": "charter-instance/1", "name": name, "spread_cost": 0, "budget": None,
        "departures": [{"id": f"F{j}", "mode": "bus", "capacity": capacity[j], "fixed_cost": fixed[j], "copies": 1}
                       for j in range(len(capacity))],
        "groups": [{"id": f"C{i}", "employer": f"E{i}", "origin": f"O{i}", "size": size, "splittable": False,
                    "unassigned_penalty": penalty} for i, size in enumerate(demand)],
        "options": [[i, j, cost[j][i] / demand[i]] for i in range(len(demand)) for j in range(len(capacity))]}


def holmberg(facilities: int, customers: int, seed: int) -> Document:
    rng = random.Random(f"holmberg {facilities} {customers} {seed}")
    at = [(rng.uniform(10, 200), rng.uniform(10, 200)) for _ in range(facilities + customers)]
    demand = [rng.randint(10, 50) for _ in range(customers)]
    capacity = [60 + rng.randint(100, 500) * customers // (6 * facilities) for _ in range(facilities)]
    while sum(capacity) < 1.3 * sum(demand):
        capacity = [seats * 6 // 5 + 1 for seats in capacity]
    cost = [[round(math.dist(at[j], at[facilities + i]) * demand[i] / 20) for i in range(customers)]
            for j in range(facilities)]
    return location(f"holmberg-{facilities}-{customers}-{seed}", demand, capacity,
                    [rng.randint(300, 700) for _ in range(facilities)], cost, 1e5)


def beasley(facilities: int, customers: int, seed: int, capacity: int) -> Document:
    rng = random.Random(f"beasley {facilities} {customers} {seed}")
    at = [(rng.uniform(0, 1000), rng.uniform(0, 1000)) for _ in range(facilities + customers)]
    demand = [rng.randint(1, 100) if rng.random() < 0.9 else rng.randint(100, 1000) for _ in range(customers)]
    cost = [[math.dist(at[j], at[facilities + i]) * demand[i] * rng.uniform(1, 1.25) for i in range(customers)]
            for j in range(facilities)]
    return location(f"beasley-{facilities}-{customers}-{seed}", demand, [capacity * sum(demand) // 58_268] * facilities,
                    [rng.randint(200_000, 1_200_000) for _ in range(facilities)], cost, 1e7)


def bins(sizes: list[int], capacity: int, most: int, *, apart: bool) -> Document:
    """Items in bins; the bins are copies of one departure, or departures `apart`."""
    names, copies = ([f"B{k}" for k in range(most)], 1) if apart else (["B"], most)
    return {
        "format": "charter-instance/1", "name": f"bins-{len(sizes)}", "spread_cost": 0, "budget": None,
        "departures": [{"id": name, "mode": "bus", "capacity": capacity, "fixed_cost": 1, "copies": copies}
                       for name in names],
        "groups": [{"id": f"I{i}", "employer": "E", "origin": "O", "size": size, "splittable": False,
                    "unassigned_penalty": 1000} for i, size in enumerate(sizes)],
        "options": [[i, d, 0] for i in range(len(sizes)) for d in range(len(names))]}


def uniform(count: int, seed: int) -> list[int]:
    """Sizes of 20 to 100 for bins of 150."""
    rng = random.Random(f"uniform {count} {seed}")
    return [rng.randint(20, 100) for _ in range(count)]


def triplets(bins_full: int, seed: int) -> list[int]:
    """Sizes of which three fill a bin of 1,000 exactly, so that the best plan is known."""
    rng, sizes = random.Random(f"triplets {bins_full} {seed}"), list[int]()
    for _ in range(bins_full):
        first = rng.randint(380, 490)
        second = rng.randint(250, (1000 - first) // 2)
        sizes += [first, second, 1000 - first - second]
    rng.shuffle(sizes)
    return sizes
