"""What is unusual about a departure, the most pressing first. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from charter.core.i18n import N_

__all__ = ["Trip", "of"]

SOON = timedelta(hours=24)
SILENT = timedelta(minutes=30)


class Trip(Protocol):
    """What is looked at."""

    @property
    def state(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def departs_at(self) -> datetime: ...
    @property
    def arrives_at(self) -> datetime: ...
    @property
    def booked(self) -> int: ...
    @property
    def seats_total(self) -> int: ...
    @property
    def crew_name(self) -> str: ...
    @property
    def plate(self) -> str: ...


def of(trip: Trip, now: datetime, *, counts_all: bool = True) -> list[tuple[str, str]]:
    """(tone, message id) of each thing: stop or look. Without `counts_all` only a district's people are counted."""
    found: list[tuple[str, str]] = []
    if trip.state in ("planned", "open", "closed", "boarding"):
        if now > trip.departs_at + SILENT:
            found.append(("stop", N_("过了发车时间，还没有登记发车")))
        if trip.booked > trip.seats_total:
            found.append(("stop", N_("订座的人比可坐的座位多")))
        near = trip.departs_at - now < SOON
        if not trip.crew_name:
            found.append(("stop" if near else "look", N_("还没有人带车")))
        if not trip.plate and near:
            found.append(("look", N_("还没有填车牌")))
        if counts_all and trip.booked == 0:
            found.append(("look", N_("没有人订座，可以取消")))
    if trip.state == "departed" and now > trip.arrives_at + SILENT:
        found.append(("look", N_("过了到达时间，还没有登记到达")))
    return found
