"""What worker processes are asked: prices of a block, or a better way to run a piece."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.piece import Piece, formulate

__all__ = ["BlockAnswer", "BlockQuestion", "PieceAnswer", "PieceQuestion", "answer"]


@dataclass(frozen=True, slots=True, eq=False)
class BlockQuestion:
    """Prices of the classes of a piece that are not `buyers`. Buyers ride for a known price (their `penalty`);
    pairs with a known spot price have it in `spot`, the others NaN."""

    piece: Piece
    buyers: Booleans
    spot: Floats
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class BlockAnswer:
    """Prices per unit, per pair and per shared row."""

    unit: Floats
    spot: Floats
    shared: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PieceQuestion:
    """A piece, how long to look at it."""

    piece: Piece
    seconds: float
    nodes: int
    gap: float


@dataclass(frozen=True, slots=True, eq=False)
class PieceAnswer:
    """Units per arc and vehicles per facility, and the lower bound of the piece."""

    units: Integers
    vehicles: Integers
    bound: float


def answer(question: BlockQuestion | PieceQuestion) -> BlockAnswer | PieceAnswer | None:
    """None where the time did not suffice."""
    return _prices(question) if isinstance(question, BlockQuestion) else _run(question)


def _prices(question: BlockQuestion) -> BlockAnswer | None:
    from charter.planner import engine

    piece, form = question.piece, formulate(question.piece)
    classes, arcs, facilities = len(piece.pair), len(piece.cost), len(piece.capacity)
    cost, lower, upper = form.cost.copy(), form.lower.copy(), form.upper.copy()
    buying = question.buyers[piece.arc_class]
    cost[:arcs][buying] -= piece.penalty[piece.arc_class[buying]]
    lower[:classes][question.buyers], upper[:classes][question.buyers] = -np.inf, np.inf
    left = arcs + facilities + len(form.spot_pair)
    cost[left:left + classes][question.buyers] = 0.0
    first_pair = classes + facilities + arcs + len(form.spot_pair)
    pairs = len(piece.elsewhere) if len(form.spot_pair) else 0
    known = ~np.isnan(question.spot)
    if pairs:
        upper[first_pair:first_pair + pairs][known] = np.inf
        spot_cost = np.where(known, question.spot, 0.0)[form.spot_pair]
        cost[arcs + facilities:left] = spot_cost
    prices = engine.duals(replace(form, cost=cost, lower=lower, upper=upper), question.seconds)
    if prices is None:
        return None
    spot = np.where(known, question.spot, -prices[first_pair:first_pair + pairs] if pairs else 0.0)
    return BlockAnswer(prices[:classes], spot, -prices[first_pair + pairs:])


def _run(question: PieceQuestion) -> PieceAnswer | None:
    from charter.planner import engine

    piece, form = question.piece, formulate(question.piece)
    arcs, facilities, spots = len(piece.cost), len(piece.capacity), len(form.spot_pair)
    limits = engine.Limits(question.seconds, question.nodes, question.gap)
    found = engine.whole_solution(form, arcs + facilities + spots, limits)
    if found.values is None:
        return None
    return PieceAnswer(np.rint(found.values[:arcs]).astype(np.int64),
                       np.rint(found.values[arcs:arcs + facilities]).astype(np.int64), found.bound)
