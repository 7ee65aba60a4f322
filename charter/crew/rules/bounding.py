"""How fair a rota can be at best: a lower bound by linear programming over what one person could bear in all. Pure.

The calendar is left out: people are grouped by how many duties fit into the days they gave, and each group shares out
"hands" of duties (so many of each kind) with the cost of the squares. Every rota is one such sharing-out, so none is
cheaper. Kinds are merged downwards (shorter, fewer nights) where there would be too many hands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import ceil, comb

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from charter.crew.rules.rota import Hand, Problem, Shift, free_for, square

__all__ = ["fairness_bound", "most_duties"]

MOST_PATTERNS = 20_000
Kind = tuple[int, int, int]  # half-days, nights, long routes
Group = tuple[tuple[int, int, int], int, frozenset[Kind]]  # what they bear, how many duties fit, of which kinds


def fairness_bound(problem: Problem, empty: int) -> int:
    """No rota that leaves `empty` places empty has a smaller sum of squares."""
    able = free_for(problem)
    kinds = _kinds(problem, max((most_duties(problem, places) for places in able), default=0))
    of = [kinds[(shift.load, shift.nights, int(shift.long))] for shift in problem.shifts]
    places: Counter[Kind] = Counter()
    for shift, kind in zip(problem.shifts, of, strict=True):
        places[kind] += shift.need
    groups = Counter(_group(problem, hand, mine, of) for hand, mine in zip(problem.hands, able, strict=True))
    return _least(groups, places, empty)


def most_duties(problem: Problem, places: list[int]) -> int:
    """How many of these shifts one person could do at most, one after the other with rest: the earliest end first."""
    count, rested = 0, None
    for shift in sorted((problem.shifts[place] for place in places), key=lambda one: one.end):
        if rested is None or shift.start >= rested:
            count, rested = count + 1, shift.end + problem.rest_min
    return count


def _group(problem: Problem, hand: Hand, places: list[int], of: list[Kind]) -> Group:
    return hand.bears, most_duties(problem, places), frozenset(of[place] for place in places)


def _kinds(problem: Problem, most: int) -> dict[Kind, Kind]:
    """Each kind of duty, and the one (never heavier) that stands for it."""
    known = sorted({_kind(shift) for shift in problem.shifts})
    merged = {kind: kind for kind in known}
    while comb(len(set(merged.values())) + most, most) > MOST_PATTERNS:
        left = sorted(set(merged.values()))
        apart = [(abs(other[0] - one[0]) + abs(other[1] - one[1]) + abs(other[2] - one[2]), place)
                 for place, (one, other) in enumerate(pairwise(left))]
        one, other = left[min(apart)[1]], left[min(apart)[1] + 1]
        both = (min(one[0], other[0]), min(one[1], other[1]), min(one[2], other[2]))
        merged = {kind: both if now in (one, other) else now for kind, now in merged.items()}
    return merged


def _kind(shift: Shift) -> Kind:
    return shift.load, shift.nights, int(shift.long)


def _patterns(kinds: list[Kind], most: int) -> Iterator[tuple[int, ...]]:
    """Every way to have at most `most` duties: a count for each kind."""
    if not kinds:
        yield ()
        return
    for count in range(most + 1):
        for rest in _patterns(kinds[1:], most - count):
            yield (count, *rest)


def _least(groups: Counter[Group], places: Counter[Kind], empty: int) -> int:
    kinds = sorted(places)
    row = {kind: place for place, kind in enumerate(kinds)}
    costs: list[int] = []
    rows: list[int] = []
    columns: list[int] = []
    values: list[int] = []
    for number, (bears, most, allowed) in enumerate(groups):
        mine = [kind for kind in kinds if kind in allowed]
        for pattern in _patterns(mine, most):
            for kind, count in zip(mine, pattern, strict=True):
                if count:
                    rows.append(row[kind])
                    columns.append(len(costs))
                    values.append(count)
            rows.append(len(kinds) + number)
            columns.append(len(costs))
            values.append(1)
            costs.append(square(_sum(bears, mine, pattern)))
    for kind in kinds:  # what stays empty
        for place in (row[kind], len(kinds) + len(groups)):
            rows.append(place)
            columns.append(len(costs))
            values.append(1)
        costs.append(0)
    right = [*(places[kind] for kind in kinds), *groups.values(), empty]
    return _solved(costs, coo_matrix((values, (rows, columns)), shape=(len(right), len(costs))), right)


def _sum(bears: tuple[int, int, int], kinds: list[Kind], pattern: tuple[int, ...]) -> tuple[int, int, int]:
    half, nights, long = bears
    for (more, away, far), count in zip(kinds, pattern, strict=True):
        half, nights, long = half + more * count, nights + away * count, long + far * count
    return half, nights, long


def _solved(costs: list[int], matrix: coo_matrix, right: list[int]) -> int:
    if not costs:
        return 0
    found = linprog(np.array(costs, float), A_eq=matrix.tocsr(), b_eq=np.array(right, float), method="highs")
    return max(0, ceil(found.fun - 1e-4)) if found.status == 0 else 0
