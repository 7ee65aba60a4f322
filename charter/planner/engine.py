"""HiGHS behind one question: the best whole solution of a piece."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from charter.planner.instance import Floats
from charter.planner.piece import Formulation

__all__ = ["Limits", "Whole", "whole_solution"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a whole solution may be sought: seconds by the clock, seconds of computing (which a busy machine takes
    longer for), search nodes, and the relative gap that is close enough."""

    seconds: float = math.inf
    computing: float = math.inf
    nodes: int = 2**30
    gap: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """Values of all columns (None: none found) and the solver's lower bound, for a piece's formulation."""

    values: Floats | None
    bound: float


def _solver(form: Formulation, integers: int, seconds: float) -> Any:
    solver: Any = highspy.Highs  # untyped, and its constructor too
    solver = solver()
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds),
                          ("mip_allow_restart", False)):
        solver.setOptionValue(option, value)
    model = highspy.HighsLp()
    columns = len(form.cost)
    model.num_col_, model.num_row_ = columns, len(form.lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = form.cost, np.zeros(columns), form.bound
    model.row_lower_, model.row_upper_ = form.lower, form.upper
    order = np.lexsort((form.row, form.column))
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(form.column[order], np.arange(columns + 1))
    model.a_matrix_.index_, model.a_matrix_.value_ = form.row[order], form.value[order]
    if integers:
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger] * integers + [kinds.kContinuous] * (columns - integers)
    solver.passModel(model)
    return solver


def whole_solution(form: Formulation, integers: int, known: Floats | None, limits: Limits) -> Whole:
    """The best solution found with the first `integers` columns whole, beginning from a `known` one."""
    solver = _solver(form, integers, limits.seconds)
    if known is not None:
        solution = highspy.HighsSolution()
        solution.col_value = known
        solver.setSolution(solution)
    solver.setOptionValue("mip_rel_gap", limits.gap)
    solver.setOptionValue("mip_max_nodes", limits.nodes)
    if limits.computing < math.inf:
        end = time.process_time() + limits.computing
        solver.cbMipInterrupt += lambda event: event.interrupt() if time.process_time() > end else None
    solver.run()
    info = solver.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if found else None
    return Whole(values, float(info.mip_dual_bound))
