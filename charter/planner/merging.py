"""Merge groups that no plan can tell apart into classes, and departures with the same riders into gates.

Options that can never pay are dropped on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from charter.planner.instance import Booleans, Floats, Instance, Integers

__all__ = ["Classes", "Gates", "merge", "ranges"]


@dataclass(frozen=True, slots=True, eq=False)
class Gates:
    """A gate is a set of departures that the same groups may take at the same costs: vehicles of several sizes from one
    place on one day. `of[d]` is the gate of departure d (-1: nobody may ride it); gate j's departures are
    `departure[start[j]:start[j + 1]]`, and the largest of them has `seats[j]`. Departures of a gate that differ in
    their names only are one, the first, with the copies of all: `stands[d]` for departure d."""

    of: Integers
    departure: Integers
    start: Integers
    seats: Integers
    stands: Integers

    def __len__(self) -> int:
        return len(self.seats)

    def departures(self, gate: int) -> Integers:
        """The departures of one gate."""
        return self.departure[self.start[gate]:self.start[gate + 1]]


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Class k stands for `units[k]` equal units of `unit[k]` workers (1, or a party that rides together).

    Arcs are the ways of classes to gates, sorted by (class, gate), class k's at `start[k]:start[k + 1]`; their cost and
    the penalty are per unit. `by_gate` lists arc positions by gate j at `gate_start[j]` and on.
    """

    instance: Instance
    gates: Gates
    pair: Integers
    unit: Integers
    units: Integers
    penalty: Floats
    members: tuple[tuple[int, ...], ...]
    start: Integers
    arc_class: Integers
    gate: Integers
    cost: Floats
    by_gate: Integers
    gate_start: Integers

    def __len__(self) -> int:
        return len(self.pair)

    @property
    def size(self) -> Integers:
        """Workers of each class."""
        return self.units * self.unit

    def at_gate(self, gate: int) -> Integers:
        """Arc positions of one gate."""
        return self.by_gate[self.gate_start[gate]:self.gate_start[gate + 1]]

    def arcs_of(self, kinds: Integers) -> Integers:
        """Arc positions of classes, one class after the other."""
        return ranges(self.start[kinds], self.start[kinds + 1] - self.start[kinds])

    def arcs_at(self, gates: Integers) -> Integers:
        """Arc positions at gates, one gate after the other."""
        return self.by_gate[ranges(self.gate_start[gates], self.gate_start[gates + 1] - self.gate_start[gates])]

    def arc(self, kind: int, gate: int) -> int:
        """The arc of a class to a gate; -1 where it has none."""
        first, last = self.start[kind], self.start[kind + 1]
        place = int(first + np.searchsorted(self.gate[first:last], gate))
        return place if place < last and self.gate[place] == gate else -1


def ranges(starts: Integers, lengths: Integers) -> Integers:
    """Positions start, start + 1, ... of every range, one after the other."""
    ends = np.cumsum(lengths)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)


def merge(instance: Instance) -> Classes:
    """Classes of an instance. An option that costs as much as staying, or a party larger than the vehicle, is left
    out: leaving the worker behind is never dearer and never harder. So is one whose vehicle can never run."""
    pays = instance.option_cost < instance.penalty[instance.option_group]
    pays &= instance.size[instance.option_group] > 0
    copies = _useful_copies(instance, instance.option_group[pays], instance.option_departure[pays])
    pays &= copies[instance.option_departure] > 0
    group, departure, price = instance.option_group[pays], instance.option_departure[pays], instance.option_cost[pays]
    gates = _gates(instance, group, departure, price)
    instance = replace(instance, copies=np.bincount(gates.stands, copies, len(copies)).astype(np.int64))
    first_of_gate = np.zeros(len(instance.capacity), dtype=np.bool_)
    first_of_gate[gates.departure[gates.start[:-1]]] = True
    kept = first_of_gate[departure]
    group, gate, price = group[kept], gates.of[departure[kept]], price[kept]
    fits = instance.splittable[group] | (instance.size[group] <= gates.seats[gate])
    group, gate, price = group[fits], gate[fits], price[fits]
    first = np.searchsorted(group, np.arange(len(instance.size) + 1))
    return _classes(instance, gates, _alike(instance, first, gate, price), first, gate, price)


def _classes(instance: Instance, gates: Gates, members: tuple[tuple[int, ...], ...], first: Integers, gate: Integers,
             price: Floats) -> Classes:
    lead = np.array([positions[0] for positions in members], dtype=np.int64)
    lengths = first[lead + 1] - first[lead]
    taken = ranges(first[lead], lengths)
    unit = np.where(instance.splittable[lead], 1, instance.size[lead])
    counts = np.fromiter(map(len, members), dtype=np.int64, count=len(members))
    flat = np.fromiter((g for positions in members for g in positions), dtype=np.int64, count=int(counts.sum()))
    workers = np.bincount(np.repeat(np.arange(len(members)), counts), instance.size[flat], len(members))
    arc_class = np.repeat(np.arange(len(lead)), lengths)
    by_gate = np.argsort(gate[taken], kind="stable")
    return Classes(
        instance=instance, gates=gates, pair=instance.pair[lead], unit=unit,
        units=np.rint(workers).astype(np.int64) // np.maximum(unit, 1), penalty=instance.penalty[lead] * unit,
        members=members, start=np.concatenate(([0], np.cumsum(lengths))), arc_class=arc_class, gate=gate[taken],
        cost=price[taken] * unit[arc_class], by_gate=by_gate,
        gate_start=np.searchsorted(gate[taken][by_gate], np.arange(len(gates) + 1)),
    )


def _gates(instance: Instance, group: Integers, departure: Integers, price: Floats) -> Gates:
    """Gates in the order of their first departures, which stand first in each."""
    order = np.argsort(departure, kind="stable")
    group, price = group[order], price[order]
    first = np.searchsorted(departure[order], np.arange(len(instance.capacity) + 1))
    length = np.diff(first)
    lead = _first_with_mark(_marks(group, price, first), length)
    mine, leads = ranges(first[:-1], length), ranges(first[lead], np.where(length > 0, length, 0))
    differs = (group[mine] != group[leads]) | (price[mine] != price[leads])
    alone = np.unique(np.repeat(np.arange(len(length)), length)[differs])
    lead[alone] = alone
    ridden = np.flatnonzero(length > 0)
    leaders, numbers = np.unique(lead[ridden], return_inverse=True)
    of = np.full(len(length), -1)
    of[ridden] = numbers
    stands = _stands(instance, of)
    by_gate = ridden[np.argsort(numbers, kind="stable")]
    by_gate = by_gate[stands[by_gate] == by_gate]
    start = np.searchsorted(of[by_gate], np.arange(len(leaders) + 1))
    seats = np.zeros(len(leaders), dtype=np.int64)
    np.maximum.at(seats, numbers, instance.capacity[ridden])
    return Gates(of, by_gate, start, seats, stands)


def _stands(instance: Instance, gate: Integers) -> Integers:
    """For each departure the first of its gate that is the same vehicle; those that nobody rides stand alone."""
    busy = np.where((instance.fleet >= 0)[:, None], instance.busy, 0)
    keys = np.column_stack((gate, instance.capacity, instance.fixed_cost.view(np.int64), instance.fleet, busy))
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    stands: Integers = np.where(gate >= 0, first[number.reshape(-1)], np.arange(len(gate)))
    return stands


def _useful_copies(instance: Instance, group: Integers, departure: Integers) -> Integers:
    """Copies that a plan may run: each carries somebody, fits the budget, and its fleet has it."""
    riders = np.bincount(departure, instance.size[group], len(instance.capacity))
    copies = np.minimum(instance.copies, riders)
    named = instance.fleet >= 0
    copies[named] = np.minimum(copies[named], instance.fleet_size[instance.fleet[named]])
    if instance.budget is not None:
        paid = instance.fixed_cost > 0  # what costs nothing may run on an empty budget too
        affordable = instance.budget * (1 + 1e-9) / instance.fixed_cost[paid]
        copies[paid] = np.minimum(copies[paid], np.floor(np.minimum(affordable, 2.0**53)))
    whole: Integers = copies.astype(np.int64)
    return whole


def _marks(group: Integers, price: Floats, first: Integers) -> Integers:
    """A number for the riders and costs of each departure; equal lists have equal numbers."""
    bits = price.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + group.astype(np.uint64)
    bits ^= bits >> np.uint64(29)
    bits *= np.uint64(0xBF58476D1CE4E5B9)
    bits ^= bits >> np.uint64(32)
    running = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(bits, dtype=np.uint64)))
    marks: Integers = (running[first[1:]] - running[first[:-1]]).view(np.int64)
    return marks


def _first_with_mark(marks: Integers, length: Integers) -> Integers:
    """The first departure with the same mark and as many riders."""
    keys = np.stack((marks, length), axis=1)
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return first[number.reshape(-1)]


def _alike(instance: Instance, first: Integers, gate: Integers, price: Floats) -> tuple[tuple[int, ...], ...]:
    """Positions of the groups of each class: same pair, penalty and options, and for parties the same size."""
    classes: dict[tuple[object, ...], list[int]] = {}
    bounds, pairs, penalties = first.tolist(), instance.pair.tolist(), instance.penalty.tolist()
    parties: Booleans = ~instance.splittable
    sizes = np.where(parties, instance.size, 0).tolist()
    for g in np.flatnonzero(instance.size).tolist():
        own = slice(bounds[g], bounds[g + 1])
        key = (pairs[g], sizes[g], penalties[g], gate[own].tobytes(), price[own].tobytes())
        classes.setdefault(key, []).append(g)
    return tuple(tuple(positions) for positions in classes.values())
