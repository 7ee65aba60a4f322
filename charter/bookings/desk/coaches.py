"""One text per coach for the works' chat group: day, time, stop, names, seats; never an ID number or a phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.choosing import campaign_of
from charter.campaigns.models import Campaign, Departure, DepartureStop, Stop
from charter.core.actor import Actor
from charter.core.i18n import gettext, hour, language, moment
from charter.people.models import Worker
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["Coach", "Coaches", "coaches"]

PAGE = 20  # departures on one page


@dataclass(frozen=True, slots=True)
class Coach:
    """One departure with the reader's people on it, and the text that may be sent."""

    id: int
    code: str
    departs_at: datetime
    people: int
    text: str


@dataclass(frozen=True, slots=True)
class Coaches:
    """The page: the days on which the reader's people travel, and a page of the coaches of one of them."""

    campaign: Campaign
    days: tuple[date, ...]
    day: date | None
    coaches: tuple[Coach, ...]
    number: int = 1
    more: bool = False


def coaches(session: Session, actor: Actor, wanted: str | None, kept: str | None, day: date | None,
            number: int = 1) -> Coaches:
    """A page of the reader's coaches of a day, by default the first one. Raises NotFound for a foreign campaign."""
    campaign = campaign_of(session, actor, wanted, kept)
    mine = (Booking.campaign_id == campaign.id, Booking.state == "confirmed", visible_registrations(actor),
            Departure.state.in_(("planned", "open", "closed", "boarding")))
    days = tuple(session.scalars(_joined(select(Departure.date).distinct()).where(*mine).order_by(Departure.date)))
    chosen = day if day in days else (days[0] if days else None)
    if chosen is None:
        return Coaches(campaign, days, None, ())
    ids = _joined(select(Departure.id).distinct()).where(*mine, Departure.date == chosen).subquery()
    found = session.scalars(select(Departure).where(Departure.id.in_(select(ids.c.id)))
                            .order_by(Departure.departs_at, Departure.id)
                            .limit(PAGE + 1).offset((number - 1) * PAGE)).all()
    shown = found[:PAGE]
    riders: dict[int, list[Any]] = defaultdict(list)
    for departure_id, stop_id, name, seat, lap_children in session.execute(
            _joined(select(Booking.departure_id, Booking.stop_id, Worker.name, Booking.seat, Booking.lap_children))
            .join(Worker, Worker.id == Registration.worker_id)
            .where(*mine, Booking.departure_id.in_([row.id for row in shown]))
            .order_by(Booking.departure_id, Booking.slot)):
        riders[departure_id].append((stop_id, name, seat, lap_children))
    stops = _stops(session, [row.id for row in shown])
    return Coaches(campaign, days, chosen, tuple(
        Coach(row.id, row.code, row.departs_at, len(riders[row.id]),
              _text(campaign, row, stops[row.id], riders[row.id])) for row in shown), number, len(found) > PAGE)


def _joined(query: Any) -> Any:
    return (query.select_from(Booking).join(Departure, Departure.id == Booking.departure_id)
            .join(Registration, (Registration.campaign_id == Booking.campaign_id)
                  & (Registration.id == Booking.registration_id)))


def _stops(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[DepartureStop, Stop]]]:
    found: dict[int, list[tuple[DepartureStop, Stop]]] = defaultdict(list)
    for at, stop in session.execute(
            select(DepartureStop, Stop).join(Stop, Stop.id == DepartureStop.stop_id)
            .where(DepartureStop.departure_id.in_(ids), DepartureStop.kind == "board")
            .order_by(DepartureStop.departure_id, DepartureStop.seq)):
        found[at.departure_id].append((at, stop))
    return found


def _text(campaign: Campaign, departure: Departure, stops: Sequence[tuple[DepartureStop, Stop]],
          riders: Sequence[tuple[UUID | None, str, str | None, int]]) -> str:
    """The message, stop by stop in the order of driving; who has no stop of his own gets on at the first."""
    lines = [gettext("%(code)s，%(at)s 发车", code=departure.code, at=_day_and_hour(departure.departs_at))]
    first = stops[0][1].id if stops else None
    for at, stop in stops:
        here = [rider for rider in riders if (rider[0] or first) == stop.id]
        if here:
            name = stop.name if language() == "zh" else stop.name_en or stop.name
            lines += [gettext("%(at)s 在 %(stop)s 集合", at=hour(at.gather_at), stop=f"{name} {at.bay}".strip()),
                      *map(_line, here)]
    known = {stop.id for _, stop in stops}
    lines += [_line(rider) for rider in riders if (rider[0] or first) not in known]
    if departure.crew_name:
        lines.append(gettext("带车人员：%(name)s", name=departure.crew_name))
    lines.append(gettext("请带身份证原件；有事打 %(hotline)s", hotline=campaign.hotline))
    return "\n".join(lines)


def _day_and_hour(at: datetime) -> str:
    """Without "tomorrow": the message is read on another day."""
    return moment(at).partition(" · ")[0]


def _line(rider: tuple[UUID | None, str, str | None, int]) -> str:
    _, name, seat, lap = rider
    words = gettext("%(name)s %(seat)s 座", name=name, seat=seat) if seat else gettext(
        "%(name)s 座位由承运方安排", name=name)
    return words + gettext("（带 %(n)s 名怀抱儿童）", n=lap) if lap else words
