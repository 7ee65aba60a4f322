"""One mixed-integer model of a whole instance, as a textbook writes it, for comparison:
python -m tests.bench.plain_model highs|cp-sat INSTANCE OUT SECONDS. Copies are summed into one whole number for each
departure; OUT holds only the objective and the bound."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from charter.planner.engine import Limits, whole_solution
from charter.planner.merging import Classes, merge, ranges
from charter.planner.piece import Formulation, Piece, formulate
from charter.planner.reading import read
from charter.planner.resources import shared

CENTS = 100  # CP-SAT counts in whole numbers


def piece(classes: Classes, resources: Any) -> Piece:
    """Every departure for itself, with its own rows."""
    gates, instance = classes.gates, classes.instance
    departures = gates.departure
    arcs_of = classes.gate_start[1:] - classes.gate_start[:-1]
    of = gates.of[departures]
    arcs = classes.by_gate[ranges(classes.gate_start[of], arcs_of[of])]
    arc_gate = np.repeat(np.arange(len(departures)), arcs_of[of])
    order = np.lexsort((classes.pair[classes.arc_class[arcs]], arc_gate))
    arcs, arc_gate = arcs[order], arc_gate[order]
    fits = classes.unit[classes.arc_class[arcs]] <= instance.capacity[departures][arc_gate]
    arcs, arc_gate = arcs[fits], arc_gate[fits]
    place = np.full(len(instance.capacity), -1)
    place[departures] = np.arange(len(departures))
    row = np.repeat(np.arange(len(resources)), np.diff(resources.start))
    inside = place[resources.departure] >= 0
    nothing = np.zeros(0, dtype=np.int64)
    return Piece(
        pair=classes.pair, unit=classes.unit, units=classes.units, penalty=classes.penalty,
        type_gate=np.arange(len(departures)), capacity=instance.capacity[departures],
        fixed_cost=instance.fixed_cost[departures], copies=instance.copies[departures],
        arc_class=classes.arc_class[arcs], arc_gate=arc_gate, cost=classes.cost[arcs],
        aboard=np.zeros(len(arcs), dtype=np.bool_), elsewhere=np.zeros(instance.pairs, dtype=np.int64),
        row=row[inside], row_type=place[resources.departure[inside]], row_weight=resources.weight[inside],
        row_limit=resources.limit, spread_cost=instance.spread_cost, now=nothing, running=nothing)


def highs(form: Formulation, integers: int, seconds: float) -> tuple[float, float] | None:
    found = whole_solution(form, integers, None, Limits(seconds=seconds))
    return None if found.values is None else (float(form.cost @ found.values), found.bound)


def cp_sat(form: Formulation, most: Any, seconds: float) -> tuple[float, float] | None:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    columns = [model.new_int_var(0, int(top), "") for top in most]
    order = np.lexsort((form.column, form.row))
    start = np.searchsorted(form.row[order], np.arange(len(form.upper) + 1))
    for r, (low, high) in enumerate(zip(form.lower, form.upper, strict=True)):
        own = order[start[r]:start[r + 1]]
        total = cp_model.LinearExpr.weighted_sum([columns[c] for c in form.column[own]], form.value[own].tolist())
        model.add(total == int(high)) if low == high else model.add(total <= float(high))
    model.minimize(cp_model.LinearExpr.weighted_sum(columns, np.rint(form.cost * CENTS).astype(int).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    state = solver.solve(model)
    if state not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return solver.objective_value / CENTS, solver.best_objective_bound / CENTS


def main(engine: str, given: Path, out: Path, seconds: float) -> None:
    began = time.monotonic()
    instance = read(given)
    classes = merge(instance)
    whole = piece(classes, shared(instance))
    form = formulate(whole)
    arcs, types, spots = len(whole.cost), len(whole.capacity), len(form.spot_pair)
    left = seconds - (time.monotonic() - began)
    if engine == "highs":
        found = highs(form, arcs + types + spots, left)
    else:
        total = np.bincount(classes.pair, classes.units, instance.pairs)
        most = np.concatenate([classes.units[whole.arc_class], whole.copies, total[form.spot_pair], classes.units,
                               np.full(instance.pairs, len(form.spot_pair))])
        found = cp_sat(form, most, left)
    if found is not None:
        out.write_text(json.dumps({"objective": found[0], "lower_bound": found[1]}), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))
