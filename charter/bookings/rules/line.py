"""The waiting list's decisions: who is next, until when an offer holds, which steps a place in the line may take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from charter.core.clock import ZONE

__all__ = ["STEPS", "Beside", "in_turn", "offer_until"]

Beside = Callable[[int, Sequence[int]], list[int]]

STEPS = {  # the database refuses every other one
    "waiting": frozenset({"offered", "seated", "left"}),
    "offered": frozenset({"seated", "declined", "lapsed", "waiting", "left"}),
}
SHORTEST = timedelta(minutes=10)  # nobody can answer faster
BEFORE = timedelta(hours=1)  # the carrier's list and the walk to the stop
WAKES = 8  # o'clock: who is offered a seat at night answers in the morning
SLEEPS = 22


def in_turn(free: Sequence[int], sizes: Sequence[int], beside: Beside) -> list[list[int]]:
    """The slots for each group of the line, in its order; empty for one that does not fit, which keeps its place.

    `free` is ascending; `beside` picks so many of them that lie side by side where they can.
    """
    left, found = list(free), []
    for size in sizes:
        run = beside(size, left)
        slots = run if len(run) == size else []
        left = [slot for slot in left if slot not in slots]
        found.append(slots)
    return found


def offer_until(now: datetime, minutes: int, departs_at: datetime) -> datetime | None:
    """When an offer made now lapses; None where there is no time left for one.

    An offer that would lapse at night holds until half past eight, as long as the departure allows.
    """
    until = now + timedelta(minutes=minutes)
    here = until.astimezone(ZONE)
    if here.hour < WAKES or here.hour >= SLEEPS:
        morning = here + timedelta(days=here.hour >= SLEEPS)
        until = morning.replace(hour=WAKES, minute=30, second=0, microsecond=0)
    until = min(until, departs_at - BEFORE)
    return until if until - now >= SHORTEST else None
