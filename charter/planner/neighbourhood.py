"""Which classes belong together: closeness through shared departures, for blocks and pieces of a chosen size."""

from __future__ import annotations

import numpy as np

from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.merging import Classes

__all__ = ["blocks", "closeness"]


def closeness(classes: Classes, seed_class: int, hops: int = 3) -> Floats:
    """How near each class is to the seed: the share of a random walk over common departures, 0 where none leads.
    Cheap rides count more than dear ones, since those are hardly taken."""
    weight = 1.0 / (1.0 + classes.cost / classes.unit[classes.arc_class])
    out = np.bincount(classes.arc_class, weight, len(classes))
    into = np.bincount(classes.departure, weight, len(classes.instance.capacity))
    near = np.zeros(len(classes))
    near[seed_class] = 1.0
    total = near.copy()
    for _ in range(hops):
        share = near / np.maximum(out, 1e-300)
        there = np.bincount(classes.departure, weight * share[classes.arc_class], len(into)) / np.maximum(into, 1e-300)
        near = np.bincount(classes.arc_class, weight * there[classes.departure], len(classes)).astype(np.float64)
        total = total + near
    scaled: Floats = total / np.maximum(out, 1e-300)
    return scaled


def blocks(classes: Classes, workers: int, rng: np.random.Generator) -> list[Integers]:
    """All classes with an option, in blocks of near ones of about so many workers each."""
    waiting: Booleans = np.diff(classes.start) > 0
    size = classes.units * classes.unit
    made: list[Integers] = []
    while waiting.any():
        near = np.where(waiting, closeness(classes, int(rng.choice(np.flatnonzero(waiting)))), -1.0)
        order = np.argsort(-near, kind="stable")
        order = order[near[order] > 0]
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
