"""The one clock: aware UTC inside, Asia/Shanghai for people. Tests and drills move it with `travel`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["ZONE", "at_local", "day_bounds", "local", "now", "today", "travel"]

ZONE = ZoneInfo("Asia/Shanghai")
_shift = timedelta()


def now() -> datetime:
    """The present moment, UTC, aware."""
    return datetime.now(UTC) + _shift


def local(moment: datetime) -> datetime:
    """The same moment on the campaign's wall clock (Asia/Shanghai)."""
    return moment.astimezone(ZONE)


def today() -> date:
    """The calendar day in Asia/Shanghai."""
    return local(now()).date()


def at_local(day: date, clock: time) -> datetime:
    """The moment of a wall-clock time on a day, as UTC."""
    return datetime.combine(day, clock, ZONE).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of the day and of the next one, UTC."""
    return at_local(day, time()), at_local(day + timedelta(days=1), time())


@contextmanager
def travel(shift: timedelta) -> Iterator[None]:
    """Move this process's clock; for tests and drills."""
    global _shift
    before, _shift = _shift, _shift + shift
    try:
        yield
    finally:
        _shift = before
