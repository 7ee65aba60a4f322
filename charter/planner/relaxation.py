"""Better prices block by block: each block's linear relaxation is solved exactly while all other prices stand still.

Block-coordinate ascent on the Lagrangian dual. With one block that holds everything it is the whole relaxation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.merging import Classes
from charter.planner.piece import Piece
from charter.planner.prices import Prices, vehicle_costs
from charter.planner.questions import BlockAnswer, BlockQuestion
from charter.planner.resources import Resources

__all__ = ["ask_block", "take_prices"]


def ask_block(classes: Classes, resources: Resources, prices: Prices, block: Integers, seconds: float,
              share: Floats | None, paying: Booleans) -> BlockQuestion:
    """The question for the prices of `block`. With `share` the block also prices shared rows, of whose limits it has
    that much; without, their prices stand. Departures that are not nearly `paying` are
    left out; the bound is counted over all of them afterwards."""
    instance = classes.instance
    inside = np.zeros(len(classes), dtype=np.bool_)
    inside[block] = True
    own = inside[classes.arc_class]
    reached = np.unique(classes.departure[own & paying[classes.departure]])
    facility = np.full(len(instance.capacity), -1)
    facility[reached] = np.arange(len(reached))
    pays = prices.unit[classes.arc_class] > classes.cost
    arcs = np.flatnonzero((facility[classes.departure] >= 0) & (own | pays))
    arcs = arcs[np.lexsort((classes.pair[classes.arc_class[arcs]], classes.departure[arcs]))]
    kinds = np.unique(np.concatenate((classes.arc_class[arcs], block)))
    pairs, pair_of = np.unique(classes.pair[kinds], return_inverse=True)
    cut = np.zeros(instance.pairs, dtype=np.bool_)
    cut[classes.pair[~inside]] = True
    buyers = ~inside[kinds]
    rows = _rows(resources, facility) if share is not None else _no_rows()
    fixed = instance.fixed_cost if share is not None else vehicle_costs(classes, resources, prices)
    piece = Piece(
        pair=pair_of, unit=classes.unit[kinds], units=classes.units[kinds],
        penalty=np.where(buyers, prices.unit[kinds], classes.penalty[kinds]),
        capacity=instance.capacity[reached], fixed_cost=fixed[reached], copies=instance.copies[reached],
        arc_class=np.searchsorted(kinds, classes.arc_class[arcs]),
        arc_facility=facility[classes.departure[arcs]], cost=classes.cost[arcs],
        aboard=np.zeros(len(arcs), dtype=np.int64), elsewhere=np.zeros(len(pairs), dtype=np.int64),
        row=rows[0], row_facility=rows[1], row_weight=rows[2],
        row_limit=np.zeros(0) if share is None else share,
        spread_cost=instance.spread_cost,
    )
    return BlockQuestion(piece, buyers, np.where(cut[pairs], prices.spot[pairs], np.nan), seconds)


def _no_rows() -> tuple[Integers, Integers, Floats]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)


def _rows(resources: Resources, facility: Integers) -> tuple[Integers, Integers, Floats]:
    """Shared rows as far as the facilities of a piece are in them."""
    row = np.repeat(np.arange(len(resources)), np.diff(resources.start))
    inside = facility[resources.departure] >= 0
    return row[inside], facility[resources.departure[inside]], resources.weight[inside]


def take_prices(classes: Classes, prices: Prices, question: BlockQuestion, answer: BlockAnswer,
                block: Integers) -> Prices:
    """Prices with the block's new ones put in."""
    unit, spot = prices.unit.copy(), prices.spot.copy()
    priced = np.bincount(question.piece.arc_class, minlength=len(answer.unit)) > 0
    own = ~question.buyers
    unit[block] = np.where(priced[own], answer.unit[own], prices.unit[block])
    free = np.isnan(question.spot)
    spot[np.unique(classes.pair[block])[_whole(classes, block)]] = answer.spot[free]
    return replace(prices, unit=unit, spot=spot).allowed(classes)


def _whole(classes: Classes, block: Integers) -> Booleans:
    """Of the pairs of a block, those that have no class outside it."""
    outside = np.ones(len(classes), dtype=np.bool_)
    outside[block] = False
    return np.isin(np.unique(classes.pair[block]), classes.pair[outside], invert=True)


