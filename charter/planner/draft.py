"""A plan in the making: vehicles with their riders by class, what is left, and what shared resources are used."""

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
    riders: dict[int, int] = field(default_factory=dict)
    seated: int = 0


class Draft:
    """Vehicles by a number that is never used twice; always feasible for capacities, copies and shared resources."""

    def __init__(self, classes: Classes, resources: Resources) -> None:
        self.classes, self.resources = classes, resources
        self.vehicles: dict[int, Vehicle] = {}
        self.left = classes.units.copy()
        self.used: Floats = np.zeros(len(resources))
        self.running = np.zeros(len(classes.instance.capacity), dtype=np.int64)
        self._next = 0

    def copy(self) -> Draft:
        """A draft of its own with the same vehicles under the same numbers."""
        twin = Draft(self.classes, self.resources)
        twin.vehicles = {v: Vehicle(one.departure, dict(one.riders), one.seated) for v, one in self.vehicles.items()}
        twin.left, twin.used, twin.running = self.left.copy(), self.used.copy(), self.running.copy()
        twin._next = self._next
        return twin

    def may_run(self, departure: int) -> bool:
        """Whether one more vehicle of the departure fits its copies, its fleet and the budget."""
        rows = self.resources.rows_of[departure]
        return bool(self.running[departure] < self.classes.instance.copies[departure]) and all(
            self.used[row] + weight <= self.resources.limit[row] * (1 + 1e-12) for row, weight in rows)

    def run(self, departure: int) -> int:
        """Put one more vehicle on; the caller has asked `may_run`. Its number comes back."""
        number, self._next = self._next, self._next + 1
        self.vehicles[number] = Vehicle(departure)
        self._count(departure, 1)
        return number

    def board(self, number: int, kind: int, units: int) -> None:
        """Seat units of a class in a vehicle (negative: let them off)."""
        vehicle = self.vehicles[number]
        aboard = vehicle.riders.get(kind, 0) + units
        if aboard:
            vehicle.riders[kind] = aboard
        else:
            vehicle.riders.pop(kind, None)
        vehicle.seated += units * int(self.classes.unit[kind])
        self.left[kind] -= units

    def withdraw(self, number: int) -> None:
        """Take a vehicle off; its riders are left again."""
        vehicle = self.vehicles.pop(number)
        for kind, units in vehicle.riders.items():
            self.left[kind] += units
        self._count(vehicle.departure, -1)

    def _count(self, departure: int, vehicles: int) -> None:
        self.running[departure] += vehicles
        for row, weight in self.resources.rows_of[departure]:
            self.used[row] += vehicles * weight

    def arc_costs(self, kinds: list[int], departures: list[int]) -> Floats:
        """Cost per unit of riding, for pairs of class and departure that are allowed."""
        classes = self.classes
        width = len(classes.instance.capacity)
        keys = classes.arc_class * width + classes.departure
        wanted = np.array(kinds, dtype=np.int64) * width + np.array(departures, dtype=np.int64)
        return classes.cost[np.searchsorted(keys, wanted)]

    def cost(self) -> float:
        """The objective of the draft as it stands."""
        classes = self.classes
        rows = [(kind, one.departure, units) for one in self.vehicles.values() for kind, units in one.riders.items()]
        kinds, departures, units = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
        fixed = sum(float(classes.instance.fixed_cost[one.departure]) for one in self.vehicles.values() if one.riders)
        ride = float(self.arc_costs(kinds, departures) @ np.array(units, dtype=np.float64)) if rows else 0.0
        stay = float(self.left @ classes.penalty)
        return fixed + ride + stay + classes.instance.spread_cost * self.spread()

    def spread(self) -> int:
        """Vehicles beyond the first, summed over pairs."""
        count: dict[int, int] = defaultdict(int)
        for vehicle in self.vehicles.values():
            for pair in {int(self.classes.pair[kind]) for kind in vehicle.riders}:
                count[pair] += 1
        return sum(count.values()) - len(count)
