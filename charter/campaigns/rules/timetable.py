"""When a coach arrives: driving with the rests and the night's stop that charters must keep.

Source: safety rules of road carriers, article 38: at most 4 hours at the wheel by day and 2 by night (22:00 to 06:00)
in a row, breaks of at least 20 minutes; charter coaches stand from 02:00 to 05:00.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

__all__ = ["BREAK", "DAY_MINUTES", "NIGHT_MINUTES", "coach_arrival"]

DAY_MINUTES, NIGHT_MINUTES = 240, 120
BREAK = timedelta(minutes=20)
STANDS = (time(2), time(5))
NIGHT = (time(22), time(6))
TURNS = (STANDS[0], STANDS[1], NIGHT[1], NIGHT[0])  # moments of the day at which a limit changes


def coach_arrival(leaves: datetime, driving_min: int) -> datetime:
    """The end of a ride of so many minutes at the wheel; `leaves` on the wall clock of the road, with its zone."""
    now, left, in_a_row = leaves, driving_min, 0
    while left > 0:
        if STANDS[0] <= now.timetz().replace(tzinfo=None) < STANDS[1]:
            now, in_a_row = now.replace(hour=STANDS[1].hour, minute=0, second=0, microsecond=0), 0
            continue
        until_break = _limit(now) - in_a_row
        if until_break <= 0:
            now, in_a_row = now + BREAK, 0
            continue
        stretch = min(left, until_break, _to_turn(now))
        now, left, in_a_row = now + timedelta(minutes=stretch), left - stretch, in_a_row + stretch
    return now


def _limit(now: datetime) -> int:
    clock = now.timetz().replace(tzinfo=None)
    return NIGHT_MINUTES if clock >= NIGHT[0] or clock < NIGHT[1] else DAY_MINUTES


def _to_turn(now: datetime) -> int:
    """Whole minutes to the next moment at which a limit changes, at least 1."""
    ahead = []
    for turn in TURNS:
        at = now.replace(hour=turn.hour, minute=turn.minute, second=0, microsecond=0)
        ahead.append((at if at > now else at + timedelta(days=1)) - now)
    return max(1, int(min(ahead).total_seconds() // 60))
