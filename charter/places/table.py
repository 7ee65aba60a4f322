"""The table of divisions (GB/T 2260): provinces, cities, counties, their parents, centres and former names."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

__all__ = ["DATA", "Change", "Division", "DivisionTable", "load"]

DATA = Path(__file__).resolve().parent / "data"
Level = Literal["province", "city", "county"]


@dataclass(frozen=True, slots=True)
class Division:
    """One division. `parent` is the code above ("" for a province). A leaf is where people live: a county, or a city
    without counties. `lon`, `lat` in degrees (GCJ-02), None where unknown; `centre_of` is the parent's code where the
    centre is the parent's, else "". `pinyin` without tones or blanks, `initials` its first letters."""

    code: str
    name: str
    level: Level
    parent: str
    lon: float | None
    lat: float | None
    centre_of: str
    leaf: bool
    pinyin: str
    initials: str


@dataclass(frozen=True, slots=True)
class Change:
    """A name (and code, where known) that is no longer used, and the division of today. `year` is when it ended;
    `parent` the city that it belonged to then, where that was another than today's, else ""."""

    year: int
    old_code: str
    old_name: str
    parent: str
    code: str


class DivisionTable:
    """All divisions with their look-ups; immutable after it was made."""

    def __init__(self, divisions: Mapping[str, Division], changes: tuple[Change, ...]) -> None:
        self.divisions = dict(sorted(divisions.items()))
        self.changes = changes
        self._children: dict[str, list[Division]] = defaultdict(list)
        for division in self.divisions.values():
            self._children[division.parent].append(division)

    def get(self, code: str) -> Division | None:
        """The division of this code, or None."""
        return self.divisions.get(code)

    def parents(self, code: str) -> tuple[Division, ...]:
        """From the province down to the direct parent; empty for an unknown code."""
        here = self.get(code)
        above: list[Division] = []
        while here is not None and here.parent:
            here = self.divisions[here.parent]
            above.insert(0, here)
        return tuple(above)

    def full_name(self, code: str) -> str:
        """Province, city and county in one text: 四川省巴中市南江县; "" for an unknown code."""
        here = self.get(code)
        return "" if here is None else "".join(division.name for division in (*self.parents(code), here))

    def children(self, code: str) -> tuple[Division, ...]:
        """The direct children, by code; the provinces for ""."""
        return tuple(self._children.get(code, ()))

    def counties(self, code: str = "") -> tuple[Division, ...]:
        """All leaves under a province or city (of the whole country for ""), by code; a leaf gives itself."""
        here = self.get(code)
        if here is not None and here.leaf:
            return (here,)
        below = [leaf for child in self._children.get(code, ()) for leaf in self.counties(child.code)]
        return tuple(sorted(below, key=lambda leaf: leaf.code))

    def coordinates(self, code: str) -> tuple[float, float] | None:
        """(longitude, latitude) in degrees (GCJ-02), or None."""
        here = self.get(code)
        return None if here is None or here.lon is None or here.lat is None else (here.lon, here.lat)


@cache
def load() -> DivisionTable:
    """The shipped table; read once per process."""
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as file:
        divisions = {row["code"]: _division(row) for row in csv.DictReader(file)}
    with (DATA / "changes.csv").open(encoding="utf-8", newline="") as file:
        changes = tuple(Change(int(row["year"]), row["old_code"], row["old_name"], row["parent"], row["code"])
                        for row in csv.DictReader(file))
    return DivisionTable(divisions, changes)


def _division(row: Mapping[str, str]) -> Division:
    """One line of divisions.csv."""
    return Division(row["code"], row["name"], cast(Level, row["level"]), row["parent"],
                    float(row["lon"]) if row["lon"] else None, float(row["lat"]) if row["lat"] else None,
                    row["centre_of"], row["leaf"] == "1", row["pinyin"], row["initials"])
