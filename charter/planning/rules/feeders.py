"""Feeder coaches of flights and trains as an instance of the planning contract. Pure.

Each flight or train has two ends; at each, the places (home counties, or factory gates) that its people come from or
go to. Ways over several places are offered to the planner, which decides what drives and who rides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from charter.places.distance import Point, road_km

__all__ = ["DROP_OFFS", "NEAR_KM", "PICK_UPS", "End", "FeederOffer", "Place", "Rider", "Way", "feeder_instance",
           "ways"]

NEAR_KM = 15.0  # within so many road kilometres of the hub people come by themselves
PICK_UPS, DROP_OFFS = 4, 8  # stops of one coach besides the hub
DETOUR = 1.25  # a way over several places is at most so much longer than straight from its farthest place
ALONE_YUAN, ALONE_YUAN_KM = 100.0, 1.0  # what it is worth that nobody has to find the way alone


@dataclass(frozen=True, slots=True)
class Rider:
    """One person of the flight or train. `party` rides together; "" alone."""

    registration: str
    employer: str
    party: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where feeders stop: a county by its code, or a factory gate by its employer's id; `division` is its county."""

    key: str
    division: str
    at: Point
    riders: tuple[Rider, ...]


@dataclass(frozen=True, slots=True)
class End:
    """One end of one flight or train: `main` is its position and copy in the plan, `day` counted as there."""

    main: tuple[int, int]
    to_hub: bool
    hub: Point
    hub_division: str
    day: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class FeederOffer:
    """A feeder fleet: seats of one coach, whole fen; `home` is the carrier's division."""

    id: str
    size: int
    seats: int
    base_fen: int
    per_km_fen: int
    home: str


@dataclass(frozen=True, slots=True)
class Way:
    """Places in driving order as seen from the hub's far side: the farthest first. Kilometres to the hub."""

    places: tuple[Place, ...]
    km: float


def ways(end: End) -> list[Way]:
    """Each place by itself, and from each place a way that collects others with little detour."""
    found: dict[tuple[str, ...], Way] = {}
    for place in end.places:
        for way in (_way(end.hub, [place]), _collected(end, place)):
            found.setdefault(tuple(one.key for one in way.places), way)
    return list(found.values())


def _way(hub: Point, order: Sequence[Place]) -> Way:
    points = [*(place.at for place in order), hub]
    return Way(tuple(order), sum(road_km(a, b) for a, b in pairwise(points)))


def _collected(end: End, first: Place) -> Way:
    way = _way(end.hub, [first])
    most = way.km * DETOUR + NEAR_KM
    others = [place for place in end.places if place is not first]
    while others and len(way.places) < (PICK_UPS if end.to_hub else DROP_OFFS):
        longer, place = min(((_best_insertion(end.hub, way.places, place), place) for place in others),
                            key=lambda pair: pair[0].km)
        if longer.km > most:
            break
        way = longer
        others.remove(place)
    return way


def _best_insertion(hub: Point, order: tuple[Place, ...], place: Place) -> Way:
    return min((_way(hub, [*order[:at], place, *order[at:]]) for at in range(1, len(order) + 1)),
               key=lambda way: way.km)


def feeder_instance(ends: Sequence[End], offers: Sequence[FeederOffer], spread_yuan: float) -> dict[str, Any]:
    """The instance (format charter-instance/1, yuan). `x_` fields say what a departure and a group stand for."""
    departures: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    options: list[list[float]] = []
    for end in ends:
        by_place = _drive(end, offers, departures)
        for place in end.places:
            for group in _groups(end, place):
                options += [[len(groups), number, 0.0] for number in by_place[place.key]]
                groups.append(group)
    return {"format": "charter-instance/1", "name": "feeders", "spread_cost": spread_yuan, "budget": None,
            "departures": departures, "fleets": [{"id": offer.id, "size": offer.size} for offer in offers],
            "groups": groups, "options": options}


def _drive(end: End, offers: Sequence[FeederOffer], departures: list[dict[str, Any]]) -> dict[str, list[int]]:
    by_place: dict[str, list[int]] = defaultdict(list)
    for way in ways(end):
        people = sum(len(place.riders) for place in way.places)
        order = way.places if end.to_hub else way.places[::-1]
        for offer in offers:
            if offer.home[:4] not in {end.hub_division[:4], *(place.division[:4] for place in way.places)}:
                continue  # one end of a charter lies in the coach's home prefecture
            for place in way.places:
                by_place[place.key].append(len(departures))
            departures.append({
                "id": f"f{len(departures)}", "mode": "bus", "capacity": offer.seats,
                "fixed_cost": (offer.base_fen + offer.per_km_fen * round(way.km)) / 100,
                "copies": min(offer.size, ceil(people / offer.seats)), "date": end.day, "fleet": offer.id,
                "busy": [end.day, end.day], "x_main": list(end.main), "x_to_hub": end.to_hub, "x_fleet": offer.id,
                "x_places": [place.key for place in order], "x_legs_km": _legs(end, order)})
    return by_place


def _legs(end: End, order: Sequence[Place]) -> list[int]:
    """Kilometres from each stop to the next, the hub among them."""
    points = [place.at for place in order]
    points = [*points, end.hub] if end.to_hub else [end.hub, *points]
    return [round(road_km(a, b)) for a, b in pairwise(points)]


def _groups(end: End, place: Place) -> Iterator[dict[str, Any]]:
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rider in place.riders:
        alike[rider.employer, rider.party].append(rider.registration)
    penalty = ALONE_YUAN + ALONE_YUAN_KM * round(road_km(place.at, end.hub))
    for (employer, party), ids in alike.items():
        yield {"id": f"{end.main[0]}-{end.main[1]}-{int(end.to_hub)}-{ids[0]}", "employer": employer,
               "origin": f"{end.main[0]}-{end.main[1]}-{int(end.to_hub)}-{place.key}", "size": len(ids),
               "splittable": not party, "unassigned_penalty": penalty, "x_registrations": ids}
