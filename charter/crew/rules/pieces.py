"""One CP-SAT model: some people, the places that they hold and those that are empty, shared out anew. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from charter.crew.rules.rota import NIGHT_WEIGHT, Hand, Problem, Shift, may

__all__ = ["Answer", "Piece", "share_out"]

EMPTY_COST = 1_000_000  # of a place that nobody fills: more than any fairness is worth
Pairs = dict[tuple[int, int], cp_model.IntVar]


@dataclass(frozen=True, slots=True)
class Piece:
    """Hands, and shifts with as many open places as they have; who does what now (places in both), as a hint."""

    hands: tuple[Hand, ...]
    shifts: tuple[Shift, ...]
    open: tuple[int, ...]
    now: frozenset[tuple[int, int]]  # (hand, shift)


@dataclass(frozen=True, slots=True)
class Answer:
    """Who does what, and whether nothing better exists; the lower bound of empty places (coverage only)."""

    pairs: frozenset[tuple[int, int]]
    proven: bool
    empty_bound: int


def share_out(problem: Problem, piece: Piece, *, seconds: float, seed: int, workers: int,
              coverage: bool = False) -> Answer | None:
    """The best sharing-out found; None where none was found in time. `coverage`: only fill places, fair or not."""
    model = cp_model.CpModel()
    pairs: Pairs = {(hand, shift): model.new_bool_var(f"{hand}-{shift}")
                    for hand, one in enumerate(piece.hands) for shift, what in enumerate(piece.shifts)
                    if may(one, what, problem.rest_min)}
    for pair, variable in pairs.items():
        model.add_hint(variable, pair in piece.now)
    empty = _fill(model, piece, pairs)
    mine: list[dict[int, cp_model.IntVar]] = [{} for _ in piece.hands]
    for (hand, shift), variable in pairs.items():
        mine[hand][shift] = variable
    for own in mine:
        _one_at_a_time(model, problem, piece, own)
    fair = [] if coverage else [_burden(model, one, piece.shifts, own)
                                for one, own in zip(piece.hands, mine, strict=True)]
    parts: list[Any] = [*(EMPTY_COST * left for left in empty), *fair]
    model.minimize(sum(parts))
    return _solved(model, pairs, seconds, seed, workers)


def _fill(model: cp_model.CpModel, piece: Piece, pairs: Pairs) -> list[cp_model.IntVar]:
    """Every place is filled or counted as empty."""
    empty: list[cp_model.IntVar] = []
    fillers: list[list[cp_model.IntVar]] = [[] for _ in piece.shifts]
    for (_, shift), variable in pairs.items():
        fillers[shift].append(variable)
    for shift, places in enumerate(piece.open):
        left = model.new_int_var(0, places, f"empty-{shift}")
        model.add(sum(fillers[shift]) + left == places)
        empty.append(left)
    return empty


def _one_at_a_time(model: cp_model.CpModel, problem: Problem, piece: Piece,
                   mine: dict[int, cp_model.IntVar]) -> None:
    """Of shifts that are all too near each other at most one: the largest such sets of an interval order."""
    order = sorted(mine, key=lambda shift: piece.shifts[shift].start)
    before: frozenset[int] = frozenset()
    for shift in order:
        now = piece.shifts[shift].start
        near = frozenset(other for other in order
                         if piece.shifts[other].start <= now < piece.shifts[other].end + problem.rest_min)
        if not before <= near:
            model.add_at_most_one(mine[one] for one in sorted(before))
        before = near
    if len(before) > 1:
        model.add_at_most_one(mine[one] for one in sorted(before))


def _burden(model: cp_model.CpModel, hand: Hand, shifts: Sequence[Shift],
            mine: dict[int, cp_model.IntVar]) -> cp_model.LinearExprT:
    """The squares of what he bears."""
    parts = ((1, hand.bears[0], {shift: shifts[shift].load for shift in mine}),
             (NIGHT_WEIGHT, hand.bears[1], {shift: shifts[shift].nights for shift in mine}),
             (NIGHT_WEIGHT, hand.bears[2], {shift: int(shifts[shift].long) for shift in mine}))
    return sum(weight * _square(model, start, [(mine[shift], units) for shift, units in borne.items() if units])
               for weight, start, borne in parts)


def _square(model: cp_model.CpModel, start: int, terms: Iterable[tuple[cp_model.IntVar, int]]) -> cp_model.LinearExprT:
    """At least the square of start + terms, exactly so at whole numbers: one tangent between each two."""
    terms = list(terms)
    if not terms:
        return start * start
    most = start + sum(units for _, units in terms)
    total = start + sum(variable * units for variable, units in terms)
    squared = model.new_int_var(start * start, most * most, "")
    for whole in range(start, min(most, start + 60)):
        model.add(squared >= (2 * whole + 1) * total - whole * (whole + 1))
    return squared


def _solved(model: cp_model.CpModel, pairs: Pairs, seconds: float, seed: int, workers: int) -> Answer | None:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = workers
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = frozenset(pair for pair, variable in pairs.items() if solver.boolean_value(variable))
    return Answer(chosen, status == cp_model.OPTIMAL, max(0, int(-(-solver.best_objective_bound // EMPTY_COST))))
