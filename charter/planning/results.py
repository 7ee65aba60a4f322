"""What a plan means: who rides what, figures, and why somebody has no seat."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from charter.core.i18n import N_
from charter.planning.rules.instance import Demand, Line, why_left

__all__ = ["REASONS", "Move", "figures", "left_behind", "moves", "riders", "with_feeders"]

REASONS = {
    "no_departure_from_origin": N_("出发地没有线路"), "mode_not_accepted": N_("出发地的线路不是本人接受的方式"),
    "no_departure_in_window": N_("本人可出发的日期没有班次"), "no_seat": N_("没有剩余座位"),
    "budget": N_("经费上限已用完"),
}


def left_behind(instance: dict[str, Any], people: Sequence[Demand], lines: Sequence[Line]) -> list[str]:
    """For each group the code that holds should it stay behind."""
    with_option = {option[0] for option in instance["options"]}
    return [why_left(one, lines, place in with_option, False) for place, one in enumerate(people)]


def riders(instance: dict[str, Any], plan: dict[str, Any]) -> dict[tuple[int, int], list[str]]:
    """Registrations of each used vehicle (departure position, copy), groups together, in the plan's order."""
    next_of: Counter[int] = Counter()
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for g, d, copy, count in sorted(plan["assignments"], key=lambda row: (row[1], row[2], row[0])):
        ids = instance["groups"][g]["x_registrations"]
        found[d, copy] += ids[next_of[g]:next_of[g] + count]
        next_of[g] += count
    return dict(found)


def figures(instance: dict[str, Any], plan: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Figures (people, vehicles by mode, money in whole fen) and who stays behind: registration id and code."""
    seated = riders(instance, plan)
    new = [d for d, _ in seated if "x_departure" not in instance["departures"][d]]
    vehicles = Counter(instance["departures"][d]["mode"] for d in new)
    cost = sum(instance["departures"][d]["fixed_cost"] for d in new)
    riding = {one for ids in seated.values() for one in ids}
    cheapest = min((found["fixed_cost"] for found in instance["departures"] if "x_departure" not in found), default=0.0)
    spent = instance["budget"] is not None and cost + cheapest > instance["budget"]
    left = []
    for group, code in zip(instance["groups"], instance["x_left_behind"], strict=True):
        word = "budget" if code == "no_seat" and spent else code
        left += [{"registration_id": one, "code": word} for one in group["x_registrations"] if one not in riding]
    seats = sum(instance["departures"][d]["capacity"] for d in new)
    return {"people": len(riding) + len(left), "planned": len(riding), "left_behind": len(left), "seats": seats,
            "vehicles": dict(vehicles), "charter_fen": round(cost * 100),
            "moved": len(riding & set(instance.get("x_moved", ())))}, left


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who holds a seat and is given another. `to` is a standing departure, or None: then the line and day of
    the vehicle that would be chartered, or both None where there is no seat left."""

    registration_id: str
    origin: str
    to: str | None
    corridor: str | None
    day: str | None


def moves(instance: dict[str, Any], plan: dict[str, Any]) -> list[Move]:
    """Where everybody goes whose departure is left out, in the order of the departures left."""
    new: dict[str, dict[str, Any]] = {}
    for (d, _), ids in riders(instance, plan).items():
        new |= dict.fromkeys(ids, instance["departures"][d])
    found = []
    for person, left in sorted(instance.get("x_moved", {}).items(), key=lambda pair: (pair[1], pair[0])):
        to = new.get(person, {})
        found.append(Move(person, left, to.get("x_departure"), to.get("x_corridor"), to.get("x_date")))
    return found


def with_feeders(known: dict[str, Any], instance: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    """The figures with the feeder coaches, their cost, and how many find the way to or from a hub by themselves."""
    used = {(d, copy) for d, copy in riders(instance, plan)}
    cost = sum(instance["departures"][d]["fixed_cost"] for d, _ in used)
    riding = sum(count for *_, count in plan["assignments"])
    return known | {"vehicles": known["vehicles"] | {"feeder": len(used)},
                    "charter_fen": known["charter_fen"] + round(cost * 100),
                    "feeder_alone": sum(group["size"] for group in instance["groups"]) - riding}
