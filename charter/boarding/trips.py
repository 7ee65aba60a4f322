"""A departure as boarding reads it: campaign, stops, when boarding opens, whether it is sealed, and who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Departure, DepartureStop, Stop
from charter.campaigns.naming import named
from charter.core.actor import Actor, Role
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.people.models import Employer
from charter.registrations.models import Registration

__all__ = ["Place", "Trip", "trip", "visible_trip"]

OPENS = timedelta(hours=6)  # boarding opens so long before the first gather time; earlier scans are doubtful
KEPT = timedelta(hours=12)  # a phone forgets the list so long after arrival


@dataclass(frozen=True, slots=True)
class Place:
    """A stop of the departure."""

    id: UUID
    name: str
    name_en: str
    kind: str
    bay: str
    gather_at: datetime
    departs_at: datetime


@dataclass(frozen=True, slots=True)
class Trip:
    """One departure; `code` begins with a coach's number (7号车).

    `sealed_at` is when it left; `opens_at` when boarding opens; `not_after` when phones forget it.
    """

    departure_id: int
    campaign_id: UUID
    code: str
    mode: str
    state: str
    departs_at: datetime
    arrives_at: datetime
    opens_at: datetime
    sealed_at: datetime | None
    plate: str
    stops: Mapping[UUID, Place]

    @property
    def not_after(self) -> datetime:
        """When a phone must have forgotten this list."""
        return self.arrives_at + KEPT


def trip(session: Session, departure_id: int) -> Trip | None:
    """The departure, or None."""
    found = session.get(Departure, departure_id)
    if found is None:
        return None
    rows = session.execute(select(DepartureStop, Stop).join(Stop, Stop.id == DepartureStop.stop_id)
                           .where(DepartureStop.departure_id == departure_id).order_by(DepartureStop.seq))
    stops = {stop.id: Place(stop.id, stop.name, stop.name_en or stop.name, at.kind, at.bay, at.gather_at, at.departs_at)
             for at, stop in rows}
    first = min((place.gather_at for place in stops.values() if place.kind == "board"), default=found.departs_at)
    return Trip(found.id, found.campaign_id, named(found), found.mode, found.state, found.departs_at, found.arrives_at,
                first - OPENS, found.departed_at, found.plate, stops)


def visible_trip(session: Session, departure_id: int, actor: Actor) -> Trip:
    """The departure, if the actor may see it. Raises NotFound else, for missing and foreign alike."""
    found = trip(session, departure_id)
    if found is None or not _may_see(session, found, actor):
        raise NotFound
    return found


def _may_see(session: Session, found: Trip, actor: Actor) -> bool:
    if actor.role == Role.SCANNER:
        return actor.scope("departure") == str(found.departure_id)
    if actor.role == Role.DISTRICT_ORGANIZER:
        return _carries_district(session, found, uuid_or_none(actor.scope("district") or ""))
    if actor.role == Role.CITY_ORGANIZER and actor.scope_kind is None:
        return True
    return actor.scope("campaign") == str(found.campaign_id)


def _carries_district(session: Session, found: Trip, district: UUID | None) -> bool:
    own = (select(Booking.id).join(Registration, (Registration.campaign_id == Booking.campaign_id)
                                   & (Registration.id == Booking.registration_id))
           .join(Employer, Employer.id == Registration.employer_id)
           .where(Booking.departure_id == found.departure_id, Employer.district_id == district).limit(1))
    return session.scalar(own) is not None
