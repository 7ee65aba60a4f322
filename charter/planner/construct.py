"""A first plan, quickly: again and again the vehicle that carries its riders at the lowest cost per worker."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np

from charter.planner.draft import Draft
from charter.planner.instance import Floats, Integers
from charter.planner.merging import Classes
from charter.planner.resources import Resources

__all__ = ["construct", "fill", "top_up"]


def construct(classes: Classes, resources: Resources, late: Callable[[], bool] = lambda: False) -> Draft:
    """A feasible draft by the greedy rule for covering: cost per worker only rises as others are seated, so a heap
    of old values finds the cheapest vehicle. Stops early (still feasible) once `late` says so."""
    draft = Draft(classes, resources)
    extend(draft, late)
    return draft


def extend(draft: Draft, late: Callable[[], bool] = lambda: False) -> None:
    """Put vehicles on for those who are left, while that pays."""
    heap = [(value, d) for d, value in enumerate(_first_values(draft.classes).tolist()) if value < np.inf]
    heapq.heapify(heap)
    turns = 0
    while heap:
        turns += 1
        if turns % 256 == 0 and late():
            return
        _, d = heapq.heappop(heap)
        if not draft.may_run(d):
            continue
        value, riders = fill(draft, d)
        if not riders:
            continue
        if heap and value > heap[0][0]:
            heapq.heappush(heap, (value, d))
            continue
        number = draft.run(d)
        for kind, units in riders:
            draft.board(number, kind, units)
        heapq.heappush(heap, (value, d))


def _first_values(classes: Classes) -> Floats:
    """For every departure a value below the cost per worker of its best load: fixed cost over the seats that can be
    filled, plus the cheapest ride."""
    instance = classes.instance
    workers = np.bincount(classes.departure, (classes.units * classes.unit)[classes.arc_class], len(instance.capacity))
    cheapest = np.full(len(instance.capacity), np.inf)
    np.minimum.at(cheapest, classes.departure, classes.cost / classes.unit[classes.arc_class])
    seats: Floats = np.minimum(instance.capacity, np.maximum(workers, 1))
    values: Floats = instance.fixed_cost / seats + cheapest
    return values


def fill(draft: Draft, departure: int) -> tuple[float, list[tuple[int, int]]]:
    """The cheapest full load of those who are left: (cost per worker, [(class, units)]); none where it cannot pay."""
    classes = draft.classes
    arcs = classes.by_departure[classes.departure_start[departure]:classes.departure_start[departure + 1]]
    kinds = classes.arc_class[arcs]
    waiting = draft.left[kinds]
    arcs, kinds, waiting = arcs[waiting > 0], kinds[waiting > 0], waiting[waiting > 0]
    riders, seated = _take(classes, kinds, waiting, classes.cost[arcs], int(classes.instance.capacity[departure]))
    if not seated:
        return np.inf, []
    taken = np.array([position for position, _ in riders])
    units = np.array([count for _, count in riders])
    total = float(classes.instance.fixed_cost[departure]) + float(classes.cost[arcs][taken] @ units)
    if total >= float(classes.penalty[kinds[taken]] @ units):
        return np.inf, []
    return total / seated, [(int(kinds[position]), count) for position, count in riders]


def _take(classes: Classes, kinds: Integers, waiting: Integers, cost: Floats,
          seats: int) -> tuple[list[tuple[int, int]], int]:
    """Positions and units in the order of cost per worker; of equal ones large parties first, then pair by pair."""
    unit = classes.unit[kinds]
    order = np.lexsort((kinds, classes.pair[kinds], -unit, cost / unit))
    riders, free = [], seats
    for position in order.tolist():
        units = min(int(waiting[position]), free // int(unit[position]))
        if units:
            riders.append((position, units))
            free -= units * int(unit[position])
            if not free:
                break
    return riders, seats - free


def top_up(draft: Draft) -> None:
    """Seat those who are left in running vehicles with free seats, where that costs less than staying."""
    classes = draft.classes
    free: dict[int, list[int]] = {}
    for number, vehicle in draft.vehicles.items():
        if vehicle.seated < classes.instance.capacity[vehicle.departure]:
            free.setdefault(vehicle.departure, []).append(number)
    for kind in np.flatnonzero(draft.left).tolist():
        arcs = np.arange(classes.start[kind], classes.start[kind + 1])
        for arc in arcs[np.argsort(classes.cost[arcs], kind="stable")].tolist():
            departure = int(classes.departure[arc])
            for number in free.get(departure, ()):
                seats = int(classes.instance.capacity[departure]) - draft.vehicles[number].seated
                units = min(int(draft.left[kind]), seats // int(classes.unit[kind]))
                saving = (classes.penalty[kind] - classes.cost[arc]) * units
                if units and saving > classes.instance.spread_cost:
                    draft.board(number, kind, units)
