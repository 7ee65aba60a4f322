"""Parties in vehicles of one gate, by patterns: who fills one vehicle (Gilmore, Gomory 1961), rounded by dives.

A model that sums copies up sees seats only; where parties are large for a vehicle, whether they fit is a question of
its own.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from charter.planner.instance import Floats, Integers

__all__ = ["Load", "Packing", "packed"]

EPSILON = 1e-7
STEADY = 0.999  # a pattern of the relaxation from this part of a vehicle on is whole
MOST_WORK = 40_000_000  # seats times units in one knapsack


@dataclass(frozen=True, slots=True, eq=False)
class Packing:
    """Items i: `size` in seats, `units` of them, `stay`: what one unit costs unseated. Types t: `capacity`,
    `fixed_cost`, `copies`. `best`: cost of the present packing."""

    size: Integers
    units: Integers
    stay: Floats
    capacity: Integers
    fixed_cost: Floats
    copies: Integers
    best: float


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """One vehicle: its type, and units per item."""

    kind: int
    units: Integers


def packed(question: Packing, seconds: float, tries: int, seed: int) -> list[Load] | None:
    """Loads that cost less than the present packing, the best of so many dives; None where none was found."""
    if int(question.units.sum()) * int(question.capacity.max(initial=0)) > MOST_WORK:
        return None
    end, rng = time.process_time() + seconds, np.random.default_rng(seed)
    master = _Master(question)
    best, cost = None, question.best
    for turn in range(tries):
        loads = master.dive(rng if turn else None, cost - EPSILON * max(cost, 1.0), end)
        if loads is not None:
            best, cost = loads, master.cost(loads)
        if time.process_time() > end or cost <= master.bound + EPSILON * max(cost, 1.0):
            break
    return best


class _Master:
    """The relaxation over the patterns found so far; patterns found in one dive serve the next."""

    def __init__(self, question: Packing) -> None:
        self.question = question
        self.kinds: list[int] = []
        self.patterns: list[Integers] = []
        self._known: set[tuple[int, bytes]] = set()
        self.bound = -math.inf

    def cost(self, loads: list[Load]) -> float:
        """Vehicles, and units that stay."""
        q = self.question
        left = q.units - sum((load.units for load in loads), np.zeros_like(q.units))
        return float(sum(q.fixed_cost[load.kind] for load in loads) + left @ q.stay)

    def dive(self, rng: Any, ceiling: float, end: float) -> list[Load] | None:
        """Whole patterns are taken, else the most promising one; then the relaxation of what is left is solved anew."""
        q = self.question
        left, copies, loads = q.units.copy(), q.copies.copy(), list[Load]()
        while left.any() and copies.any():
            value, parts = self._relaxed(left, copies, end)
            if not loads:
                self.bound = max(self.bound, value)
            if value + self.cost(loads) - float(left @ q.stay) > ceiling or time.process_time() > end:
                return None
            chosen = self._chosen(parts, left, copies, rng)
            if not chosen:
                break
            for p, count in chosen:
                for _ in range(count):
                    units = np.minimum(self.patterns[p], left)
                    if units.any() and copies[self.kinds[p]]:
                        loads.append(Load(self.kinds[p], units))
                        left, copies[self.kinds[p]] = left - units, copies[self.kinds[p]] - 1
        return loads if self.cost(loads) <= ceiling else None

    def _chosen(self, parts: Floats, left: Integers, copies: Integers, rng: Any) -> list[tuple[int, int]]:
        whole = np.floor(parts + 1 - STEADY).astype(int)
        if whole.any():
            return [(int(p), int(whole[p])) for p in np.flatnonzero(whole)]
        score = parts if rng is None else parts * rng.uniform(0.5, 1.0, len(parts))
        return [(int(np.argmax(score)), 1)] if len(score) and score.max() > EPSILON else []

    def _relaxed(self, left: Integers, copies: Integers, end: float) -> tuple[float, Floats]:
        """Value of the relaxation for what is left, and the part of each pattern in it."""
        usable = [p for p, pattern in enumerate(self.patterns) if (pattern <= left).all()]
        solver, rows = self._solver(left, copies, usable), len(left)
        while True:
            solver.run()
            dual = np.array(solver.getSolution().row_dual)
            fresh = []
            for t in np.flatnonzero(copies).tolist():
                worth, pattern = best_pattern(self.question.size, left, np.maximum(dual[:rows], 0.0),
                                              int(self.question.capacity[t]))
                if worth + dual[rows + t] > self.question.fixed_cost[t] + EPSILON * (1 + self.question.fixed_cost[t]):
                    fresh.append((t, pattern))
            added = [self._add(t, pattern) for t, pattern in fresh if (t, pattern.tobytes()) not in self._known]
            if not added or time.process_time() > end:
                break
            for p in added:
                self._column(solver, p)
            usable += added
        parts = np.zeros(len(self.patterns))
        parts[usable] = np.array(solver.getSolution().col_value)[rows:]
        return float(solver.getInfo().objective_function_value), parts

    def _add(self, kind: int, pattern: Integers) -> int:
        self._known.add((kind, pattern.tobytes()))
        self.kinds.append(kind)
        self.patterns.append(pattern)
        return len(self.patterns) - 1

    def _column(self, solver: Any, p: int) -> None:
        import highspy

        items = np.flatnonzero(self.patterns[p])
        rows = np.append(items, len(self.question.size) + self.kinds[p]).astype(np.int32)
        values = np.append(self.patterns[p][items], 1.0).astype(float)
        solver.addCol(float(self.question.fixed_cost[self.kinds[p]]), 0.0, highspy.kHighsInf, len(rows), rows, values)

    def _solver(self, left: Integers, copies: Integers, usable: list[int]) -> Any:
        import highspy

        make: Any = highspy.Highs
        solver = make()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            solver.setOptionValue(option, value)
        none = (0, np.zeros(0, dtype=np.int32), np.zeros(0))
        for n in left.tolist():
            solver.addRow(float(n), highspy.kHighsInf, *none)
        for n in copies.tolist():
            solver.addRow(-highspy.kHighsInf, float(n), *none)
        for i, stay in enumerate(self.question.stay.tolist()):
            solver.addCol(stay, 0.0, float(left[i]), 1, np.array([i], dtype=np.int32), np.ones(1))
        for p in usable:
            self._column(solver, p)
        return solver


def best_pattern(size: Integers, units: Integers, worth: Floats, seats: int) -> tuple[float, Integers]:
    """The bounded knapsack by dynamic programming over seats: (worth, units per item)."""
    blocks: list[tuple[int, int]] = []
    for i in np.flatnonzero((worth > EPSILON) & (size <= seats) & (units > 0)).tolist():
        most, power = min(int(units[i]), seats // int(size[i])), 1
        while most > 0:
            blocks.append((i, min(power, most)))
            most, power = most - power, 2 * power
    value = np.zeros(seats + 1)
    taken = np.zeros((len(blocks), seats + 1), dtype=np.bool_)
    for b, (i, count) in enumerate(blocks):
        weight = int(size[i]) * count
        better = value[:-weight] + float(worth[i]) * count
        taken[b, weight:] = better > value[weight:] + 1e-12
        value[weight:] = np.where(taken[b, weight:], better, value[weight:])
    pattern, room = np.zeros_like(units), int(np.argmax(value))
    for b in range(len(blocks) - 1, -1, -1):
        if taken[b, room]:
            i, count = blocks[b]
            pattern[i] += count
            room -= int(size[i]) * count
    return float(value.max()), pattern
