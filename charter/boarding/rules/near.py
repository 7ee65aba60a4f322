"""Who sat how near whom, and when both were on board. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

__all__ = ["NEAR_ROWS", "Stay", "overlap", "rows_apart", "rows_of"]

NEAR_ROWS = 2


@dataclass(frozen=True, slots=True)
class Stay:
    """When somebody was on board."""

    begun: datetime
    ended: datetime


def overlap(one: Stay, other: Stay) -> timedelta:
    """How long both were on board."""
    return max(min(one.ended, other.ended) - max(one.begun, other.begun), timedelta(0))


def rows_of(seat_map: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Car and row of each printed seat."""
    return {f"{found['name']} {seat}" if found.get("name") else seat: (car, row)
            for car, found in enumerate(seat_map.get("cars", ()))
            for row, seats in enumerate(found.get("rows", ())) for seat in seats if seat}


def rows_apart(places: Mapping[str, tuple[int, int]], one: str | None, other: str | None) -> int | None:
    """Rows between two seats, 0 in one row; None where a seat is not known or is in another car."""
    here, there = places.get(one or ""), places.get(other or "")
    if here is None or there is None or here[0] != there[0]:
        return None
    return abs(here[1] - there[1])


