"""The table of divisions (GB/T 2260): provinces, cities, counties, their parents, centres and former names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Change", "Division", "DivisionTable", "load"]

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
    """A name or code that is no longer used, and the county of today; `parent` is its city or province then."""

    year: int
    old_code: str
    old_name: str
    parent: str
    code: str


class DivisionTable:
    """All divisions with their look-ups; immutable after it was made."""

    def __init__(self, divisions: Mapping[str, Division], changes: tuple[Change, ...]) -> None:
        raise NotImplementedError

    def get(self, code: str) -> Division | None:
        """The division of this code, or None."""
        raise NotImplementedError

    def parents(self, code: str) -> tuple[Division, ...]:
        """From the province down to the direct parent."""
        raise NotImplementedError

    def full_name(self, code: str) -> str:
        """Province, city and county in one text: 四川省巴中市南江县."""
        raise NotImplementedError

    def children(self, code: str) -> tuple[Division, ...]:
        """The direct children, by code."""
        raise NotImplementedError

    def counties(self, code: str = "") -> tuple[Division, ...]:
        """All leaves under a province or city (of the whole country for ""), by code; a leaf gives itself."""
        raise NotImplementedError

    def coordinates(self, code: str) -> tuple[float, float] | None:
        """(longitude, latitude) in degrees, or None."""
        raise NotImplementedError


def load() -> DivisionTable:
    """The shipped table; read once per process."""
    raise NotImplementedError
