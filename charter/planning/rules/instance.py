"""From people, lines and vehicles to an instance of the planning contract, and why somebody has no seat. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

__all__ = ["Demand", "Line", "Offer", "Setting", "Standing", "instance_of", "keeps_standing", "may_serve",
           "standing_plan", "why_left"]

WAIT_YUAN = 10.0  # for each day that a person rides later than asked
ACCESS_YUAN_KM = 0.3  # for the way from the home county to the first stop
DAY = timedelta(days=1)
STANDS = 1_000_000.0  # so much, in yuan, a plan would pay for leaving out a vehicle that is chartered already


@dataclass(frozen=True, slots=True)
class Demand:
    """People who are alike, or a party that rides together. `registrations` are ids.

    `must` is the one standing departure that they are locked to, `never` those that are forbidden to them, by id.
    """

    employer: str
    origin: str
    earliest: date
    latest: date
    modes: frozenset[str]
    together: bool
    registrations: tuple[str, ...]
    must: str | None = None
    never: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A corridor. Kilometres and minutes of the whole way."""

    id: str
    mode: str
    origins: frozenset[str]
    km: int
    minutes: int
    start: str  # division of its first stop


@dataclass(frozen=True, slots=True)
class Offer:
    """A fleet: seats of one vehicle that may be sold, by day (a rule may change them), whole fen."""

    id: str
    mode: str
    size: int
    seats: Mapping[date, int]
    base_fen: int
    per_km_fen: int
    home: str  # division of the carrier


@dataclass(frozen=True, slots=True)
class Standing:
    """A departure that is chartered already: what it leaves free, and which fleet it keeps busy."""

    id: str
    line: str
    day: date
    free: int  # 0 where nobody may be added any more
    offer: str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """The campaign: money in whole fen, dates both included."""

    name: str
    first: date
    last: date
    destination: str
    spread_fen: int
    left_behind_fen: int
    budget_fen: int | None


def instance_of(setting: Setting, people: Sequence[Demand], lines: Sequence[Line], offers: Sequence[Offer],
                km: Callable[[str, str], float], standing: Sequence[Standing] = ()) -> dict[str, Any]:
    """The instance (format charter-instance/1, yuan). `km` gives road kilometres between two divisions.

    What stands already costs nothing more: its free seats are offered, and its vehicle stays busy (a group of nobody,
    that only it can carry, keeps it in every plan).
    """
    departures: list[dict[str, Any]] = []
    by_line: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for line in lines:
        for offer in offers:
            if may_serve(line, offer, setting.destination):
                _add_days(setting, people, line, offer, departures, by_line[line.id])
    nobody = _add_standing(setting, standing, lines, offers, departures, by_line)
    groups = [_group(place, one, setting) for place, one in enumerate(people)]
    return {
        "format": "charter-instance/1", "name": setting.name, "spread_cost": setting.spread_fen / 100,
        "budget": None if setting.budget_fen is None else setting.budget_fen / 100, "departures": departures,
        "fleets": [{"id": offer.id, "size": offer.size} for offer in offers],
        "groups": groups + [_nobody(departures[place]) for place in nobody],
        "options": [option for place, one in enumerate(people) for line in lines if rides(one, line)
                    for option in _options(place, one, line, _open_to(one, by_line[line.id], departures), km)]
        + [[len(groups) + number, place, 0.0] for number, place in enumerate(nobody)]}


def _open_to(one: Demand, days: Sequence[tuple[int, date]], departures: Sequence[dict[str, Any]],
             ) -> list[tuple[int, date]]:
    if one.must is None and not one.never:
        return list(days)
    return [(place, day) for place, day in days if one.must in (None, departures[place].get("x_departure"))
            and departures[place].get("x_departure") not in one.never]


def _add_standing(setting: Setting, standing: Sequence[Standing], lines: Sequence[Line], offers: Sequence[Offer],
                  departures: list[dict[str, Any]], by_line: dict[str, list[tuple[int, date]]]) -> list[int]:
    """Add what stands; the positions of those whose vehicle is of a fleet on offer."""
    known_lines, known_offers = {line.id: line for line in lines}, {offer.id: offer for offer in offers}
    nobody = []
    for one in standing:
        line, offer = known_lines.get(one.line), known_offers.get(one.offer or "")
        if line is None or (offer is None and one.free <= 0):
            continue
        number = (one.day - setting.first).days
        made: dict[str, Any] = {
            "id": f"standing/{one.id}", "mode": line.mode, "capacity": max(one.free, 0) + (offer is not None),
            "fixed_cost": 0, "copies": 1, "corridor": line.id, "date": number, "x_corridor": line.id,
            "x_fleet": one.offer, "x_date": one.day.isoformat(), "x_departure": one.id}
        if offer is not None:
            made |= {"fleet": offer.id, "busy": _busy(number, ceil(line.minutes / 1440), offer, setting.destination)}
            nobody.append(len(departures))
        if one.free > 0:
            by_line[line.id].append((len(departures), one.day))
        departures.append(made)
    return nobody


def standing_plan(instance: Mapping[str, Any]) -> dict[str, Any] | None:
    """What stands already as a plan (format charter-plan/1) to begin with; None where nothing does."""
    nobody = {group["id"]: place for place, group in enumerate(instance["groups"]) if not group["x_registrations"]}
    rows = [[nobody[found["id"]], place, 0, 1] for place, found in enumerate(instance["departures"])
            if found["id"] in nobody]
    return {"format": "charter-plan/1", "instance": instance["name"], "assignments": rows} if rows else None


def keeps_standing(instance: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Whether the plan leaves every vehicle where it stands."""
    carried = {group for group, *_ in plan["assignments"]}
    return all(group["x_registrations"] or place in carried for place, group in enumerate(instance["groups"]))


def _nobody(departure: dict[str, Any]) -> dict[str, Any]:
    return {"id": departure["id"], "employer": departure["id"], "origin": departure["id"], "size": 1,
            "splittable": True, "unassigned_penalty": STANDS, "x_registrations": []}


def may_serve(line: Line, offer: Offer, destination: str) -> bool:
    """One end of a coach charter must lie in the carrier's home prefecture (the rule of 包车)."""
    if offer.mode != line.mode:
        return False
    return offer.mode != "bus" or offer.home[:4] in {destination[:4], *(code[:4] for code in line.origins)}


def rides(one: Demand, line: Line) -> bool:
    """Whether these people may take this line on some day."""
    return one.origin in line.origins and line.mode in one.modes


def _add_days(setting: Setting, people: Sequence[Demand], line: Line, offer: Offer, departures: list[dict[str, Any]],
              known: list[tuple[int, date]]) -> None:
    trip = ceil(line.minutes / 1440)
    for number in range((setting.last - setting.first).days + 1):
        day = setting.first + number * DAY
        wanted = sum(len(one.registrations) for one in people
                     if rides(one, line) and one.earliest <= day <= one.latest)
        if not wanted:
            continue
        known.append((len(departures), day))
        departures.append({
            "id": f"{line.id}/{day.isoformat()}/{offer.id}", "mode": line.mode, "capacity": offer.seats[day],
            "fixed_cost": (offer.base_fen + offer.per_km_fen * line.km) / 100,
            "copies": min(offer.size, ceil(wanted / offer.seats[day])), "corridor": line.id, "date": number,
            "fleet": offer.id, "busy": _busy(number, trip, offer, setting.destination),
            "x_corridor": line.id, "x_fleet": offer.id, "x_date": day.isoformat()})


def _busy(number: int, trip: int, offer: Offer, destination: str) -> list[int]:
    if offer.mode != "bus":
        return [number, number]
    if offer.home[:4] == destination[:4]:
        return [number - trip, number + trip]  # out empty, back full
    return [number, number + 2 * trip]  # out full, back empty


def _group(place: int, one: Demand, setting: Setting) -> dict[str, Any]:
    return {"id": str(place), "employer": one.employer, "origin": one.origin, "size": len(one.registrations),
            "splittable": not one.together, "unassigned_penalty": setting.left_behind_fen / 100,
            "x_registrations": list(one.registrations)}


def _options(place: int, one: Demand, line: Line, days: Sequence[tuple[int, date]],
             km: Callable[[str, str], float]) -> list[list[float]]:
    access = ACCESS_YUAN_KM * km(one.origin, line.start) if line.start else 0.0
    return [[place, number, round(access + WAIT_YUAN * (day - one.earliest).days, 2)]
            for number, day in days if one.earliest <= day <= one.latest]


def why_left(one: Demand, lines: Sequence[Line], has_option: bool, budget_spent: bool) -> str:
    """The code of the reason why these people have no seat."""
    from_origin = [line for line in lines if one.origin in line.origins]
    if not from_origin:
        return "no_departure_from_origin"
    if not any(line.mode in one.modes for line in from_origin):
        return "mode_not_accepted"
    if not has_option:
        return "no_departure_in_window"
    return "budget" if budget_spent else "no_seat"
