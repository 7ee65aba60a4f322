"""Seats that may be sold: load factor, kept rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["kept_seats", "seats_to_sell"]


def kept_seats(seat_map: Mapping[str, Any], rows: int) -> list[str]:
    """The printed seats of the last `rows` rows of the last car, kept free for who falls ill on the way."""
    cars = seat_map.get("cars") or []
    if not cars or rows <= 0:
        return []
    prefix = f"{cars[-1]['name']} " if cars[-1].get("name") else ""
    return [prefix + seat for row in cars[-1]["rows"][-rows:] for seat in row if seat]


def seats_to_sell(approved_capacity: int, passenger_seats: int, kept: int, load_percent: int) -> int:
    """Whole seats, at least 1. A load factor counts from the approved number, as the orders of 2020 did."""
    return max(1, min(passenger_seats - kept, approved_capacity * load_percent // 100))
