"""The worker's page of the waiting list: which lines pass near his home, which days there are, who waits with him."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.service.waiting import Wanted
from charter.bookings.trip import Trip, riders
from charter.campaigns.models import Corridor
from charter.core import clock
from charter.core.i18n import N_, language
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid
from charter.places import table as places
from charter.places.distance import around

__all__ = ["REACHES", "Choice", "choice", "fresh", "together", "wanted"]

REACHES = ((0, N_("只在我的县")), (40, N_("40 公里以内都行")), (80, N_("80 公里以内都行")),
           (120, N_("120 公里以内都行")))
FARTHEST = 120


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen: corridors as (id, words, kind of transport), and the days."""

    corridors: tuple[tuple[str, str, str], ...]
    days: tuple[date, ...]


def choice(session: Session, trip: Trip) -> Choice:
    """The corridors that pass within 120 km of the person's home as he is ready to ride, his county's first."""
    home = trip.me.request.origin
    near = around(places.load(), home, FARTHEST)
    rows = session.scalars(select(Corridor).where(
        Corridor.campaign_id == trip.campaign.id, Corridor.feeder.is_(False), Corridor.mode.in_(trip.me.request.modes),
        Corridor.origins.overlap(near)).order_by(Corridor.name)).all()
    english = language() == "en"
    found = sorted(rows, key=lambda row: home not in row.origins)
    first = max(clock.today(), trip.campaign.starts_on)
    return Choice(tuple((str(row.id), (row.name_en if english else "") or row.name, row.mode) for row in found),
                  tuple(first + timedelta(days=n) for n in range((trip.campaign.ends_on - first).days + 1)))


def fresh(trip: Trip, found: Choice) -> dict[str, str]:
    """The form as it first stands: the request's own window, 40 km around."""
    me = trip.me.request
    days = [day for day in found.days if me.earliest <= day <= me.latest] or list(found.days)
    return {"corridor": found.corridors[0][0] if found.corridors else "", "within_km": "40",
            "first_day": days[0].isoformat() if days else "", "last_day": days[-1].isoformat() if days else ""}


def wanted(written: Mapping[str, str], found: Choice) -> Wanted:
    """What was chosen. Raises Invalid at the fields."""
    days = {day.isoformat(): day for day in found.days}
    reaches = {str(km): km for km, _ in REACHES}
    corridor = uuid_or_none(written.get("corridor", ""))
    wrong = [FieldProblem(name, "missing", words) for name, fits, words in (
        ("corridor", any(written.get("corridor") == key for key, _, _ in found.corridors), N_("请选一条线路")),
        ("first_day", written.get("first_day") in days, N_("请选一天")),
        ("last_day", written.get("last_day") in days, N_("请选一天")),
        ("within_km", written.get("within_km") in reaches, N_("请选多远的上车点可以去"))) if not fits]
    if wrong or corridor is None:
        raise Invalid(errors=wrong)
    return Wanted(corridor, days[written["first_day"]], days[written["last_day"]], reaches[written["within_km"]])


def together(trip: Trip) -> Sequence[UUID]:
    """Who waits together: everybody of the party who has no seat yet."""
    return [one.request.id for one in riders(trip)]
