"""A piece of the planning problem: some classes, the gates they may take, and what is free of shared resources."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charter.planner.instance import Booleans, Floats, Integers

__all__ = ["Formulation", "Piece", "formulate", "most_units", "seats_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Sent to a worker process as it is, so plain arrays only.

    Classes i: `pair` (small numbers from 0), `unit`, `units`, `penalty` per unit. Gates j have vehicle types t with
    `type_gate[t] == j` (sorted), `capacity` in seats, `fixed_cost`, `copies`; a running vehicle with free seats is a
    gate with one type without cost and one copy. Arcs: `arc_class`, `arc_gate`, `cost` per unit, sorted by (gate,
    pair); `aboard` marks arcs whose pair already sits in that running vehicle, so that no further spread cost arises.
    `elsewhere[p]`: vehicles that pair p uses outside. Row r: the vehicles of `row_type` where `row == r`, times
    `row_weight`, at most `row_limit[r]`. `now` and `running`: units per arc and vehicles per type as the plan has
    them, a solution of the piece (empty: none is known).
    """

    pair: Integers
    unit: Integers
    units: Integers
    penalty: Floats
    type_gate: Integers
    capacity: Integers
    fixed_cost: Floats
    copies: Integers
    arc_class: Integers
    arc_gate: Integers
    cost: Floats
    aboard: Booleans
    elsewhere: Integers
    row: Integers
    row_type: Integers
    row_weight: Floats
    row_limit: Floats
    spread_cost: float
    now: Integers
    running: Integers

    @property
    def gates(self) -> int:
        """How many gates there are; each has a type."""
        return int(self.type_gate[-1]) + 1 if len(self.type_gate) else 0


@dataclass(frozen=True, slots=True, eq=False)
class Formulation:
    """min cost x, lower <= A x <= upper, 0 <= x <= bound; A by (row, column, value) triples.

    Columns in this order: arcs, vehicles per type, spots (pair at gate), left units per class, spread per pair. Rows:
    one per class, seats per gate, link per arc, spot per (pair, gate), spread per pair, shared, seats per wide spot
    (whose pair fills more than one vehicle).
    """

    cost: Floats
    bound: Floats
    row: Integers
    column: Integers
    value: Floats
    lower: Floats
    upper: Floats
    spot_of_arc: Integers  # -1 where none is needed
    spot_gate: Integers
    spot_pair: Integers


def formulate(piece: Piece) -> Formulation:
    """The model with strong links (Cornuejols, Nemhauser, Wolsey 1990), copies summed into one whole number and the
    types of a gate into one sum of seats."""
    arcs, classes, pairs = len(piece.cost), len(piece.pair), len(piece.elsewhere)
    spot_of_arc, spot_gate, spot_pair = _spots(piece)
    spots = len(spot_pair)
    wide = _wide(piece, spot_of_arc, spot_gate)
    row, column, value = _matrix(piece, spot_of_arc, spot_gate, spot_pair, wide)
    upper = np.concatenate([piece.units, np.zeros(piece.gates + arcs + spots), np.maximum(1 - piece.elsewhere, 0)
                            if spots else [], piece.row_limit, np.zeros(len(wide))]).astype(float)
    return Formulation(
        cost=np.concatenate([piece.cost, piece.fixed_cost, np.zeros(spots), piece.penalty,
                             np.full(pairs, piece.spread_cost)]),
        # the other columns' bounds follow from the rows; stated again they would share the rows' dual prices
        bound=np.concatenate([np.full(arcs, np.inf), piece.copies, np.full(spots + classes + pairs, np.inf)]),
        row=row, column=column, value=value, lower=np.where(np.arange(len(upper)) < classes, upper, -np.inf),
        upper=upper, spot_of_arc=spot_of_arc, spot_gate=spot_gate, spot_pair=spot_pair,
    )


def seats_of(piece: Piece) -> Integers:
    """Seats of the largest vehicle of each gate."""
    seats = np.zeros(piece.gates, dtype=np.int64)
    np.maximum.at(seats, piece.type_gate, piece.capacity)
    return seats


def most_units(piece: Piece) -> Integers:
    """How many units of its class one vehicle at the end of each arc can take."""
    most: Integers = np.minimum(piece.units[piece.arc_class],
                                seats_of(piece)[piece.arc_gate] // piece.unit[piece.arc_class])
    return most


def _wide(piece: Piece, spot_of_arc: Integers, spot_gate: Integers) -> Integers:
    """Spots whose pair could fill more than one vehicle of the gate."""
    seen = spot_of_arc >= 0
    riders = np.bincount(spot_of_arc[seen], (most_units(piece) * piece.unit[piece.arc_class])[seen], len(spot_gate))
    return np.flatnonzero(riders > seats_of(piece)[spot_gate])


def _matrix(piece: Piece, spot_of_arc: Integers, spot_gate: Integers, spot_pair: Integers,
            wide: Integers) -> tuple[Integers, Integers, Floats]:
    arcs, types, classes, pairs = len(piece.cost), len(piece.capacity), len(piece.pair), len(piece.elsewhere)
    spots = len(spot_pair)
    y, z, u, s = arcs, arcs + types, arcs + types + spots, arcs + types + spots + classes
    link = classes + piece.gates
    spot, spread = link + arcs, link + arcs + spots
    shared = spread + (pairs if spots else 0)
    narrow = shared + len(piece.row_limit)
    inside = np.flatnonzero(np.isin(spot_of_arc, wide))
    size = piece.unit[piece.arc_class].astype(float)
    every, ones, most = np.arange, np.ones, most_units(piece).astype(float)
    bare, seen = np.flatnonzero(spot_of_arc < 0), np.flatnonzero(spot_of_arc >= 0)
    bare_place, bare_type = _types_of(piece, piece.arc_gate[bare])
    spot_place, spot_type = _types_of(piece, spot_gate)
    rows = [
        (piece.arc_class, every(arcs), ones(arcs)),
        (every(classes), u + every(classes), ones(classes)),
        (classes + piece.arc_gate, every(arcs), size),
        (classes + piece.type_gate, y + every(types), -piece.capacity.astype(float)),
        (link + every(arcs), every(arcs), ones(arcs)),
        (link + seen, z + spot_of_arc[seen], -most[seen]),
        (link + bare[bare_place], y + bare_type, -most[bare[bare_place]]),
        (spot + every(spots), z + every(spots), ones(spots)),
        (spot + spot_place, y + spot_type, -ones(len(spot_type))),
        (shared + piece.row, y + piece.row_type, piece.row_weight),
        (narrow + np.searchsorted(wide, spot_of_arc[inside]), inside, size[inside]),
        (narrow + every(len(wide)), z + wide, -seats_of(piece)[spot_gate[wide]].astype(float)),
    ]
    if spots:
        rows += [(spread + spot_pair, z + every(spots), ones(spots)),
                 (spread + every(pairs), s + every(pairs), -ones(pairs))]
    row, column, value = (np.concatenate(part) for part in zip(*rows, strict=True))
    return row, column, value


def _types_of(piece: Piece, gates: Integers) -> tuple[Integers, Integers]:
    """For each place in a list of gates all its types: (place, type)."""
    start = np.searchsorted(piece.type_gate, np.arange(piece.gates + 1))
    length = (start[1:] - start[:-1])[gates]
    place = np.repeat(np.arange(len(gates)), length)
    within = np.arange(len(place)) - np.repeat(np.cumsum(length) - length, length)
    return place, start[gates][place] + within


def _spots(piece: Piece) -> tuple[Integers, Integers, Integers]:
    """Numbers of (gate, pair) that may cost spread, by arc; gate and pair of each. A pair of one unit that rides
    nowhere else cannot be spread."""
    pairs = max(len(piece.elsewhere), 1)
    key = piece.arc_gate * pairs + piece.pair[piece.arc_class]
    alone = (np.bincount(piece.pair, piece.units, pairs) <= 1)[:len(piece.elsewhere)] & (piece.elsewhere == 0)
    counted = ~piece.aboard & (piece.spread_cost > 0) & ~alone[piece.pair[piece.arc_class]]
    known, number = np.unique(key[counted], return_inverse=True)
    spot_of_arc = np.full(len(key), -1)
    spot_of_arc[counted] = number
    return spot_of_arc, known // pairs, known % pairs
