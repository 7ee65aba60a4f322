"""Checks of single fields of an instance: a plain value comes back, or a refusal that names field and item."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NoReturn

from charter.planner.instance import InvalidInstance

__all__ = ["LARGEST_MONEY", "LARGEST_WHOLE", "day_range", "flag", "identity", "listing", "money", "record", "refuse",
           "shown",
           "text", "unique", "whole"]

LARGEST_WHOLE = 2**31  # what counts of workers, seats and copies may reach
LARGEST_MONEY = 1e15  # beyond it sums of doubles lose whole units


def refuse(where: str, why: str) -> NoReturn:
    """Raise InvalidInstance for the field at `where`."""
    raise InvalidInstance(f"{where}: {why}")


def shown(value: Any) -> str:
    """The value as it was written, short enough for one line."""
    seen = ascii(value)
    return seen if len(seen) <= 40 else seen[:37] + "..."


def record(value: Any, where: str) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        refuse(where, f"must be an object, not {shown(value)}")
    return value


def listing(holder: dict[str, Any], field: str, where: str = "") -> list[Any]:
    """A JSON list that must be there."""
    if field not in holder:
        refuse(where + field, "is missing")
    value = holder[field]
    if not isinstance(value, list):
        refuse(where + field, f"must be a list, not {shown(value)}")
    return value


def whole(value: Any, where: str, least: int) -> int:
    """A whole number of at least `least`; 5.0 counts as 5, true and "5" do not."""
    number = int(value) if type(value) is float and value.is_integer() else value
    if type(number) is not int or number < least:
        refuse(where, f"must be a whole number of at least {least}, not {shown(value)}")
    if number > LARGEST_WHOLE:
        refuse(where, f"must be at most {LARGEST_WHOLE}, not {shown(value)}")
    return number


def money(value: Any, where: str) -> float:
    """A finite number of at least 0."""
    if type(value) not in (int, float):
        refuse(where, f"must be a number, not {shown(value)}")
    if not 0 <= value <= LARGEST_MONEY or math.isnan(value):
        refuse(where, f"must be a number from 0 to {LARGEST_MONEY:g}, not {shown(value)}")
    return float(value)


def text(value: Any, where: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        refuse(where, f"must be a text that is not empty, not {shown(value)}")
    return value


def identity(value: Any, where: str) -> str | int:
    """An id: a text that is not empty, or a whole number."""
    return value if type(value) is int else text(value, where)


def flag(value: Any, where: str) -> bool:
    """True or false."""
    if type(value) is not bool:
        refuse(where, f"must be true or false, not {shown(value)}")
    return value


def day_range(value: Any, where: str) -> tuple[int, int]:
    """[first day, last day], both included; days may be negative."""
    if not isinstance(value, list) or len(value) != 2:
        refuse(where, f"must be [first day, last day], not {shown(value)}")
    first, last = (whole(day, f"{where}[{i}]", -LARGEST_WHOLE) for i, day in enumerate(value))
    if first > last:
        refuse(where, f"the first day {first} is after the last day {last}")
    return first, last


def unique(ids: Iterable[str | int], field: str) -> None:
    """Refuse an id that stands twice in the list `field`."""
    first_at: dict[str | int, int] = {}
    for i, value in enumerate(ids):
        if first_at.setdefault(value, i) != i:
            refuse(f"{field}[{i}].id", f"{shown(value)} is already the id of {field}[{first_at[value]}]")
