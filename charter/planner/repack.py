"""Vehicles of one gate filled anew: where parties are large, whether they fit is not seen by sums of seats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charter.planner.draft import Draft
from charter.planner.instance import Integers
from charter.planner.merging import Classes
from charter.planner.patterns import Load, Packing

__all__ = ["Repack", "party_gates", "put_loads", "repack", "wasteful"]

PARTIES = 0.5  # a gate is one of parties from this share of its possible riders on


@dataclass(frozen=True, slots=True, eq=False)
class Repack:
    """A gate's question, and what its numbers mean: classes, a departure for each type, vehicles now."""

    packing: Packing
    kinds: Integers
    departures: Integers
    taken: tuple[int, ...]


def party_gates(classes: Classes) -> list[int]:
    """Gates with more than one vehicle whose riders are mostly parties."""
    size = classes.size[classes.arc_class].astype(np.float64)
    parties = np.where(classes.unit[classes.arc_class] > 1, size, 0.0)
    share = np.bincount(classes.gate, parties, len(classes.gates)) / np.maximum(
        np.bincount(classes.gate, size, len(classes.gates)), 1.0)
    at = classes.gates
    vehicles = np.bincount(at.of[at.departure], classes.instance.copies[at.departure], len(at))
    found: list[int] = np.flatnonzero((share >= PARTIES) & (vehicles > 1)).tolist()
    return found


def wasteful(draft: Draft, gate: int) -> float:
    """What a gate costs above its riders' seats in its cheapest vehicles; 0 where that is less than one of them."""
    classes, instance = draft.classes, draft.classes.instance
    arcs = classes.at_gate(gate)
    kinds = classes.arc_class[arcs]
    numbers = draft.waiting.get(gate, {})
    fixed = sum(float(instance.fixed_cost[draft.vehicles[n].departure]) for n in numbers)
    stay = float((classes.penalty[kinds] - classes.cost[arcs]) @ draft.left[kinds])
    seats = sum(draft.vehicles[n].seated for n in numbers) + float(classes.unit[kinds] @ draft.left[kinds])
    types = classes.gates.departures(gate)
    waste = fixed + stay - seats * float((instance.fixed_cost[types] / instance.capacity[types]).min())
    return waste if waste > 0 and waste >= (1 - 1e-9) * float(instance.fixed_cost[types].min()) else 0.0


def repack(draft: Draft, gate: int) -> Repack:
    """The question how to fill the vehicles of a gate anew, with those who are left and may ride there."""
    classes, instance = draft.classes, draft.classes.instance
    taken = tuple(draft.waiting.get(gate, ()))
    fixed = sum(float(instance.fixed_cost[draft.vehicles[number].departure]) for number in taken)
    arcs, types = classes.at_gate(gate), classes.gates.departures(gate)
    saving = classes.penalty[classes.arc_class[arcs]] - classes.cost[arcs]
    best = fixed + float(saving @ draft.left[classes.arc_class[arcs]])
    draft.mark()
    for number in taken:
        draft.withdraw(number)
    waiting = draft.left[classes.arc_class[arcs]] > 0
    kinds = classes.arc_class[arcs][waiting]
    packing = Packing(size=classes.unit[kinds], units=draft.left[kinds], stay=saving[waiting],
                      capacity=instance.capacity[types], fixed_cost=instance.fixed_cost[types],
                      copies=np.array([_free(draft, d) for d in types.tolist()], dtype=np.int64), best=best)
    draft.undo()
    return Repack(packing, kinds, types, taken)


def _free(draft: Draft, departure: int) -> int:
    """How many more vehicles of a departure may run, were they the only ones."""
    more = int(draft.classes.instance.copies[departure] - draft.running[departure])
    for row, weight in draft.resources.rows_of[departure]:
        more = min(more, int((draft.resources.limit[row] * (1 + 1e-12) - draft.used[row]) / weight))
    return max(more, 0)


def put_loads(draft: Draft, asked: Repack, loads: list[Load]) -> None:
    """Run the loads in place of the vehicles taken; the caller looks at the cost and can undo."""
    for number in asked.taken:
        draft.withdraw(number)
    for load in loads:
        departure = int(asked.departures[load.kind])
        if not draft.may_run(departure):
            continue
        number = draft.run(departure)
        for i in np.flatnonzero(load.units).tolist():
            kind = int(asked.kinds[i])
            units = min(int(load.units[i]), int(draft.left[kind]))
            if units:
                draft.board(number, kind, units)
        if not draft.vehicles[number].riders:
            draft.withdraw(number)
