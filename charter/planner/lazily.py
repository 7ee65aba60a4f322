"""The relaxation by the simplex method with links added where they are broken: few of them ever are, where no pair's
spread ties classes together."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from charter.planner.descent import Descent
from charter.planner.instance import Booleans, Floats, Integers
from charter.planner.piece import Formulation

__all__ = ["solve_lazily"]

BROKEN = 1e-6
MOST_TURNS = 100


def solve_lazily(form: Formulation, links: Integers, seconds: float) -> Descent | None:
    """Values at the optimum, or those of the last relaxation that was solved in time (its dual values prove as much);
    None where not even the first was."""
    import highspy
    from scipy import sparse

    matrix = sparse.csr_matrix((form.value, (form.row, form.column)), shape=(len(form.upper), len(form.cost)))
    inside = np.ones(len(form.upper), dtype=np.bool_)
    inside[links] = False
    order, end, found = np.flatnonzero(inside), time.monotonic() + seconds, None
    solver = _without(form, matrix, inside)
    for _ in range(MOST_TURNS):
        solver.setOptionValue("time_limit", solver.getRunTime() + max(end - time.monotonic(), 0.0))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            break
        values = solver.getSolution()
        primal, dual = np.array(values.col_value), np.zeros(len(form.upper))
        dual[order] = values.row_dual
        broken = links[(matrix[links] @ primal > form.upper[links] + BROKEN) & ~inside[links]]
        found = Descent(primal, dual, accurate=not len(broken), exact=not len(broken))
        if found.exact:
            break
        rows = matrix[broken].tocsr()
        solver.addRows(len(broken), np.full(len(broken), -highspy.kHighsInf), form.upper[broken], rows.nnz,
                       rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32), rows.data)
        inside[broken] = True
        order = np.concatenate((order, broken))
    return found


def _without(form: Formulation, matrix: Any, inside: Booleans) -> Any:
    """A solver with the rows `inside`."""
    import highspy

    make: Any = highspy.Highs
    solver, model, columns = make(), highspy.HighsLp(), matrix[inside].tocsc()
    none: Floats = np.zeros(len(form.cost))
    for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
        solver.setOptionValue(option, value)
    model.num_col_, model.num_row_ = len(form.cost), columns.shape[0]
    model.col_cost_, model.col_lower_, model.col_upper_ = form.cost, none, form.bound
    model.row_lower_, model.row_upper_ = form.lower[inside], form.upper[inside]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
        columns.indptr, columns.indices, columns.data)
    solver.passModel(model)
    return solver
