"""Seats that may be sold: load factor, kept rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["kept_seats", "seats_to_sell"]


def kept_seats(seat_map: Mapping[str, Any], rows: int, spacing: str = "") -> list[str]:
    """The printed seats that nobody gets: the last `rows` rows of the last car, for who falls ill on the way, and what
    the spacing keeps free ("window": only seats at a window are sold; "alternate": every second seat, row by row
    staggered)."""
    cars = seat_map.get("cars") or []
    found = []
    for number, car in enumerate(cars, 1):
        prefix = f"{car['name']} " if car.get("name") else ""
        for place, row in enumerate(car["rows"]):
            ill = number == len(cars) and place >= len(car["rows"]) - max(rows, 0)
            found += [prefix + seat for at, seat in enumerate(row)
                      if seat and (ill or not _sold(row, at, place, spacing))]
    return found


def _sold(row: Sequence[str | None], at: int, place: int, spacing: str) -> bool:
    if spacing == "window":
        return at in (0, len(row) - 1)
    seats_before = sum(seat is not None for seat in row[:at])
    return spacing != "alternate" or (seats_before + place) % 2 == 0


def seats_to_sell(approved_capacity: int, passenger_seats: int, kept: int, load_percent: int) -> int:
    """Whole seats, at least 1. A load factor counts from the approved number, as the orders of 2020 did."""
    return max(1, min(passenger_seats - kept, approved_capacity * load_percent // 100))
