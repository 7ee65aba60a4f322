"""A finished plan: its rows, its cost counted from the instance alone, and its file."""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from charter.planner import fields
from charter.planner.instance import Instance, InvalidInstance
from charter.planner.reading import load_document

__all__ = ["Plan", "Row", "misfit", "objective", "read_rows", "write"]

FORMAT = "charter-plan/1"
Row = tuple[int, int, int, int]  # group, departure, copy, workers


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows sorted by departure, copy and group; `objective` and `lower_bound` in the instance's money."""

    name: str
    rows: tuple[Row, ...]
    objective: float
    lower_bound: float
    seconds: float
    status: Literal["optimal", "feasible"]

    @property
    def gap(self) -> float:
        """(objective - lower bound) / objective, as the contract defines it."""
        return (self.objective - self.lower_bound) / max(self.objective, 1e-9)

    def document(self) -> dict[str, Any]:
        """The plan as the contract writes it."""
        return {"format": FORMAT, "instance": self.name, "assignments": [list(row) for row in self.rows],
                "objective": self.objective, "lower_bound": self.lower_bound, "seconds": round(self.seconds, 3),
                "status": self.status}


def write(plan: Plan, path: Path) -> None:
    """Write the whole file or nothing: into a neighbour file first, then in place of `path`. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent or Path(), prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(plan.document(), file, ensure_ascii=False, separators=(",", ":"))
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def read_rows(path: Path, instance: Instance) -> tuple[Row, ...]:
    """Rows of an earlier plan that fits the instance. Raises InvalidInstance, OSError."""
    document = fields.record(load_document(path), "plan")
    if document.get("format") != FORMAT:
        fields.refuse("plan format", f"must be {FORMAT!r}, not {fields.shown(document.get('format'))}")
    rows = []
    for i, item in enumerate(fields.listing(document, "assignments", "plan ")):
        at = f"plan assignments[{i}]"
        if not isinstance(item, list) or len(item) != 4:
            fields.refuse(at, f"must be [group, departure, copy, workers], not {fields.shown(item)}")
        names = (("group", 0), ("departure", 0), ("copy", 0), ("workers", 1))
        g, d, copy, workers = (fields.whole(value, f"{at} {name}", least)
                               for value, (name, least) in zip(item, names, strict=True))
        rows.append((g, d, copy, workers))
    wrong = misfit(instance, rows)
    if wrong:
        raise InvalidInstance(f"plan does not fit the instance: {wrong}")
    return tuple(rows)


def objective(instance: Instance, rows: Iterable[Row]) -> float:
    """Fixed cost of used vehicles, rides, workers left behind, and spread, counted row by row."""
    rows = list(rows)
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    vehicles = sorted({(d, copy) for _, d, copy, _ in rows})
    fixed = float(instance.fixed_cost[[d for d, _ in vehicles]].sum()) if vehicles else 0.0
    ride = float(instance.option_cost[_option_positions(instance, table)] @ table[:, 3])
    placed = np.bincount(table[:, 0], table[:, 3], len(instance.size))
    stay = float((instance.size - placed) @ instance.penalty)
    used = {(int(instance.pair[g]), d, copy) for g, d, copy, _ in rows}
    beyond_first = len(used) - len({pair for pair, _, _ in used})
    return fixed + ride + stay + instance.spread_cost * beyond_first


def _option_positions(instance: Instance, table: Any) -> Any:
    """Where the options of rows stand; rows must be allowed."""
    width = max(len(instance.capacity), 1)
    return np.searchsorted(instance.option_group * width + instance.option_departure, table[:, 0] * width + table[:, 1])


def misfit(instance: Instance, rows: Iterable[Row]) -> str | None:
    """What is wrong with rows as a plan of this instance, in one line; None where all is well."""
    rows = list(rows)
    allowed = set(zip(instance.option_group.tolist(), instance.option_departure.tolist(), strict=True))
    seen = set()
    placed: dict[int, int] = defaultdict(int)
    seated: dict[tuple[int, int], int] = defaultdict(int)
    for g, d, copy, workers in rows:
        if (g, d) not in allowed:
            return f"group {g} may not ride departure {d}"
        if copy >= instance.copies[d] or (g, d, copy) in seen:
            return f"row [{g}, {d}, {copy}, {workers}] stands twice or names a copy that does not exist"
        if not instance.splittable[g] and workers != instance.size[g]:
            return f"group {g} is a party that must ride together"
        seen.add((g, d, copy))
        placed[g] += workers
        seated[d, copy] += workers
    return _overfull(instance, placed, seated)


def _overfull(instance: Instance, placed: dict[int, int], seated: dict[tuple[int, int], int]) -> str | None:
    for g, workers in placed.items():
        if workers > instance.size[g]:
            return f"{workers} workers of group {g} ride, it has {instance.size[g]}"
    for (d, copy), workers in seated.items():
        if workers > instance.capacity[d]:
            return f"{workers} workers in the {instance.capacity[d]} seats of departure {d}, copy {copy}"
    used = np.array(sorted(d for d, _ in seated), dtype=np.int64)
    if instance.budget is not None and instance.fixed_cost[used].sum() > instance.budget * (1 + 1e-9) + 1e-6:
        return f"the budget {instance.budget} is exceeded"
    for fleet, size in enumerate(instance.fleet_size):
        busy = instance.busy[used[instance.fleet[used] == fleet]]
        for day in np.unique(busy[:, 0]):
            if ((busy[:, 0] <= day) & (busy[:, 1] >= day)).sum() > size:
                return f"more than {size} vehicles of fleet {fleet} are busy on day {day}"
    return None
