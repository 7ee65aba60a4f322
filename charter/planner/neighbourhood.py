"""Which classes belong together: closeness through shared gates, for blocks and pieces of a chosen size."""

from __future__ import annotations

import numpy as np

from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.merging import Classes

__all__ = ["Neighbourhood", "blocks"]

HOPS = 3
WIDEST = 4_000  # classes that a walk goes on from; keeps the cost of one walk the same in a small country and a large


class Neighbourhood:
    """Walks over gates in common. `weight` says how likely each arc is taken: cheap rides count more than dear ones,
    since those are hardly taken."""

    def __init__(self, classes: Classes, weight: Floats | None = None) -> None:
        self.classes = classes
        self._weight = 1.0 / (1.0 + classes.cost / classes.unit[classes.arc_class]) if weight is None else weight
        self._out = np.bincount(classes.arc_class, self._weight, len(classes))
        self._into = np.bincount(classes.gate, self._weight, len(classes.gates))

    def closeness(self, seeds: Integers) -> Floats:
        """How near each class is to the seeds: the share of a random walk over common gates, 0 where none leads."""
        classes, weight = self.classes, self._weight
        near = np.zeros(len(classes))
        near[seeds] = 1.0
        total = near.copy()
        for _ in range(HOPS):
            here = np.flatnonzero(near)
            if len(here) > WIDEST:
                here = here[np.argpartition(-near[here], WIDEST)[:WIDEST]]
            arcs = classes.arcs_of(here)
            share = near[classes.arc_class[arcs]] / np.maximum(self._out[classes.arc_class[arcs]], 1e-300)
            walked = np.bincount(classes.gate[arcs], weight[arcs] * share, len(self._into))
            gates = np.flatnonzero(walked)
            arcs = classes.arcs_at(gates)
            there: Floats = walked / np.maximum(self._into, 1e-300)
            share = weight[arcs] * there[classes.gate[arcs]]
            near = np.bincount(classes.arc_class[arcs], share, len(classes)).astype(np.float64)
            total += near
        scaled: Floats = total / np.maximum(self._out, 1e-300)
        return scaled


def blocks(near: Neighbourhood, workers: int, rng: np.random.Generator) -> list[Integers]:
    """All classes with an arc, in blocks of near ones of about so many workers each."""
    classes = near.classes
    waiting: Booleans = np.diff(classes.start) > 0
    size = classes.size
    made: list[Integers] = []
    while waiting.any():
        closeness = np.where(waiting, near.closeness(rng.choice(np.flatnonzero(waiting), 1)), 0.0)
        inside = np.flatnonzero(closeness > 0)
        order = inside[np.argsort(-closeness[inside], kind="stable")]
        taken = order[: max(int(np.searchsorted(np.cumsum(size[order]), workers)), 1)]
        made.append(np.sort(taken))
        waiting[taken] = False
    return _joined(made, size, workers)


def _joined(made: list[Integers], size: Integers, workers: int) -> list[Integers]:
    """Small remainders put together, so that there are few blocks."""
    joined: list[Integers] = []
    for block in sorted(made, key=lambda one: -int(size[one].sum())):
        if joined and int(size[block].sum()) + int(size[joined[-1]].sum()) <= workers:
            joined[-1] = np.sort(np.concatenate((joined[-1], block)))
        else:
            joined.append(block)
    return joined
