"""A plan in the making: vehicles with their riders by class, what is left, what shared resources are used, the cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from charter.planner.instance import Floats
from charter.planner.merging import Classes
from charter.planner.resources import Resources

__all__ = ["Draft", "Vehicle"]


@dataclass(slots=True)
class Vehicle:
    """One used vehicle of a departure: how many units of each class ride in it, and how many seats are taken."""

    departure: int
    gate: int
    riders: dict[int, int] = field(default_factory=dict)
    seated: int = 0


class Draft:
    """Vehicles by a number that is never used twice; always feasible for capacities, copies and shared resources.

    `pairs[p]` tells in which vehicles the workers of pair p sit, and in how many classes; `waiting[j]` the vehicles at
    gate j. `touched` numbers vehicles that changed since somebody emptied it. `cost` follows every change. Between
    `mark` and `undo` all changes can be taken back.
    """

    def __init__(self, classes: Classes, resources: Resources) -> None:
        self.classes, self.resources = classes, resources
        self.vehicles: dict[int, Vehicle] = {}
        self.left = classes.units.copy()
        self.used: Floats = np.zeros(len(resources))
        self.running = np.zeros(len(classes.instance.capacity), dtype=np.int64)
        self.pairs: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self.waiting: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self.touched: set[int] = set()
        self.cost = float(classes.penalty @ classes.units)
        self._next = 0
        self._done: list[tuple[int, int, int]] | None = None

    def may_run(self, departure: int) -> bool:
        """Whether one more vehicle of the departure fits its copies, its fleet and the budget."""
        rows = self.resources.rows_of[departure]
        return bool(self.running[departure] < self.classes.instance.copies[departure]) and all(
            self.used[row] + weight <= self.resources.limit[row] * (1 + 1e-12) for row, weight in rows)

    def run(self, departure: int) -> int:
        """Put one more vehicle on; the caller has asked `may_run`. Its number comes back."""
        number, self._next = self._next, self._next + 1
        self._place(number, departure)
        return number

    def _place(self, number: int, departure: int) -> None:
        gate = int(self.classes.gates.of[departure])
        self.vehicles[number] = Vehicle(departure, gate)
        self.touched.add(number)
        self.waiting[gate][number] = None
        self._count(departure, 1)
        if self._done is not None:
            self._done.append((number, -1, departure))

    def board(self, number: int, kind: int, units: int) -> None:
        """Seat units of a class in a vehicle (negative: let them off)."""
        classes, vehicle = self.classes, self.vehicles[number]
        before = vehicle.riders.get(kind, 0)
        if before + units:
            vehicle.riders[kind] = before + units
        else:
            vehicle.riders.pop(kind, None)
        vehicle.seated += units * int(classes.unit[kind])
        self.touched.add(number)
        self.left[kind] -= units
        self.cost += units * float(classes.cost[classes.arc(kind, vehicle.gate)] - classes.penalty[kind])
        self._sit(number, int(classes.pair[kind]), int(before + units > 0) - int(before > 0))
        if self._done is not None:
            self._done.append((number, kind, units))

    def _sit(self, number: int, pair: int, change: int) -> None:
        aboard = self.pairs[pair]
        spread = max(len(aboard) - 1, 0)
        kinds = aboard.get(number, 0) + change
        if kinds:
            aboard[number] = kinds
        else:
            aboard.pop(number, None)
        self.cost += self.classes.instance.spread_cost * (max(len(aboard) - 1, 0) - spread)

    def withdraw(self, number: int) -> None:
        """Take a vehicle off; its riders are left again."""
        for kind, units in list(self.vehicles[number].riders.items()):
            self.board(number, kind, -units)
        vehicle = self.vehicles.pop(number)
        self.touched.add(number)
        del self.waiting[vehicle.gate][number]
        self._count(vehicle.departure, -1)
        if self._done is not None:
            self._done.append((number, -2, vehicle.departure))

    def _count(self, departure: int, vehicles: int) -> None:
        self.running[departure] += vehicles
        self.cost += vehicles * float(self.classes.instance.fixed_cost[departure])
        for row, weight in self.resources.rows_of[departure]:
            self.used[row] += vehicles * weight

    def mark(self) -> None:
        """From here on changes can be undone."""
        self._done = []

    def keep(self) -> None:
        """The changes since the mark stay."""
        self._done = None

    def undo(self) -> None:
        """Take back every change since the mark, the last one first."""
        done, self._done = self._done or [], None
        for number, what, count in reversed(done):
            if what == -1:
                self.withdraw(number)
            elif what == -2:
                self._place(number, count)
            else:
                self.board(number, what, -count)
