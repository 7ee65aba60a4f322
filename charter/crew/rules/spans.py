"""How long a duty is: the empty ride out, the stay and the way back, not only the ride with people. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

__all__ = ["LONG_KM", "TWO_ABOVE", "Ride", "Span", "certified", "days_of", "days_to_give", "need", "nights_of", "span"]

STAY = {"bus": timedelta(hours=10), "train": timedelta(hours=4), "flight": timedelta(hours=2)}  # rest before turning
FEEDER_STAY = timedelta(hours=1)
LONG_KM = 1_000
TWO_ABOVE = 40  # people; above that a second one rides along
AROUND = 3  # days that a duty may reach beyond the campaign's own
GATHER = timedelta(hours=1)  # before departure the work begins


@dataclass(frozen=True, slots=True)
class Ride:
    """The ride with people aboard; moments aware, or all on one clock."""

    mode: str
    direction: str
    departs_at: datetime
    arrives_at: datetime
    feeder: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """From leaving base to being back."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


def span(ride: Ride) -> Span:
    """A ride to work begins far away: the vehicle goes there empty and rests first; a ride home ends far away."""
    length = ride.arrives_at - ride.departs_at
    away = length + (FEEDER_STAY if ride.feeder else STAY[ride.mode])
    if ride.direction == "to_work":
        return Span(ride.departs_at - away, ride.arrives_at)
    return Span(ride.departs_at - GATHER, ride.arrives_at + away)


def certified(ride: Ride) -> int:
    """Minutes that a certificate counts: from gathering until arrival; the empty way and the rest do not count."""
    return int((ride.arrives_at - ride.departs_at + GATHER).total_seconds() // 60)


def days_of(start: datetime, end: datetime) -> list[date]:
    """The calendar days (of the moments' own clock) that a span touches."""
    first, last = start.date(), end.date()
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def days_to_give(first: date, last: date) -> list[date]:
    """The days on which somebody may be away for a campaign of these days: vehicles leave before its first one."""
    return [first + timedelta(days=count) for count in range(-AROUND, (last - first).days + AROUND + 1)]


def nights_of(start: datetime, end: datetime) -> int:
    """Nights away: how often midnight passes."""
    return (end.date() - start.date()).days


def need(people: int) -> int:
    """How many ride along with so many people."""
    return 2 if people > TWO_ABOVE else 1
