"""What prices tell the search: which vehicles are worth a second look, and which rides may be in a good plan."""

from __future__ import annotations

import numpy as np

from charter.planner.carving import Promising
from charter.planner.draft import Draft
from charter.planner.instance import Floats, Integers
from charter.planner.neighbourhood import Neighbourhood
from charter.planner.prices import Prices, loads, vehicle_costs

__all__ = ["Guide"]

DEPARTURE_SLACK = (0.04, 0.08, 0.15)  # share of its cost by which a vehicle may miss paying for itself
ARC_SLACK = (0.18, 0.36, 0.72)  # what a seat on an arc may cost above the price of the rider, by width of pieces, and
SCALE = 0.12  # how fast rides become improbable with it: in usual prices of a rider
TIRING = 0.4  # what is left of the interest in a vehicle after a piece with it found nothing


class Guide:
    """Reduced costs of arcs and departures at some prices, of a draft that goes on changing."""

    def __init__(self, draft: Draft, prices: Prices, *, useful: bool) -> None:
        self.draft, self.prices = draft, prices
        classes = draft.classes
        self.useful = useful
        self._tried: dict[int, int] = {}  # vehicles by how many pieces with them found nothing
        self._excess: dict[int, float] = {}
        self._promising: dict[int, Promising] = {}
        draft.touched.update(draft.vehicles)
        self.price = max(float(np.median(prices.unit / classes.unit)) if len(classes) else 0.0, 1e-9)
        costs = vehicle_costs(classes, draft.resources, prices)
        values, seats = loads(classes, prices)
        self.loss = (costs - values) / np.maximum(costs, 1e-9)
        self.over = self._over(seats)
        weight = np.exp(-np.clip(self.over / (SCALE * self.price), 0.0, 20.0)) + 1e-6 if useful else None
        self.near = Neighbourhood(classes, weight)

    def _over(self, seats: Floats) -> Floats:
        """What an arc costs per seat above the price of the rider, at the gate's cheapest seat."""
        classes, at = self.draft.classes, self.draft.classes.gates
        cheapest = np.full(len(at), np.inf)
        np.minimum.at(cheapest, at.of[at.departure], seats[at.departure])
        unit = classes.unit[classes.arc_class]
        over: Floats = (classes.cost - self.prices.unit[classes.arc_class]) / unit + cheapest[classes.gate]
        return over

    def follow(self, draft: Draft) -> None:
        """From now on speak of another draft."""
        self.draft = draft
        self._tried, self._excess = {}, {}
        draft.touched.update(draft.vehicles)

    def tire(self, numbers: tuple[int, ...]) -> None:
        """A piece with these vehicles found nothing."""
        for number in numbers:
            self._tried[number] = self._tried.get(number, 0) + 1
        self.draft.touched.update(numbers)

    def promising(self, slack: int) -> Promising:
        """What may be in a piece; everything while prices are of no use."""
        if slack not in self._promising:
            wanted = Promising(self.over <= ARC_SLACK[slack] * self.price, self.loss <= DEPARTURE_SLACK[slack])
            every = Promising(np.ones(len(self.over), dtype=np.bool_), np.ones(len(self.loss), dtype=np.bool_))
            self._promising[slack] = wanted if self.useful else every
        return self._promising[slack]

    def seeds(self, rng: np.random.Generator, spared: set[int]) -> Integers:
        """Classes around which to look: those aboard a vehicle that costs much more than its riders' prices, or one
        that is left behind; drawn by what could be saved."""
        draft, classes = self.draft, self.draft.classes
        numbers, excess = self._interest()
        inside = np.isin(numbers, np.array(sorted(spared), dtype=np.int64), invert=True)
        numbers, excess = numbers[inside], excess[inside]
        left = np.flatnonzero(draft.left * np.diff(classes.start))
        wasted = (classes.penalty - self.prices.unit)[left] * draft.left[left]
        chance = np.maximum(np.concatenate((excess, wasted)), 0.0)
        if not len(chance):
            return rng.choice(np.flatnonzero(np.diff(classes.start)), 1)
        chance += 1e-3 * chance.max() + 1e-9
        drawn = int(rng.choice(len(chance), p=chance / chance.sum()))
        if drawn < len(numbers):
            return np.array(sorted(draft.vehicles[int(numbers[drawn])].riders), dtype=np.int64)
        return left[drawn - len(numbers):drawn - len(numbers) + 1]

    def _interest(self) -> tuple[Integers, Floats]:
        """Vehicle numbers, and what a look at each promises. Only what changed since the last time is counted anew."""
        for number in self.draft.touched:
            if number in self.draft.vehicles:
                self._excess[number] = self.excess(number) * TIRING ** self._tried.get(number, 0)
            else:
                self._excess.pop(number, None)
        self.draft.touched.clear()
        count = len(self._excess)
        return (np.fromiter(self._excess.keys(), dtype=np.int64, count=count),
                np.fromiter(self._excess.values(), dtype=np.float64, count=count))

    def excess(self, number: int) -> float:
        """What a vehicle and its riders cost above the riders' prices."""
        draft, classes = self.draft, self.draft.classes
        vehicle = draft.vehicles[number]
        kinds = list(vehicle.riders)
        units = list(vehicle.riders.values())
        pairs = len(set(classes.pair[kinds].tolist()))
        return float(classes.instance.fixed_cost[vehicle.departure]) + pairs * classes.instance.spread_cost + sum(
            n * float(classes.cost[classes.arc(kind, vehicle.gate)] - self.prices.unit[kind])
            for kind, n in zip(kinds, units, strict=True))
