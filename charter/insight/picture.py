"""Demand drawn as circles on longitude and latitude: no borders, since a public map of China needs an approved base."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from charter.insight.queries import DemandRow
from charter.places import table as places

__all__ = ["HEIGHT", "WIDTH", "Circle", "circles"]

WIDTH, HEIGHT = 640, 420
EDGE = 26


@dataclass(frozen=True, slots=True)
class Circle:
    """One county: place and radius in the picture's own units."""

    x: float
    y: float
    r: float
    origin: str
    people: int


def circles(rows: Sequence[DemandRow]) -> list[Circle]:
    """Area in proportion to people; counties without coordinates stand in the table only."""
    table = places.load()
    found = [(at, row) for row in rows if (at := table.coordinates(row.origin)) is not None]
    if not found:
        return []
    west, east = min(at[0] for at, _ in found), max(at[0] for at, _ in found)
    south, north = min(at[1] for at, _ in found), max(at[1] for at, _ in found)
    flat = math.cos(math.radians((south + north) / 2))
    scale = min((WIDTH - 2 * EDGE) / max((east - west) * flat, 0.5), (HEIGHT - 2 * EDGE) / max(north - south, 0.5))
    most = max(row.people for _, row in found)
    return [Circle(round(EDGE + (at[0] - west) * flat * scale, 1), round(HEIGHT - EDGE - (at[1] - south) * scale, 1),
                   round(3 + 17 * math.sqrt(row.people / most), 1), row.origin, row.people) for at, row in found]
