"""Cut a piece out of a draft: some vehicles are taken off, and how to run their riders anew is left to a worker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charter.planner.draft import Draft
from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.merging import ranges
from charter.planner.packing import pack
from charter.planner.piece import Piece
from charter.planner.questions import PieceAnswer

__all__ = ["Carving", "Promising", "carve", "choose", "cut", "everything", "put_back"]

NEW = -1
FEWEST = 3  # vehicles in a piece, if there are so many
LEFT_BESIDE = 40  # classes that are left behind nearby and may come along


@dataclass(frozen=True, slots=True, eq=False)
class Promising:
    """Arcs and departures that may be in a good plan; the others are only kept in a piece where they are in use."""

    arcs: Booleans
    departures: Booleans


@dataclass(frozen=True, slots=True, eq=False)
class Carving:
    """A piece and what its numbers mean: class positions, a departure for each type, a running vehicle for each gate
    (NEW: none)."""

    piece: Piece
    taken: tuple[int, ...]  # vehicle numbers
    kinds: Integers
    departures: Integers
    vehicles: Integers


def choose(draft: Draft, near: Floats, workers: int, spared: set[int]) -> tuple[int, ...]:
    """Vehicles nearest to a seed by their riders, of about so many workers; `spared` ones are left alone."""
    classes = draft.classes
    close = np.flatnonzero(near)
    close = close[np.argsort(-near[close], kind="stable")]
    close = close[:int(np.searchsorted(np.cumsum(classes.size[close]), 4 * workers)) + 1]
    scored = []
    for gate in np.unique(classes.gate[classes.arcs_of(close)]).tolist():
        for number in draft.waiting.get(gate, ()):
            vehicle = draft.vehicles[number]
            if number not in spared and vehicle.seated:
                score = sum(near[kind] * units * classes.unit[kind] for kind, units in vehicle.riders.items())
                scored.append((-float(score) / vehicle.seated, number))
    chosen: list[int] = []
    total = 0
    for score, number in sorted(scored):
        if score >= 0 or (len(chosen) >= FEWEST and total + draft.vehicles[number].seated > workers):
            break
        chosen.append(number)
        total += draft.vehicles[number].seated
    return tuple(chosen)


def carve(draft: Draft, taken: tuple[int, ...], near: Floats, promising: Promising, spared: set[int]) -> Carving | None:
    """The piece of the riders of `taken` vehicles and of near ones who are left."""
    used = {(kind, draft.vehicles[number].gate): 0 for number in taken for kind in draft.vehicles[number].riders}
    also = np.flatnonzero(draft.left * near)
    also = also[np.argsort(-near[also], kind="stable")][:LEFT_BESIDE + len(used) // 4]
    kinds = np.unique(np.concatenate((np.array([kind for kind, _ in used], dtype=np.int64), also)))
    return cut(draft, taken, kinds, promising, spared)


def everything(draft: Draft) -> Carving | None:
    """The whole instance as one piece: its bound, with what classes without an option cost, is a bound for all."""
    classes = draft.classes
    promising = Promising(np.ones(len(classes.cost), dtype=np.bool_),
                          np.ones(len(classes.instance.capacity), dtype=np.bool_))
    return cut(draft, tuple(draft.vehicles), np.flatnonzero(np.diff(classes.start)), promising, set())


def cut(draft: Draft, taken: tuple[int, ...], kinds: Integers, promising: Promising,
        spared: set[int]) -> Carving | None:
    """The piece of the classes `kinds`, as far as they are left or ride in `taken` vehicles; None without an arc."""
    now = [(kind, draft.vehicles[number].departure, units)
           for number in taken for kind, units in draft.vehicles[number].riders.items()]
    runs = [draft.vehicles[number].departure for number in taken]
    draft.mark()
    for number in taken:
        draft.withdraw(number)
    carving = _piece(draft, taken, kinds, _arcs(draft, kinds, promising, now), promising, runs, now, spared)
    draft.undo()
    return carving


def _arcs(rest: Draft, kinds: Integers, promising: Promising, now: list[tuple[int, int, int]]) -> Integers:
    classes = rest.classes
    arcs = classes.arcs_of(kinds)
    width = len(classes.gates)
    in_use = np.isin(classes.arc_class[arcs] * width + classes.gate[arcs],
                     np.array([kind * width + int(classes.gates.of[d]) for kind, d, _ in now], dtype=np.int64))
    return arcs[promising.arcs[arcs] | in_use]


def _types(rest: Draft, gates: Integers, promising: Promising, runs: list[int]) -> Integers:
    """Departures at gates that may still run, sorted by gate."""
    of, instance = rest.classes.gates, rest.classes.instance
    departures = of.departure[ranges(of.start[gates], of.start[gates + 1] - of.start[gates])]
    wanted = promising.departures[departures] | np.isin(departures, np.array(runs, dtype=np.int64))
    return departures[wanted & (rest.running[departures] < instance.copies[departures])]


def _piece(rest: Draft, taken: tuple[int, ...], kinds: Integers, arcs: Integers, promising: Promising, runs: list[int],
           now: list[tuple[int, int, int]], spared: set[int]) -> Carving | None:
    classes, instance = rest.classes, rest.classes.instance
    reached = np.unique(classes.gate[arcs])
    types = _types(rest, reached, promising, runs)
    fresh = np.unique(classes.gates.of[types])
    kept = [number for gate in reached.tolist() for number in rest.waiting.get(gate, ()) if number not in spared
            and rest.vehicles[number].seated < instance.capacity[rest.vehicles[number].departure]]
    gate_of = np.concatenate((fresh, np.array([rest.vehicles[number].gate for number in kept], dtype=np.int64)))
    vehicles = np.concatenate((np.full(len(fresh), NEW), np.array(kept, dtype=np.int64)))
    departures = np.concatenate((types, np.array([rest.vehicles[n].departure for n in kept], dtype=np.int64)))
    arcs = arcs[np.lexsort((classes.pair[classes.arc_class[arcs]], classes.gate[arcs]))]
    first = np.searchsorted(classes.gate[arcs], gate_of)
    length = np.searchsorted(classes.gate[arcs], gate_of, "right") - first
    arc, gate = arcs[ranges(first, length)], np.repeat(np.arange(len(gate_of)), length)
    if not len(arc):
        return None
    seated = np.array([rest.vehicles[number].seated for number in kept], dtype=np.int64)
    new = np.arange(len(departures)) < len(types)
    pairs = np.unique(classes.pair[kinds])
    row, row_type, row_weight = _shared(rest, types)
    kind, width = np.searchsorted(kinds, classes.arc_class[arc]), len(instance.capacity)
    piece = Piece(
        pair=np.searchsorted(pairs, classes.pair[kinds]), unit=classes.unit[kinds], units=rest.left[kinds],
        penalty=classes.penalty[kinds],
        type_gate=np.concatenate((np.searchsorted(fresh, classes.gates.of[types]),
                                  len(fresh) + np.arange(len(kept)))),
        capacity=instance.capacity[departures] - np.concatenate((np.zeros(len(types), dtype=np.int64), seated)),
        fixed_cost=np.where(new, instance.fixed_cost[departures], 0.0),
        copies=np.where(new, instance.copies[departures] - rest.running[departures], 1),
        arc_class=kind, arc_gate=gate, cost=classes.cost[arc],
        aboard=_aboard(rest, vehicles[gate], classes.pair[classes.arc_class[arc]]),
        elsewhere=np.array([len(rest.pairs[pair]) for pair in pairs.tolist()], dtype=np.int64),
        row=row, row_type=row_type, row_weight=row_weight, row_limit=rest.resources.limit - rest.used,
        spread_cost=instance.spread_cost, now=_units_now(classes.arc_class[arc], classes.gate[arc], vehicles[gate],
                                                         [(k, int(classes.gates.of[d]), n) for k, d, n in now]),
        running=np.where(new, np.bincount(np.array(runs, dtype=np.int64), minlength=width)[departures], 1),
    )
    return Carving(piece, taken, kinds, departures, vehicles)


def _aboard(rest: Draft, vehicles: Integers, pairs: Integers) -> Booleans:
    return np.array([number != NEW and number in rest.pairs[pair]
                     for number, pair in zip(vehicles.tolist(), pairs.tolist(), strict=True)], dtype=np.bool_)


def _shared(rest: Draft, types: Integers) -> tuple[Integers, Integers, Floats]:
    triples = [(row, t, weight) for t, d in enumerate(types.tolist()) for row, weight in rest.resources.rows_of[d]]
    row, place, weight = zip(*triples, strict=True) if triples else ((), (), ())
    return np.array(row, dtype=np.int64), np.array(place, dtype=np.int64), np.array(weight, dtype=np.float64)


def _units_now(kind: Integers, gate: Integers, vehicles: Integers, now: list[tuple[int, int, int]]) -> Integers:
    """Units per arc as the taken vehicles carry them."""
    known: dict[tuple[int, int], int] = {}
    for k, j, units in now:
        known[k, j] = known.get((k, j), 0) + units
    return np.array([known.get(key, 0) if number == NEW else 0 for *key_parts, number in
                     zip(kind.tolist(), gate.tolist(), vehicles.tolist(), strict=True) for key in [tuple(key_parts)]],
                    dtype=np.int64)


def put_back(draft: Draft, carving: Carving, answer: PieceAnswer) -> None:
    """Run the piece as the answer says. What no longer fits, since the draft went on meanwhile or copies did not pack
    as summed, stays left; the caller looks at that, compares costs, and can undo."""
    piece = carving.piece
    for number in carving.taken:
        draft.withdraw(number)
    loaded = np.flatnonzero(answer.units)
    loads: dict[int, dict[int, int]] = {}
    for i in loaded.tolist():
        load = loads.setdefault(int(piece.arc_gate[i]), {})
        load[int(carving.kinds[piece.arc_class[i]])] = int(answer.units[i])
    first = np.searchsorted(piece.type_gate, np.arange(piece.gates + 1)).tolist()
    for j, load in loads.items():
        if carving.vehicles[j] != NEW:
            numbers = [n for n in [int(carving.vehicles[j])] if n in draft.vehicles]
        else:
            numbers = [draft.run(int(carving.departures[t])) for t in range(first[j], first[j + 1])
                       for _ in range(int(answer.vehicles[t])) if draft.may_run(int(carving.departures[t]))]
        pack(draft, numbers, load)
        for number in [n for n in numbers if not draft.vehicles[n].riders]:
            draft.withdraw(number)
