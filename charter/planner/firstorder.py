"""Google's PDLP (Applegate and others 2021, in OR-Tools) behind one question: the dual values of a large relaxation."""

from __future__ import annotations

from typing import Any

import numpy as np

from charter.planner.descent import Descent
from charter.planner.instance import Floats
from charter.planner.piece import Formulation

__all__ = ["descend"]

SHARDS = 8  # fixed, so that sums do not depend on the number of threads


def descend(form: Formulation, start: tuple[Floats, Floats] | None, accuracy: float, seconds: float, iterations: int,
            threads: int) -> Descent:
    """Primal and dual values near the optimum of the relaxation."""
    from ortools.pdlp import solve_log_pb2
    from ortools.pdlp.python import pdlp

    log: Any = solve_log_pb2
    begin = None
    if start is not None:
        begin = pdlp.PrimalAndDualSolution()
        begin.primal_solution, begin.dual_solution = start
    parameters = _parameters(accuracy, seconds, iterations, threads)
    result = pdlp.primal_dual_hybrid_gradient(_program(form), parameters, begin)
    reached = result.solve_log.termination_reason == log.TERMINATION_REASON_OPTIMAL
    return Descent(np.array(result.primal_solution), np.array(result.dual_solution), reached)


def _program(form: Formulation) -> Any:
    from ortools.pdlp.python import pdlp
    from scipy import sparse

    program = pdlp.QuadraticProgram()
    program.resize_and_initialize(len(form.cost), len(form.upper))
    program.objective_vector = form.cost
    program.variable_lower_bounds, program.variable_upper_bounds = np.zeros(len(form.cost)), form.bound
    program.constraint_lower_bounds, program.constraint_upper_bounds = form.lower, form.upper
    program.constraint_matrix = sparse.csc_matrix((form.value, (form.row, form.column)),
                                                  shape=(len(form.upper), len(form.cost)))
    return program


def _parameters(accuracy: float, seconds: float, iterations: int, threads: int) -> Any:
    from ortools.pdlp import solvers_pb2

    messages: Any = solvers_pb2
    made = messages.PrimalDualHybridGradientParams()
    made.num_threads, made.num_shards = threads, SHARDS
    end = made.termination_criteria
    end.simple_optimality_criteria.eps_optimal_relative = accuracy
    end.simple_optimality_criteria.eps_optimal_absolute = accuracy
    end.iteration_limit = iterations
    if np.isfinite(seconds):
        end.time_sec_limit = max(seconds, 0.01)
    return made
