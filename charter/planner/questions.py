"""What worker processes are asked: prices of the relaxation, or a better way to run a piece."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from charter.planner.descent import Descent
from charter.planner.instance import Floats, Integers
from charter.planner.patterns import Load, Packing, packed
from charter.planner.piece import Formulation, Piece, formulate, most_units, seats_of

__all__ = ["PackQuestion", "PieceAnswer", "PieceQuestion", "RelaxAnswer", "RelaxQuestion", "answer"]


MOST_LINKS, PATIENCE = 300_000, 2.0  # for the simplex method: it may take so many times the seconds of a turn


@dataclass(frozen=True, slots=True, eq=False)
class RelaxQuestion:
    """Dual values of the relaxation of a piece, beginning from values of columns and rows (None: from nothing), to a
    relative accuracy, within seconds and iterations."""

    piece: Piece
    start: tuple[Floats, Floats] | None
    accuracy: float
    seconds: float
    iterations: int
    threads: int


@dataclass(frozen=True, slots=True, eq=False)
class RelaxAnswer:
    """Prices per unit of each class, per pair (none: no spread) and per shared row; vehicles per type; all values to
    go on from; whether the accuracy was reached, and whether these are the best there are."""

    unit: Floats
    spot: Floats
    shared: Floats
    runs: Floats
    primal: Floats
    dual: Floats
    accurate: bool
    exact: bool


@dataclass(frozen=True, slots=True, eq=False)
class PieceQuestion:
    """A piece, how long to look at it by the clock and in computing, and the relative gap that is close enough."""

    piece: Piece
    seconds: float
    computing: float
    nodes: int
    gap: float


@dataclass(frozen=True, slots=True, eq=False)
class PieceAnswer:
    """Units per arc and vehicles per type, the lower bound of the piece, and the seconds of computing it took."""

    units: Integers
    vehicles: Integers
    bound: float
    computing: float


@dataclass(frozen=True, slots=True, eq=False)
class PackQuestion:
    """Parties to pack in vehicles of one gate, within seconds of computing and so many tries."""

    packing: Packing
    computing: float
    tries: int
    seed: int


def answer(question: RelaxQuestion | PieceQuestion | PackQuestion) -> RelaxAnswer | PieceAnswer | list[Load] | None:
    """None where the time did not suffice, or nothing better was found."""
    if isinstance(question, PackQuestion):
        return packed(question.packing, question.computing, question.tries, question.seed)
    return _relax(question) if isinstance(question, RelaxQuestion) else _run(question)


def _relax(question: RelaxQuestion) -> RelaxAnswer:
    piece, form = question.piece, formulate(question.piece)
    found = _descent(question, form)
    arcs, types, classes, spots = len(piece.cost), len(piece.capacity), len(piece.pair), len(form.spot_pair)
    first_pair = classes + piece.gates + arcs + spots
    first_row = first_pair + (len(piece.elsewhere) if spots else 0)
    return RelaxAnswer(
        unit=found.dual[:classes], spot=-found.dual[first_pair:first_row],
        shared=-found.dual[first_row:first_row + len(piece.row_limit)], runs=found.primal[arcs:arcs + types],
        primal=found.primal, dual=found.dual, accurate=found.accurate, exact=found.exact)


def _descent(question: RelaxQuestion, form: Formulation) -> Descent:
    """By the simplex method where no pair's spread makes links count, if that ends in time; else step by step."""
    piece, found = question.piece, None
    if question.start is None and not len(form.spot_pair) and len(piece.cost) <= MOST_LINKS:
        from charter.planner.lazily import solve_lazily

        first = len(piece.pair) + piece.gates
        found = solve_lazily(form, np.arange(first, first + len(piece.cost)), PATIENCE * question.seconds)
    if found is not None:
        return found
    from charter.planner.firstorder import descend

    return descend(form, question.start, question.accuracy, question.seconds, question.iterations, question.threads)


def _run(question: PieceQuestion) -> PieceAnswer | None:
    from charter.planner import engine

    piece, form = question.piece, formulate(question.piece)
    arcs, types, spots = len(piece.cost), len(piece.capacity), len(form.spot_pair)
    limits = engine.Limits(question.seconds, question.computing, question.nodes, question.gap)
    began = time.process_time()
    found = engine.whole_solution(form, arcs + types + spots, _known(piece, form), limits)
    if found.values is None:
        return None
    return PieceAnswer(np.rint(found.values[:arcs]).astype(np.int64),
                       np.rint(found.values[arcs:arcs + types]).astype(np.int64), found.bound,
                       time.process_time() - began)


def _known(piece: Piece, form: Formulation) -> Floats | None:
    """Values of all columns for the solution that the piece brings along."""
    if not len(piece.now):
        return None
    spots, pairs = len(form.spot_pair), len(piece.elsewhere)
    classes = len(piece.pair)
    fit = most_units(piece)
    spot = np.zeros(spots)
    seen = form.spot_of_arc >= 0
    np.maximum.at(spot, form.spot_of_arc[seen], np.ceil(piece.now[seen] / np.maximum(fit[seen], 1)))
    riders = np.bincount(form.spot_of_arc[seen], (piece.now * piece.unit[piece.arc_class])[seen], spots)
    spot = np.maximum(spot, np.ceil(riders / seats_of(piece)[form.spot_gate]))
    left = piece.units - np.bincount(piece.arc_class, piece.now, classes)
    spread = np.maximum(np.bincount(form.spot_pair, spot, pairs) - np.maximum(1 - piece.elsewhere, 0), 0.0)
    return np.concatenate([piece.now, piece.running, spot, left, spread if spots else np.zeros(pairs)]).astype(float)
