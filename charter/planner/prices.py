"""Prices of workers, spread and shared resources, and the lower bound that any such prices prove.

Lagrangian relaxation (Geoffrion 1974): whoever is seated pays a price; each vehicle runs for its own best load. The
bound holds for every vector of prices, so it does not matter how exactly a solver found them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.merging import Classes
from charter.planner.resources import Resources

__all__ = ["Prices", "cheapest_seat", "lower_bound", "vehicle_costs", "worth"]

ROUNDING = 1e-9  # share of the sum of all magnitudes by which a bound is lowered: far above the error of doubles


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """`unit`: what one unit of each class is worth seated; `spot`: each pair's price of one more vehicle, between 0 and
    the spread cost; `shared`: price per weight of each shared row, at least 0."""

    unit: Floats
    spot: Floats
    shared: Floats

    def allowed(self, classes: Classes) -> Prices:
        """The nearest prices for which the bound holds."""
        return replace(self, unit=np.minimum(np.nan_to_num(self.unit), classes.penalty),
                       spot=np.clip(np.nan_to_num(self.spot), 0.0, classes.instance.spread_cost),
                       shared=np.maximum(np.nan_to_num(self.shared), 0.0))


def cheapest_seat(classes: Classes, resources: Resources) -> Prices:
    """Prices at which no vehicle pays: the cheapest ride plus a full vehicle's fixed cost per seat."""
    instance = classes.instance
    seat = instance.fixed_cost / instance.capacity
    price = classes.penalty.copy()
    np.minimum.at(price, classes.arc_class, classes.cost + seat[classes.departure] * classes.unit[classes.arc_class])
    return Prices(price, np.full(instance.pairs, 0.0), np.zeros(len(resources)))


def vehicle_costs(classes: Classes, resources: Resources, prices: Prices) -> Floats:
    """Fixed cost of one vehicle of each departure, and what it pays for shared resources."""
    rows = np.repeat(np.arange(len(resources)), np.diff(resources.start))
    toll = np.bincount(resources.departure, prices.shared[rows] * resources.weight, len(classes.instance.capacity))
    costs: Floats = classes.instance.fixed_cost + toll
    return costs


def lower_bound(classes: Classes, resources: Resources, prices: Prices) -> float:
    """A value that no plan can be below. `prices` must be `allowed`."""
    instance = classes.instance
    paying = np.zeros(instance.pairs, dtype=np.bool_)
    paying[classes.pair] = True
    costs = vehicle_costs(classes, resources, prices)
    loss = costs - worth(classes, prices)
    tight = loss < ROUNDING * (1 + costs)
    terms = [prices.unit * classes.units, -prices.spot[paying], -prices.shared * resources.limit,
             instance.copies * np.minimum(loss, 0.0)]
    total, size = (sum(float(part.sum()) for part in each) for each in (terms, map(np.abs, terms)))
    return total - ROUNDING * size - ROUNDING / 1000 * float((instance.copies * costs)[tight].sum())


def worth(classes: Classes, prices: Prices) -> Floats:
    """An upper bound on what one vehicle's riders pay above their rides, per departure: the linear knapsack over pairs,
    each with its spot price as a set-up (the concave hull of set-up and best riders)."""
    arcs, seats, ratio, begins = _paying(classes, prices)
    departures = len(classes.instance.capacity)
    if not len(arcs):
        return np.zeros(departures)
    slope = _hull(classes, prices, arcs, seats, ratio, begins)
    useful = slope > 0
    seats, slope, departure = seats[useful], slope[useful], classes.departure[arcs[useful]]
    order = np.lexsort((-slope, departure))
    seats, slope, departure = seats[order], slope[order], departure[order]
    taken = _within(seats, departure, classes.instance.capacity[departure])
    return np.bincount(departure, slope * taken, departures).astype(np.float64)


def _paying(classes: Classes, prices: Prices) -> tuple[Integers, Floats, Floats, Booleans]:
    """Arcs on which a unit pays more than its ride, by (departure, pair, best per seat first), with the seats that all
    of its class would take, the profit per seat, and where a new (departure, pair) begins."""
    profit = prices.unit[classes.arc_class] - classes.cost
    arcs = np.flatnonzero(profit > 0)
    kinds = classes.arc_class[arcs]
    ratio = profit[arcs] / classes.unit[kinds]
    order = np.lexsort((-ratio, classes.pair[kinds], classes.departure[arcs]))
    arcs, ratio, kinds = arcs[order], ratio[order], kinds[order]
    key = classes.departure[arcs] * max(classes.instance.pairs, 1) + classes.pair[kinds]
    begins = np.concatenate(([True], key[1:] != key[:-1])) if len(arcs) else np.zeros(0, dtype=np.bool_)
    seats = classes.unit[kinds] * np.minimum(
        classes.units[kinds], classes.instance.capacity[classes.departure[arcs]] // classes.unit[kinds])
    return arcs, seats.astype(np.float64), ratio, begins


def _within(weight: Floats, owner: Integers, capacity: Integers) -> Floats:
    """How much of each weight, taken in order, still fits the capacity of its owner (owners are sorted)."""
    room: Floats = np.clip(capacity - (_running(weight, owner) - weight), 0.0, weight)
    return room


def _hull(classes: Classes, prices: Prices, arcs: Integers, seats: Floats, ratio: Floats, begins: Booleans) -> Floats:
    """Slope of every arc in its pair's concave hull: up to the best average all share that average, later arcs keep
    their own profit per seat. Pairs that never earn their spot get slopes of at most 0."""
    number, starts = np.cumsum(begins) - 1, np.flatnonzero(begins)
    fitting = _within(seats, number, classes.instance.capacity[classes.departure[arcs]])
    filled, earned = _running(fitting, number), _earnings(fitting * ratio, number)
    average = (earned - prices.spot[classes.pair[classes.arc_class[arcs]]]) / filled
    top = np.maximum.reduceat(average, starts)[number]
    place = np.arange(len(arcs))
    peak = np.minimum.reduceat(np.where(average >= top, place, len(arcs)), starts)[number]
    slope: Floats = np.where(place <= peak, top, np.where(top > 0, ratio, 0.0))
    return slope


def _earnings(value: Floats, owner: Integers) -> Floats:
    """Running sums of each owner, never too small: in whole numbers, which do not lose digits however long the sum."""
    scale = 2.0 ** (60 - np.ceil(np.log2(value.sum() + len(value) + 1)))
    running: Floats = _running(np.ceil(value * scale).astype(np.int64), owner) / scale
    return running


def _running(value: Any, owner: Integers) -> Any:
    """Running sums that begin anew with each owner (owners are sorted)."""
    total = np.cumsum(value)
    begins = np.concatenate(([True], owner[1:] != owner[:-1])) if len(owner) else np.zeros(0, dtype=np.bool_)
    before = (total - value)[begins]
    return total - np.repeat(before, np.diff(np.append(np.flatnonzero(begins), len(owner))))
