"""What may be a sign of invented travel, and from where on it is one. Pure; a sign is a question, not a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["BURST", "FEW", "KINDS", "SHARED", "TOGETHER", "Trip", "fastest", "found_in"]

KINDS = ("fast", "by_hand", "late_typed", "one_phone", "empty", "two_vehicles")
BURST = 10  # people
WALKED = timedelta(seconds=20)  # in which so many cannot pass one phone: showing a code and stepping on takes two
FEW = 5  # people from which on "all" means something
SHARED = 5  # people of one vehicle who gave one phone number
TOGETHER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Trip:
    """What one departure's records say. `burst_seconds`: the shortest time in which one phone scanned ten people,
    None where none did; `typed_after`: boardings that came in after its settlement; `one_phone`: most people of one
    phone number; `twice`: people who rode another vehicle within a day too."""

    seats: int
    rode: int
    by_hand: int
    billed: bool
    burst_seconds: float | None
    typed_after: int
    one_phone: int
    twice: int


def fastest(times: Sequence[datetime], burst: int = BURST) -> float | None:
    """The shortest time in seconds in which `burst` people passed; None where fewer did."""
    ordered = sorted(times)
    spans = [(last - first).total_seconds() for first, last in zip(ordered, ordered[burst - 1:], strict=False)]
    return min(spans, default=None)


def found_in(trip: Trip) -> dict[str, int]:
    """The signs of a trip, each with the number that it is about: seconds, people, or empty seats."""
    found: dict[str, int] = {}
    if trip.burst_seconds is not None and trip.burst_seconds < WALKED.total_seconds():
        found["fast"] = round(trip.burst_seconds)
    if trip.rode >= FEW and trip.by_hand >= trip.rode:
        found["by_hand"] = trip.by_hand
    if trip.typed_after:
        found["late_typed"] = trip.typed_after
    if trip.one_phone >= SHARED:
        found["one_phone"] = trip.one_phone
    if trip.billed and trip.rode * 2 < trip.seats:
        found["empty"] = trip.seats - trip.rode
    if trip.twice:
        found["two_vehicles"] = trip.twice
    return found
