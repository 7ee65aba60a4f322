"""From people, lines and vehicles to an instance of the planning contract, and why somebody has no seat. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

__all__ = ["Demand", "Line", "Offer", "Setting", "instance_of", "why_left"]

WAIT_YUAN = 10.0  # for each day that a person rides later than asked
ACCESS_YUAN_KM = 0.3  # for the way from the home county to the first stop
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Demand:
    """People who are alike, or a party that rides together. `registrations` are ids."""

    employer: str
    origin: str
    earliest: date
    latest: date
    modes: frozenset[str]
    together: bool
    registrations: tuple[str, ...]


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
    """A fleet: seats of one vehicle, whole fen."""

    id: str
    mode: str
    size: int
    seats: int
    base_fen: int
    per_km_fen: int
    home: str  # division of the carrier


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
                km: Callable[[str, str], float]) -> dict[str, Any]:
    """The instance (format charter-instance/1, yuan). `km` gives road kilometres between two divisions."""
    departures: list[dict[str, Any]] = []
    by_line: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for line in lines:
        for offer in offers:
            if may_serve(line, offer, setting.destination):
                _add_days(setting, people, line, offer, departures, by_line[line.id])
    return {
        "format": "charter-instance/1", "name": setting.name, "spread_cost": setting.spread_fen / 100,
        "budget": None if setting.budget_fen is None else setting.budget_fen / 100, "departures": departures,
        "fleets": [{"id": offer.id, "size": offer.size} for offer in offers],
        "groups": [_group(place, one, setting) for place, one in enumerate(people)],
        "options": [option for place, one in enumerate(people) for line in lines if rides(one, line)
                    for option in _options(place, one, line, by_line[line.id], km)]}


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
            "id": f"{line.id}/{day.isoformat()}/{offer.id}", "mode": line.mode, "capacity": offer.seats,
            "fixed_cost": (offer.base_fen + offer.per_km_fen * line.km) / 100,
            "copies": min(offer.size, ceil(wanted / offer.seats)), "corridor": line.id, "date": number,
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
