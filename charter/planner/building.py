"""A plan out of the relaxation: most of its vehicles are whole already; they run, and the others are left to a rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from charter.planner.construct import extend, top_up
from charter.planner.draft import Draft
from charter.planner.instance import Floats
from charter.planner.merging import Classes
from charter.planner.packing import pack
from charter.planner.prices import Prices
from charter.planner.resources import Resources

__all__ = ["build"]

WHOLE = 0.9  # a vehicle or unit of the relaxation from this share on counts as one


def build(classes: Classes, resources: Resources, prices: Prices, runs: Floats, rides: Floats,
          late: Callable[[], bool]) -> Draft:
    """A feasible draft near the relaxation's vehicles per departure `runs` and units per arc `rides`. Who finds no seat
    in its whole vehicles gets new ones, the smallest loss against the prices first."""
    draft = Draft(classes, resources)
    of = classes.gates.of
    departures = np.flatnonzero(runs >= WHOLE)
    departures = departures[np.argsort(of[departures], kind="stable")]
    for gate in np.unique(of[departures]).tolist():
        numbers = [draft.run(d) for d in departures[of[departures] == gate].tolist()
                   for _ in range(int(runs[d] + 1 - WHOLE)) if draft.may_run(d)]
        arcs = classes.at_gate(gate)
        units = np.floor(rides[arcs] + 1 - WHOLE).astype(np.int64)
        load = {int(classes.arc_class[arc]): int(n) for arc, n in zip(arcs, units, strict=True) if n > 0}
        pack(draft, numbers, load)
        for number in [n for n in numbers if not draft.vehicles[n].riders]:
            draft.withdraw(number)
    top_up(draft)
    extend(draft, late, prices)
    top_up(draft)
    return draft
