"""Merge groups that no plan can tell apart into classes, and drop options that can never pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charter.planner.instance import Floats, Instance, Integers

__all__ = ["Classes", "merge", "ranges"]


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Class k stands for `units[k]` equal units of `unit[k]` workers (1, or a party that rides together).

    Arcs are the options of classes, sorted by (class, departure), class k's at `start[k]:start[k + 1]`; their cost and
    the penalty are per unit. `by_departure` lists arc positions by departure d at `departure_start[d]` and on.
    """

    instance: Instance
    pair: Integers
    unit: Integers
    units: Integers
    penalty: Floats
    members: tuple[tuple[int, ...], ...]
    start: Integers
    arc_class: Integers
    departure: Integers
    cost: Floats
    by_departure: Integers
    departure_start: Integers

    def __len__(self) -> int:
        return len(self.pair)


def ranges(starts: Integers, lengths: Integers) -> Integers:
    """Positions start, start + 1, ... of every range, one after the other."""
    ends = np.cumsum(lengths)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)


def merge(instance: Instance) -> Classes:
    """Classes of an instance. An option that costs as much as staying, or a party larger than the vehicle, is left
    out: leaving the worker behind is never dearer and never harder."""
    group, departure = instance.option_group, instance.option_departure
    pays = instance.option_cost < instance.penalty[group]
    pays &= instance.splittable[group] | (instance.size[group] <= instance.capacity[departure])
    group, departure, price = group[pays], departure[pays], instance.option_cost[pays]
    first = np.searchsorted(group, np.arange(len(instance.size) + 1))
    members = _alike(instance, first, departure, price)
    lead = np.array([group_positions[0] for group_positions in members], dtype=np.int64)
    lengths = first[lead + 1] - first[lead]
    taken = ranges(first[lead], lengths)
    unit = np.where(instance.splittable[lead], 1, instance.size[lead])
    workers = np.array([int(instance.size[list(positions)].sum()) for positions in members], dtype=np.int64)
    arc_class = np.repeat(np.arange(len(lead)), lengths)
    by_departure = np.argsort(departure[taken], kind="stable")
    return Classes(
        instance=instance, pair=instance.pair[lead], unit=unit, units=workers // np.maximum(unit, 1),
        penalty=instance.penalty[lead] * unit, members=members, start=np.concatenate(([0], np.cumsum(lengths))),
        arc_class=arc_class, departure=departure[taken], cost=price[taken] * unit[arc_class], by_departure=by_departure,
        departure_start=np.searchsorted(departure[taken][by_departure], np.arange(len(instance.capacity) + 1)),
    )


def _alike(instance: Instance, first: Integers, departure: Integers, price: Floats) -> tuple[tuple[int, ...], ...]:
    """Positions of the groups of each class: same pair, penalty and options, and for parties the same size."""
    classes: dict[tuple[object, ...], list[int]] = {}
    for g in np.flatnonzero(instance.size):
        own = slice(first[g], first[g + 1])
        party = 0 if instance.splittable[g] else int(instance.size[g])
        key = (int(instance.pair[g]), party, float(instance.penalty[g]), departure[own].tobytes(), price[own].tobytes())
        classes.setdefault(key, []).append(int(g))
    return tuple(tuple(positions) for positions in classes.values())
