"""Seats of a vehicle: which may be sold, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

__all__ = ["all_seats", "sellable"]


def all_seats(seat_map: Mapping[str, Any]) -> list[str]:
    """Every printed seat in walking order: car by car, row by row, from the left; empty where there is no map."""
    found = []
    for car in seat_map.get("cars", ()):
        prefix = f"{car['name']} " if car.get("name") else ""
        found += [prefix + seat for row in car["rows"] for seat in row if seat]
    return found


def sellable(seat_map: Mapping[str, Any], kept: Collection[str], seats_total: int) -> list[str]:
    """The seats that may be sold, at most `seats_total`: slot number i (from 1) is the i-th of them."""
    hidden = set(kept)
    return [seat for seat in all_seats(seat_map) if seat not in hidden][:seats_total]
