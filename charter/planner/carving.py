"""Cut a piece out of a draft: some vehicles are taken off, and how to run their riders anew is left to a worker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charter.planner.construct import top_up
from charter.planner.draft import Draft
from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.merging import ranges
from charter.planner.neighbourhood import closeness
from charter.planner.piece import Piece
from charter.planner.questions import PieceAnswer

__all__ = ["Carving", "carve", "choose", "everything", "put_back", "seed_near"]

KEPT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Carving:
    """A piece and what its numbers mean: class positions, departures, and running vehicles (-1: a new one)."""

    piece: Piece
    taken: tuple[int, ...]  # vehicle numbers
    kinds: Integers
    departures: Integers
    vehicles: Integers


def choose(draft: Draft, near: Floats, workers: int, spared: set[int]) -> tuple[int, ...]:
    """Vehicles nearest to a seed by their riders, of about so many workers; `spared` ones are left alone."""
    scored = []
    for number, vehicle in draft.vehicles.items():
        if number not in spared and vehicle.seated:
            score = sum(near[kind] * units * draft.classes.unit[kind] for kind, units in vehicle.riders.items())
            scored.append((-float(score) / vehicle.seated, number))
    chosen: list[int] = []
    total = 0
    for score, number in sorted(scored):
        if score >= 0 or (chosen and total + draft.vehicles[number].seated > workers):
            break
        chosen.append(number)
        total += draft.vehicles[number].seated
    return tuple(chosen)


def carve(draft: Draft, taken: tuple[int, ...], near: Floats, promising: Booleans, spared: set[int]) -> Carving | None:
    """The piece of the riders of `taken` vehicles and of near ones who are left. Arcs that are not `promising` are only
    kept where they are in use."""
    rest = draft.copy()
    used = {(kind, rest.vehicles[number].departure) for number in taken for kind in rest.vehicles[number].riders}
    for number in taken:
        rest.withdraw(number)
    freed = {kind for kind, _ in used}
    also = [kind for kind in np.flatnonzero(draft.left).tolist() if near[kind] > 0]
    freed.update(sorted(also, key=lambda kind: -near[kind])[:40 + len(freed) // 4])
    kinds = np.array(sorted(freed), dtype=np.int64)
    if not len(kinds):
        return None
    return _piece(rest, taken, kinds, _arcs(rest, kinds, promising, used), spared)


def everything(draft: Draft) -> Carving | None:
    """The whole instance as one piece: its bound, with what classes without an option cost, is a bound for all."""
    empty = Draft(draft.classes, draft.resources)
    kinds = np.flatnonzero(np.diff(draft.classes.start))
    return _piece(empty, tuple(draft.vehicles), kinds, np.arange(len(draft.classes.cost)), set())


def _arcs(rest: Draft, kinds: Integers, promising: Booleans, used: set[tuple[int, int]]) -> Integers:
    classes = rest.classes
    arcs = ranges(classes.start[kinds], classes.start[kinds + 1] - classes.start[kinds])
    width = len(classes.instance.capacity)
    in_use = np.isin(classes.arc_class[arcs] * width + classes.departure[arcs],
                     np.array([kind * width + d for kind, d in used], dtype=np.int64))
    return arcs[promising[arcs] | in_use]


def _piece(rest: Draft, taken: tuple[int, ...], kinds: Integers, arcs: Integers, spared: set[int]) -> Carving | None:
    classes, instance = rest.classes, rest.classes.instance
    new = np.unique(classes.departure[arcs])
    new = new[rest.running[new] < instance.copies[new]]
    open_seats = [(number, v.departure) for number, v in rest.vehicles.items()
                  if number not in spared and v.seated < instance.capacity[v.departure]]
    by_departure: dict[int, list[int]] = {}
    for number, d in open_seats:
        by_departure.setdefault(d, []).append(number)
    reached = set(np.unique(classes.departure[arcs]).tolist())
    running = [number for d in sorted(reached & by_departure.keys()) for number in by_departure[d]]
    departures = np.concatenate((new, np.array([rest.vehicles[n].departure for n in running], dtype=np.int64)))
    vehicles = np.concatenate((np.full(len(new), KEPT), np.array(running, dtype=np.int64)))
    facility_of: dict[int, list[int]] = {}
    for j, d in enumerate(departures.tolist()):
        facility_of.setdefault(d, []).append(j)
    copies_of = [(arc, j) for arc in arcs.tolist() for j in facility_of.get(int(classes.departure[arc]), ())]
    if not copies_of:
        return None
    at = np.array(copies_of, dtype=np.int64)
    at = at[np.lexsort((classes.pair[classes.arc_class[at[:, 0]]], at[:, 1]))]
    return _filled(rest, taken, kinds, at[:, 0], at[:, 1], departures, vehicles)


def _filled(rest: Draft, taken: tuple[int, ...], kinds: Integers, arc: Integers, facility: Integers,
            departures: Integers, vehicles: Integers) -> Carving:
    classes, instance = rest.classes, rest.classes.instance
    pairs = np.unique(classes.pair[kinds])
    number = {int(pair): i for i, pair in enumerate(pairs)}
    elsewhere = np.zeros(len(pairs), dtype=np.int64)
    aboard_of: dict[int, set[int]] = {}
    for vehicle_number, vehicle in rest.vehicles.items():
        inside = {int(classes.pair[kind]) for kind in vehicle.riders}
        aboard_of[vehicle_number] = inside
        for pair in inside & number.keys():
            elsewhere[number[pair]] += 1
    new = vehicles == KEPT
    arc_pair = classes.pair[classes.arc_class[arc]]
    aboard = np.array([vehicles[j] != KEPT and int(p) in aboard_of[int(vehicles[j])]
                       for j, p in zip(facility.tolist(), arc_pair.tolist(), strict=True)], dtype=np.int64)
    seated = np.array([0 if v == KEPT else rest.vehicles[v].seated for v in vehicles.tolist()], dtype=np.int64)
    triples = [(row, j, weight) for j in np.flatnonzero(new).tolist()
               for row, weight in rest.resources.rows_of[int(departures[j])]]
    piece = Piece(
        pair=np.searchsorted(pairs, classes.pair[kinds]), unit=classes.unit[kinds], units=rest.left[kinds],
        penalty=classes.penalty[kinds], capacity=instance.capacity[departures] - seated,
        fixed_cost=np.where(new, instance.fixed_cost[departures], 0.0),
        copies=np.where(new, instance.copies[departures] - rest.running[departures], 1),
        arc_class=np.searchsorted(kinds, classes.arc_class[arc]), arc_facility=facility, cost=classes.cost[arc],
        aboard=aboard, elsewhere=elsewhere, row=np.array([t[0] for t in triples], dtype=np.int64),
        row_facility=np.array([t[1] for t in triples], dtype=np.int64), row_weight=np.array([t[2] for t in triples]),
        row_limit=rest.resources.limit - rest.used, spread_cost=instance.spread_cost,
    )
    return Carving(piece, taken, kinds, departures, vehicles)


def put_back(draft: Draft, carving: Carving, answer: PieceAnswer) -> Draft:
    """A new draft with the piece run as the answer says. What no longer fits, since the draft went on meanwhile or
    copies did not pack as summed, stays left; the caller compares costs."""
    made = draft.copy()
    for number in carving.taken:
        made.withdraw(number)
    for j in np.flatnonzero(np.bincount(carving.piece.arc_facility, answer.units, len(carving.departures))).tolist():
        arcs = np.flatnonzero((carving.piece.arc_facility == j) & (answer.units > 0))
        load = {int(carving.kinds[i]): int(n) for i, n in
                zip(carving.piece.arc_class[arcs], answer.units[arcs], strict=True)}
        departure, vehicle = int(carving.departures[j]), int(carving.vehicles[j])
        if vehicle != KEPT:
            numbers = [vehicle] if vehicle in made.vehicles else []
        else:
            numbers = [made.run(departure) for _ in range(int(answer.vehicles[j])) if made.may_run(departure)]
        _pack(made, numbers, load)
    for number in [n for n, vehicle in made.vehicles.items() if not vehicle.riders]:
        made.withdraw(number)
    top_up(made)
    return made


def _pack(made: Draft, numbers: list[int], load: dict[int, int]) -> None:
    """Large parties first, then pair by pair, largest first, each into the fullest vehicle that takes it whole, else
    from the emptiest on."""
    classes = made.classes
    by_pair: dict[int, list[int]] = {}
    for kind in load:
        by_pair.setdefault(int(classes.pair[kind]), []).append(kind)
    weight = {pair: sum(load[kind] * int(classes.unit[kind]) for kind in kinds) for pair, kinds in by_pair.items()}
    for pair in sorted(by_pair, key=lambda p: (-max(int(classes.unit[k]) for k in by_pair[p]), -weight[p], p)):
        free = {n: int(classes.instance.capacity[made.vehicles[n].departure]) - made.vehicles[n].seated
                for n in numbers}
        whole = [n for n in numbers if free[n] >= weight[pair]]
        order = sorted(whole, key=lambda n: free[n])[:1] or sorted(numbers, key=lambda n: -free[n])
        for kind in sorted(by_pair[pair], key=lambda k: -int(classes.unit[k])):
            waiting = min(load[kind], int(made.left[kind]))
            for n in order:
                units = min(waiting, free[n] // int(classes.unit[kind]))
                if units > 0:
                    made.board(n, kind, units)
                    free[n] -= units * int(classes.unit[kind])
                    waiting -= units


def seed_near(draft: Draft, rng: np.random.Generator) -> Floats:
    """Closeness to a class that is chosen by chance, by its workers."""
    size = (draft.classes.units * draft.classes.unit) * (np.diff(draft.classes.start) > 0)
    return closeness(draft.classes, int(rng.choice(len(size), p=size / size.sum())))
