"""A piece of the planning problem: some classes, the vehicles they may take, and what is free of shared resources."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charter.planner.instance import Floats, Integers

__all__ = ["Formulation", "Piece", "formulate"]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Sent to a worker process as it is, so plain arrays only.

    Classes i: `pair` (small numbers from 0), `unit`, `units`, `penalty` per unit. Facilities j: `capacity` in
    seats, `fixed_cost`, `copies`; a running vehicle with free seats is a facility without cost and one copy. Arcs:
    `arc_class`, `arc_facility`, `cost` per unit, sorted by (facility, pair); `aboard` marks arcs whose pair already
    sits in that running vehicle, so that no further spread cost arises. `elsewhere[p]`: vehicles that pair p uses
    outside. Row r: the vehicles of `row_facility` where `row == r`, times `row_weight`, at most `row_limit[r]`.
    """

    pair: Integers
    unit: Integers
    units: Integers
    penalty: Floats
    capacity: Integers
    fixed_cost: Floats
    copies: Integers
    arc_class: Integers
    arc_facility: Integers
    cost: Floats
    aboard: Integers
    elsewhere: Integers
    row: Integers
    row_facility: Integers
    row_weight: Floats
    row_limit: Floats
    spread_cost: float


@dataclass(frozen=True, slots=True, eq=False)
class Formulation:
    """min cost x, lower <= A x <= upper, 0 <= x <= bound; A by (row, column, value) triples.

    Columns in this order: arcs, vehicles per facility, spots (pair in facility), left units per class, spread per
    pair. Rows: one per class, capacity per facility, link per arc, spot per (pair, facility), spread per pair, shared.
    """

    cost: Floats
    bound: Floats
    row: Integers
    column: Integers
    value: Floats
    lower: Floats
    upper: Floats
    spot_of_arc: Integers  # -1 where none is needed
    spot_facility: Integers
    spot_pair: Integers


def formulate(piece: Piece) -> Formulation:
    """The model with strong links (Cornuejols, Nemhauser, Wolsey 1990), copies summed into one whole number."""
    arcs, facilities, classes, pairs = len(piece.cost), len(piece.capacity), len(piece.pair), len(piece.elsewhere)
    spot_of_arc, spot_facility, spot_pair = _spots(piece)
    spots = len(spot_pair)
    y, z, u, s = arcs, arcs + facilities, arcs + facilities + spots, arcs + facilities + spots + classes
    rows: list[tuple[Integers, Integers, Floats]] = []
    ones = np.ones
    capacity_row, link_row = classes, classes + facilities
    spot_row = link_row + arcs
    spread_row = spot_row + spots
    shared_row = spread_row + (pairs if spots else 0)
    rows.append((piece.arc_class, np.arange(arcs), ones(arcs)))
    rows.append((np.arange(classes), u + np.arange(classes), ones(classes)))
    rows.append((capacity_row + piece.arc_facility, np.arange(arcs), piece.unit[piece.arc_class].astype(float)))
    rows.append((capacity_row + np.arange(facilities), y + np.arange(facilities), -piece.capacity.astype(float)))
    single = np.minimum(piece.units[piece.arc_class],
                        piece.capacity[piece.arc_facility] // piece.unit[piece.arc_class]).astype(float)
    rows.append((link_row + np.arange(arcs), np.arange(arcs), ones(arcs)))
    opener = np.where(spot_of_arc < 0, y + piece.arc_facility, z + spot_of_arc)
    rows.append((link_row + np.arange(arcs), opener, -single))
    rows.append((spot_row + np.arange(spots), z + np.arange(spots), ones(spots)))
    rows.append((spot_row + np.arange(spots), y + spot_facility, -ones(spots)))
    if spots:
        rows.append((spread_row + spot_pair, z + np.arange(spots), ones(spots)))
        rows.append((spread_row + np.arange(pairs), s + np.arange(pairs), -ones(pairs)))
    rows.append((shared_row + piece.row, y + piece.row_facility, piece.row_weight))
    row, column, value = (np.concatenate(part) for part in zip(*rows, strict=True))
    upper = np.concatenate([piece.units, np.zeros(facilities + arcs + spots),
                            np.maximum(1 - piece.elsewhere, 0) if spots else [], piece.row_limit]).astype(float)
    lower = np.where(np.arange(len(upper)) < classes, upper, -np.inf)
    return Formulation(
        cost=np.concatenate([piece.cost, piece.fixed_cost, np.zeros(spots), piece.penalty,
                             np.full(pairs, piece.spread_cost)]),
        # the other columns' bounds follow from the rows; stated again they would share the rows' dual prices
        bound=np.concatenate([np.full(arcs, np.inf), piece.copies, np.full(spots + classes + pairs, np.inf)]),
        row=row, column=column, value=value, lower=lower, upper=upper,
        spot_of_arc=spot_of_arc, spot_facility=spot_facility, spot_pair=spot_pair,
    )


def _spots(piece: Piece) -> tuple[Integers, Integers, Integers]:
    """Numbers of (facility, pair) that may cost spread, by arc; facility and pair of each."""
    pairs = max(len(piece.elsewhere), 1)
    key = piece.arc_facility * pairs + piece.pair[piece.arc_class]
    counted = (piece.aboard == 0) & (piece.spread_cost > 0)
    known, number = np.unique(key[counted], return_inverse=True)
    spot_of_arc = np.full(len(key), -1)
    spot_of_arc[counted] = number
    return spot_of_arc, known // pairs, known % pairs
