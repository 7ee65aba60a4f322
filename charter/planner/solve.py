"""The planner's face for callers: an instance in, the best plan found and its proven bound out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from charter.planner.cluster import Cluster
from charter.planner.construct import construct, extend, top_up
from charter.planner.draft import Draft
from charter.planner.instance import Instance
from charter.planner.merging import Classes, merge
from charter.planner.plan import Plan, Row, objective
from charter.planner.progress import Progress
from charter.planner.resources import Resources, shared
from charter.planner.search import Search
from charter.planner.stop import Stop
from charter.planner.unfold import draft_of, rows_of
from charter.planner.workers import Workers

__all__ = ["OPTIMAL_GAP", "Plan", "Progress", "Stop", "solve"]

LEAVE, LEAVE_WORKER = 0.2, 2.5e-5  # seconds that the first bound, the file and the way out take, and more per worker
OPTIMAL_GAP = 1e-6  # up to here the contract calls a plan optimal


def solve(instance: Instance, *, stop: Stop, seed: int = 0, workers: int | None = None,
          start: Iterable[Row] | None = None, on_progress: Callable[[Progress], None] = lambda _: None,
          should_stop: Callable[[], bool] = lambda: False, dask: str | None = None) -> Plan:
    """The best plan found until `stop` or `should_stop` says so; always feasible, its bound always true.

    `workers` processes (default: one per core) solve pieces. `start` are rows that fit the instance
    (`plan.misfit` is None). With `Stop.rounds_of` the same seed gives the same rows and bound. `dask` is the address of
    a scheduler whose cluster answers instead of processes. Raises OSError where none answers there.
    """
    classes, resources = merge(instance), shared(instance)
    leave = LEAVE + LEAVE_WORKER * float(classes.size.sum())
    draft = _first_draft(classes, resources, start, lambda: should_stop() or stop.left() < leave)
    search = Search(draft, stop, seed, on_progress, should_stop)
    search.run(lambda: Workers(workers or cores()) if dask is None else Cluster(dask, workers))
    return finish(instance, search.draft, search.bound, stop)


def _first_draft(classes: Classes, resources: Resources, start: Iterable[Row] | None,
                 late: Callable[[], bool]) -> Draft:
    if start is None:
        draft = construct(classes, resources, late)
    else:
        draft = draft_of(start, classes, resources)
        extend(draft, late)
    top_up(draft)
    return draft


def finish(instance: Instance, draft: Draft, bound: float, stop: Stop) -> Plan:
    """The plan of a draft, its cost counted anew from its rows."""
    rows = rows_of(draft, instance.copies)
    cost = objective(instance, rows)
    bound = min(bound, cost)
    proven = cost - bound <= OPTIMAL_GAP * max(cost, 1e-9)
    return Plan(instance.name, rows, cost, bound, stop.elapsed(), "optimal" if proven else "feasible")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
