"""People of a plan are put into another of its vehicles by hand: where they may go, and what that changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charter.planning.rules.proof import gap

__all__ = ["Target", "Vehicle", "change", "moved", "split", "targets"]

Vehicle = tuple[int, int]  # position of the departure in the instance, copy
Row = list[int]  # group, departure, copy, people


@dataclass(frozen=True, slots=True)
class Target:
    """A vehicle with room for them. `yuan` is the change of the whole objective, `fen` that of the charter cost."""

    vehicle: Vehicle
    free: int
    yuan: float
    fen: int


def split(instance: Mapping[str, Any], plan: Mapping[str, Any], source: Vehicle,
          people: Collection[str]) -> tuple[dict[str, Any], dict[str, Any], list[int]]:
    """Instance and plan in which these people of the source vehicle are groups of their own, and those groups.

    Who belongs to a party takes the whole party along. Optimum and bound stay as they are: a group that may be split
    is worth as much in two. Raises ValueError for people who do not ride in that vehicle.
    """
    new = dict(instance) | {key: list(instance[key]) for key in ("groups", "options", "x_left_behind")}
    rows: list[Row] = [list(row) for row in plan["assignments"]]
    riding = _riding(new, rows, source)
    wanted = {g: [one for one in ids if one in people] for g, ids in riding.items()}
    if set(people) - {one for ids in wanted.values() for one in ids}:
        raise ValueError("not in this vehicle")
    options: dict[int, list[list[Any]]] = defaultdict(list)
    for option in new["options"]:
        options[option[0]].append(option)
    chosen = []
    for g, ids in wanted.items():
        group = new["groups"][g]
        if not ids:
            continue
        if not group["splittable"] or len(ids) == group["size"]:
            chosen.append(g)
            continue
        place = len(new["groups"])
        rest = [one for one in group["x_registrations"] if one not in ids]
        new["groups"][g] = group | {"size": len(rest), "x_registrations": rest}
        new["groups"].append(group | {"id": f"{group['id']}+{place}", "size": len(ids), "x_registrations": ids})
        new["options"] += [[place, d, cost] for _, d, cost in options[g]]
        new["x_left_behind"].append(new["x_left_behind"][g])
        next(row for row in rows if row[:3] == [g, *source])[3] -= len(ids)
        rows.append([place, *source, len(ids)])
        chosen.append(place)
    return new, dict(plan) | {"assignments": [row for row in rows if row[3]]}, chosen


def _riding(instance: Mapping[str, Any], rows: Sequence[Row], source: Vehicle) -> dict[int, list[str]]:
    """Who of each group rides in the source, by the order in which a plan's rows are dealt out."""
    next_of: Counter[int] = Counter()
    found: dict[int, list[str]] = {}
    for g, d, copy, count in sorted(rows, key=lambda row: (row[1], row[2], row[0])):
        if (d, copy) == source:
            found[g] = instance["groups"][g]["x_registrations"][next_of[g]:next_of[g] + count]
        next_of[g] += count
    return found


def targets(instance: Mapping[str, Any], plan: Mapping[str, Any], source: Vehicle,
            groups: Collection[int]) -> list[Target]:
    """The other vehicles of the plan that all of these groups may ride and that have room, the best change first."""
    rows = plan["assignments"]
    size = sum(row[3] for row in rows if row[0] in groups and (row[1], row[2]) == source)
    load: Counter[Vehicle] = Counter()
    for _, d, copy, count in rows:
        load[d, copy] += count
    allowed: Counter[int] = Counter(option[1] for option in instance["options"] if option[0] in groups)
    found = []
    for vehicle, people in load.items():
        free = instance["departures"][vehicle[0]]["capacity"] - people
        if vehicle != source and free >= size and allowed[vehicle[0]] == len(groups):
            yuan, fen = change(instance, rows, source, groups, vehicle)
            found.append(Target(vehicle, free, yuan, fen))
    return sorted(found, key=lambda one: (one.yuan, one.vehicle))


def change(instance: Mapping[str, Any], rows: Sequence[Row], source: Vehicle, groups: Collection[int],
           target: Vehicle) -> tuple[float, int]:
    """What the move changes: yuan of the objective, fen of the charter cost."""
    going = [row for row in rows if row[0] in groups and (row[1], row[2]) == source]
    price = {(g, d): cost for g, d, cost in instance["options"] if g in groups and d in (source[0], target[0])}
    ride = sum(count * (price[g, target[0]] - price[g, source[0]]) for g, _, _, count in going)
    empty = all(row in going for row in rows if (row[1], row[2]) == source)
    fixed = -instance["departures"][source[0]]["fixed_cost"] if empty else 0
    pairs = {_pair(instance, row) for row in going}
    near = [row for row in rows if _pair(instance, row) in pairs]
    after = [[row[0], *target, row[3]] if row in going else row for row in near]
    spread = instance["spread_cost"] * (_spread(instance, after) - _spread(instance, near))
    return ride + fixed + spread, round(fixed * 100)


def _pair(instance: Mapping[str, Any], row: Row) -> tuple[Any, Any]:
    group = instance["groups"][row[0]]
    return group["employer"], group["origin"]


def _spread(instance: Mapping[str, Any], rows: Sequence[Row]) -> int:
    """Vehicles beyond the first over which the pairs of these rows are spread."""
    used: dict[tuple[Any, Any], set[Vehicle]] = defaultdict(set)
    for row in rows:
        used[_pair(instance, row)].add((row[1], row[2]))
    return sum(len(vehicles) - 1 for vehicles in used.values())


def moved(plan: Mapping[str, Any], source: Vehicle, groups: Collection[int], target: Vehicle,
          yuan: float) -> dict[str, Any]:
    """The plan with these groups in the target vehicle, its objective changed by `yuan`."""
    counts: Counter[tuple[int, int, int]] = Counter()
    for g, d, copy, count in plan["assignments"]:
        where = target if g in groups and (d, copy) == source else (d, copy)
        counts[g, *where] += count
    rows = [[g, d, copy, count] for (g, d, copy), count in sorted(counts.items())]
    objective = plan["objective"] + yuan
    return dict(plan) | {"assignments": rows, "objective": objective,
                         "status": "optimal" if gap(objective, plan["lower_bound"]) <= 1e-6 else "feasible"}
