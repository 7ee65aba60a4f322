"""What vehicles share: the days of fleets and the budget, as rows "sum of weights of used vehicles <= limit"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charter.planner.instance import Floats, Instance, Integers

__all__ = ["Resources", "shared"]


@dataclass(frozen=True, slots=True, eq=False)
class Resources:
    """Row r holds the departures `departure[start[r]:start[r + 1]]`, each used vehicle weighing `weight` there.

    `rows_of[d]` lists (row, weight) of a departure. Only rows that could bind at all are kept.
    """

    limit: Floats
    start: Integers
    departure: Integers
    weight: Floats
    rows_of: tuple[tuple[tuple[int, float], ...], ...]

    def __len__(self) -> int:
        return len(self.limit)


def shared(instance: Instance) -> Resources:
    """The rows of an instance. A fleet is busiest on a day on which some vehicle goes out: only first days count."""
    limits: list[float] = []
    members: list[Integers] = []
    weights: list[Floats] = []
    for fleet, size in enumerate(instance.fleet_size):
        own = np.flatnonzero(instance.fleet == fleet)
        for day in np.unique(instance.busy[own, 0]):
            out = own[(instance.busy[own, 0] <= day) & (instance.busy[own, 1] >= day)]
            if instance.copies[out].sum() > size:
                limits.append(float(size))
                members.append(out)
                weights.append(np.ones(len(out)))
    if instance.budget is not None and float(instance.fixed_cost @ instance.copies) > instance.budget:
        costly = np.flatnonzero(instance.fixed_cost > 0)
        limits.append(instance.budget)
        members.append(costly)
        weights.append(instance.fixed_cost[costly])
    rows_of: list[list[tuple[int, float]]] = [[] for _ in range(len(instance.capacity))]
    for row, (departures, row_weights) in enumerate(zip(members, weights, strict=True)):
        for d, weight in zip(departures.tolist(), row_weights.tolist(), strict=True):
            rows_of[d].append((row, weight))
    return Resources(
        limit=np.array(limits), start=np.cumsum([0, *map(len, members)]),
        departure=np.concatenate(members) if members else np.zeros(0, dtype=np.int64),
        weight=np.concatenate(weights) if weights else np.zeros(0), rows_of=tuple(map(tuple, rows_of)),
    )
