"""Prices of workers, spread and shared resources, and the lower bound that any such prices prove.

Lagrangian relaxation (Geoffrion 1974): whoever is seated pays a price; each vehicle runs for its own best load. The
bound holds for every vector of prices, so it does not matter how exactly a solver found them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.merging import Classes, Gates
from charter.planner.resources import Resources

__all__ = ["Prices", "cheapest_seat", "loads", "lower_bound", "vehicle_costs", "worth"]

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
    cheapest = np.full(len(classes.gates), np.inf)
    np.minimum.at(cheapest, classes.gates.of[classes.gates.departure], seat[classes.gates.departure])
    np.minimum.at(price, classes.arc_class, classes.cost + cheapest[classes.gate] * classes.unit[classes.arc_class])
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


def worth(classes: Classes, prices: Prices, gates: Integers | None = None) -> Floats:
    """An upper bound on what one vehicle's riders pay above their rides, per departure: the linear knapsack over pairs,
    each with its spot price as a set-up (the concave hull of set-up and best riders). With `gates` only theirs, 0
    elsewhere."""
    return loads(classes, prices, gates)[0]


def loads(classes: Classes, prices: Prices, gates: Integers | None = None) -> tuple[Floats, Floats]:
    """`worth`, and the price of one seat more in the best load, both per departure."""
    instance, at = classes.instance, classes.gates
    values, seat = np.zeros(len(instance.capacity)), np.zeros(len(instance.capacity))
    arcs, seats, ratio, begins = _paying(classes, prices, gates)
    if not len(arcs):
        return values, seat
    seats = _within(seats, np.cumsum(begins) - 1, at.seats[classes.gate[arcs]])  # one pair fills one vehicle at most
    slope = _hull(classes, prices, arcs, seats, ratio, begins)
    useful = (slope > 0) & (seats > 0)
    seats, slope, gate = seats[useful], slope[useful], classes.gate[arcs[useful]]
    order = np.lexsort((-slope, gate))
    seats, slope, gate = seats[order], slope[order], gate[order]
    reached = np.unique(gate)
    for departures in _ranks(at, reached):  # the first departure of each gate, then the second of each, ...
        capacity = np.zeros(len(at), dtype=np.int64)
        capacity[at.of[departures]] = instance.capacity[departures]
        taken = _within(seats, gate, capacity[gate])
        values[departures] = np.bincount(gate, slope * taken, len(at))[at.of[departures]]
        full = np.bincount(gate, taken, len(at)) >= capacity
        last = np.full(len(at), np.inf)
        np.minimum.at(last, gate[taken > 0], slope[taken > 0])
        seat[departures] = np.where(full, last, 0.0)[at.of[departures]]
    return values, seat


def _ranks(gates: Gates, reached: Integers) -> list[Integers]:
    """Departures of gates by their place in their gate."""
    start, length = gates.start[reached], gates.start[reached + 1] - gates.start[reached]
    return [gates.departure[start[length > rank] + rank] for rank in range(int(length.max(initial=0)))]


def _paying(classes: Classes, prices: Prices, gates: Integers | None) -> tuple[Integers, Floats, Floats, Booleans]:
    """Arcs on which a unit pays more than its ride, by (gate, pair, best per seat first), with the seats that all
    of its class would take, the profit per seat, and where a new (gate, pair) begins."""
    arcs = np.arange(len(classes.cost)) if gates is None else classes.arcs_at(gates)
    profit = prices.unit[classes.arc_class[arcs]] - classes.cost[arcs]
    arcs, profit = arcs[profit > 0], profit[profit > 0]
    kinds = classes.arc_class[arcs]
    ratio = profit / classes.unit[kinds]
    key = classes.gate[arcs] * max(classes.instance.pairs, 1) + classes.pair[kinds]
    order = np.lexsort((-ratio, key))
    arcs, ratio, kinds, key = arcs[order], ratio[order], kinds[order], key[order]
    begins = np.concatenate(([True], key[1:] != key[:-1])) if len(arcs) else np.zeros(0, dtype=np.bool_)
    seats = classes.unit[kinds] * np.minimum(
        classes.units[kinds], classes.gates.seats[classes.gate[arcs]] // classes.unit[kinds])
    return arcs, seats.astype(np.float64), ratio, begins


def _within(weight: Floats, owner: Integers, capacity: Integers) -> Floats:
    """How much of each weight, taken in order, still fits the capacity of its owner (owners are sorted)."""
    room: Floats = np.clip(capacity - (_running(weight, owner) - weight), 0.0, weight)
    return room


def _hull(classes: Classes, prices: Prices, arcs: Integers, seats: Floats, ratio: Floats, begins: Booleans) -> Floats:
    """Slope of every arc in its pair's concave hull: up to the best average all share that average, later arcs keep
    their own profit per seat. Pairs that never earn their spot get slopes of at most 0."""
    number, starts = np.cumsum(begins) - 1, np.flatnonzero(begins)
    filled, earned = _running(seats, number), _earnings(seats * ratio, number)
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
