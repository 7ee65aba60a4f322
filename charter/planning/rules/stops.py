"""Where people get on, and in which order a coach goes from gate to gate. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from charter.places.distance import Point, road_km

__all__ = ["DOORS", "door_order", "nearest_stop"]

DOORS = 8  # a coach with more employers than this ends at the terminal


class Located(Protocol):
    """Something that may lie somewhere."""

    @property
    def at(self) -> Point | None:
        """Longitude, latitude."""


Somewhere = TypeVar("Somewhere", bound=Located)


def nearest_stop(division: str, stops: Sequence[tuple[UUID, str]], km: Callable[[str, str], float]) -> UUID | None:
    """The stop in this division, else the one with the fewest kilometres to it; None where there are no stops."""
    if not stops:
        return None
    return min(stops, key=lambda stop: (stop[1] != division, km(division, stop[1])))[0]


def door_order(gates: Sequence[Somewhere]) -> list[Somewhere]:
    """From the first gate always to the nearest one that is left; gates whose place is unknown come last."""
    left = [gate for gate in gates if gate.at is not None]
    order: list[Somewhere] = []
    while left:
        here = order[-1].at if order else left[0].at
        following = min(left, key=lambda gate: _between(here, gate.at))
        order.append(following)
        left.remove(following)
    return order + [gate for gate in gates if gate.at is None]


def _between(a: Point | None, b: Point | None) -> float:
    return road_km(a, b) if a is not None and b is not None else 0.0
