"""The linear relaxation of the whole instance, and prices out of its dual values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.merging import Classes
from charter.planner.piece import Piece
from charter.planner.prices import Prices, vehicle_costs, worth
from charter.planner.resources import Resources

__all__ = ["arc_order", "prices_of", "repaired", "whole_piece"]


def whole_piece(classes: Classes, resources: Resources) -> Piece:
    """All classes and gates as one piece, with no plan in it. Types stand in the order of `classes.gates`."""
    instance, gates = classes.instance, classes.gates
    types = gates.departure
    place = np.full(len(instance.capacity), -1)
    place[types] = np.arange(len(types))
    row = np.repeat(np.arange(len(resources)), np.diff(resources.start))
    inside = place[resources.departure] >= 0
    arcs = arc_order(classes)
    nothing = np.zeros(0, dtype=np.int64)
    return Piece(
        pair=classes.pair, unit=classes.unit, units=classes.units, penalty=classes.penalty, type_gate=gates.of[types],
        capacity=instance.capacity[types], fixed_cost=instance.fixed_cost[types], copies=instance.copies[types],
        arc_class=classes.arc_class[arcs], arc_gate=classes.gate[arcs], cost=classes.cost[arcs],
        aboard=np.zeros(len(arcs), dtype=np.bool_), elsewhere=np.zeros(instance.pairs, dtype=np.int64),
        row=row[inside], row_type=place[resources.departure[inside]], row_weight=resources.weight[inside],
        row_limit=resources.limit, spread_cost=instance.spread_cost, now=nothing, running=nothing,
    )


def arc_order(classes: Classes) -> Integers:
    """Arcs of classes in the order of the whole piece."""
    order: Integers = np.lexsort((classes.pair[classes.arc_class], classes.gate))
    return order


def prices_of(classes: Classes, resources: Resources, unit: Floats, spot: Floats, shared: Floats) -> Prices:
    """Prices near dual values for which the bound holds."""
    return Prices(unit, spot if len(spot) else np.zeros(classes.instance.pairs),
                  shared if len(resources) else np.zeros(0)).allowed(classes)


def repaired(classes: Classes, resources: Resources, prices: Prices, scarce: Booleans) -> Prices:
    """Prices lowered so far that no vehicle is worth more than it costs. Dual values that are a little wrong everywhere
    prove nothing, since every copy of every departure would run; lowered by that little they prove almost all.
    Departures that are `scarce` may be worth more: all their copies run."""
    costs = vehicle_costs(classes, resources, prices)
    over = np.ones(len(classes.gates))
    departures = classes.gates.departure
    ratio = worth(classes, prices)[departures] / np.maximum(costs[departures], 1e-9)
    np.maximum.at(over, classes.gates.of[departures], np.where(scarce[departures], 1.0, ratio))
    profit = prices.unit[classes.arc_class] - classes.cost
    limit = np.full(len(classes), np.inf)
    np.minimum.at(limit, classes.arc_class, classes.cost + np.maximum(profit, 0) / over[classes.gate])
    return replace(prices, unit=np.where(prices.unit > limit, limit, prices.unit)).allowed(classes)
