"""Railway stations and airports that campaigns start from and arrive at; the list is config/hubs.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from charter.places.distance import Point, great_circle_km

__all__ = ["HUBS", "Hub", "load", "nearest"]

HUBS = Path(__file__).resolve().parent.parent.parent / "config" / "hubs.csv"
Kind = Literal["station", "airport"]


@dataclass(frozen=True, slots=True)
class Hub:
    """A station or airport: its name, the county that it stands in, and its place in degrees (to about 0.02)."""

    name: str
    kind: Kind
    county: str
    lon: float
    lat: float


@cache
def load(path: Path = HUBS) -> tuple[Hub, ...]:
    """The hubs as listed; read once per process."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Hub(row["name"], cast(Kind, row["kind"]), row["county"], float(row["lon"]), float(row["lat"]))
                     for row in csv.DictReader(file))


def nearest(point: Point, kind: Kind, hubs: tuple[Hub, ...] | None = None) -> Hub | None:
    """The nearest hub of a kind by great circle; None where there is none of that kind."""
    listed = [hub for hub in (load() if hubs is None else hubs) if hub.kind == kind]
    return min(listed, key=lambda hub: great_circle_km(point, (hub.lon, hub.lat)), default=None)
