"""A first plan, quickly: again and again the vehicle that loses least on its riders' prices."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

import numpy as np

from charter.planner.draft import Draft
from charter.planner.instance import Floats, Integers
from charter.planner.merging import Classes
from charter.planner.prices import Prices, vehicle_costs
from charter.planner.resources import Resources

__all__ = ["construct", "extend", "top_up"]

CHECK_EVERY = 64  # vehicles looked at between two looks at the clock


def construct(classes: Classes, resources: Resources, late: Callable[[], bool] = lambda: False,
              prices: Prices | None = None) -> Draft:
    """A feasible draft: without prices by the greedy rule for covering, the lowest cost per worker first; with prices
    the lowest loss per worker against them. Stops early (still feasible) once `late` says so."""
    draft = Draft(classes, resources)
    extend(draft, late, prices)
    return draft


def extend(draft: Draft, late: Callable[[], bool] = lambda: False, prices: Prices | None = None) -> None:
    """Put vehicles on for those who are left, while that pays. What a vehicle is worth only falls as others are
    seated, so a heap of old values finds the best."""
    classes = draft.classes
    costs = classes.instance.fixed_cost if prices is None else vehicle_costs(classes, draft.resources, prices)
    unit = np.zeros(len(classes)) if prices is None else prices.unit
    heap = [(value, d) for d, value in enumerate(_first_values(classes, costs, unit).tolist()) if value < np.inf]
    heapq.heapify(heap)
    turns = 0
    while heap:
        turns += 1
        if turns % CHECK_EVERY == 0 and late():
            return
        _, d = heapq.heappop(heap)
        if not draft.may_run(d):
            continue
        value, riders = fill(draft, d, float(costs[d]), unit)
        if not riders:
            continue
        if heap and value > heap[0][0]:
            heapq.heappush(heap, (value, d))
            continue
        number = draft.run(d)
        for kind, units in riders:
            draft.board(number, kind, units)
        heapq.heappush(heap, (value, d))


def _first_values(classes: Classes, costs: Floats, unit: Floats) -> Floats:
    """For every departure a value below that of its best load: its cost over the seats that can be filled, plus the
    cheapest ride above the rider's price."""
    workers = np.bincount(classes.gate, classes.size[classes.arc_class], len(classes.gates))
    cheapest = np.full(len(classes.gates) + 1, np.inf)  # the last: of departures that nobody may ride
    net = classes.cost - unit[classes.arc_class]
    np.minimum.at(cheapest, classes.gate, net / classes.unit[classes.arc_class])
    gate = classes.gates.of
    seats = np.minimum(classes.instance.capacity, np.maximum(np.append(workers, 0)[gate], 1))
    values: Floats = costs / seats + cheapest[gate]
    return values


def fill(draft: Draft, departure: int, cost: float, unit: Floats) -> tuple[float, list[tuple[int, int]]]:
    """The best load of those who are left: (cost above prices per worker, [(class, units)]); none where it cannot
    pay."""
    classes = draft.classes
    arcs = classes.at_gate(int(classes.gates.of[departure]))
    kinds = classes.arc_class[arcs]
    arcs = arcs[(draft.left[kinds] > 0) & (classes.unit[kinds] <= classes.instance.capacity[departure])]
    kinds = classes.arc_class[arcs]
    if not len(arcs):
        return np.inf, []
    size = classes.unit[kinds]
    order = _order(draft, kinds, (classes.cost[arcs] - unit[kinds]) / size)
    units = _take(draft.left[kinds][order], size[order], int(classes.instance.capacity[departure]))
    taken = np.flatnonzero(units)
    chosen, units = order[taken], units[taken]
    rides = float(classes.cost[arcs[chosen]] @ units)
    stay = float(classes.penalty[kinds[chosen]] @ units)
    if float(classes.instance.fixed_cost[departure]) + rides >= stay:
        return np.inf, []
    seated = float(size[chosen] @ units)
    loss = cost + rides - float(unit[kinds[chosen]] @ units) + _spread(draft, kinds[chosen])
    return loss / seated, list(zip(kinds[chosen].tolist(), units.tolist(), strict=True))


def _order(draft: Draft, kinds: Integers, net: Floats) -> Integers:
    """Those who gain most first, pair by pair: a pair that already sits elsewhere has its spread cost to earn."""
    classes = draft.classes
    pairs, number = np.unique(classes.pair[kinds], return_inverse=True)
    waiting = draft.left[kinds] * classes.unit[kinds]
    seats = np.bincount(number, waiting)
    gain = np.bincount(number, net * waiting)
    setup = np.array([classes.instance.spread_cost if draft.pairs.get(pair) else 0.0 for pair in pairs.tolist()])
    order: Integers = np.lexsort((net, -classes.unit[kinds], number, ((gain + setup) / seats)[number]))
    return order


def _take(waiting: Integers, size: Integers, seats: int) -> Integers:
    """Units in the given order, as many as still fit."""
    whole = np.cumsum(waiting * size)
    units = np.where(whole <= seats, waiting, 0)
    free = seats - int(whole[whole <= seats][-1] if len(whole) and whole[0] <= seats else 0)
    for position in np.flatnonzero(whole > seats).tolist():
        if not free:
            break
        units[position] = min(int(waiting[position]), free // int(size[position]))
        free -= int(units[position] * size[position])
    return units


def _spread(draft: Draft, kinds: Integers) -> float:
    """What it costs that pairs of these classes sit elsewhere too."""
    pairs = set(draft.classes.pair[kinds].tolist())
    return draft.classes.instance.spread_cost * sum(1 for pair in pairs if draft.pairs.get(pair))


def top_up(draft: Draft, kinds: Iterable[int] | None = None) -> None:
    """Seat those who are left (of `kinds`) in running vehicles with free seats, where that costs less than staying:
    first where their pair already sits."""
    classes = draft.classes
    capacity, spread = classes.instance.capacity, classes.instance.spread_cost
    for kind in np.flatnonzero(draft.left).tolist() if kinds is None else kinds:
        unit, aboard = int(classes.unit[kind]), draft.pairs[int(classes.pair[kind])]
        ways = []
        for arc in range(classes.start[kind], classes.start[kind + 1]) if draft.left[kind] else ():
            for number in draft.waiting.get(int(classes.gate[arc]), ()):
                vehicle = draft.vehicles[number]
                if capacity[vehicle.departure] - vehicle.seated >= unit:
                    ways.append((float(classes.cost[arc]), number not in aboard, number))
        for cost, new, number in sorted(ways):
            vehicle = draft.vehicles[number]
            units = min(int(draft.left[kind]), (int(capacity[vehicle.departure]) - vehicle.seated) // unit)
            if units and (classes.penalty[kind] - cost) * units > (spread if new and aboard else 0.0):
                draft.board(number, kind, units)
