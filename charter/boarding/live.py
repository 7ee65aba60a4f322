"""The live board: every departure of a day and whatever is on the road; the evening before, what is not ready."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from charter.access.models import ApiToken, Device
from charter.boarding import handover
from charter.boarding.models import BoardingConflict, TripEntry, UnlockCard
from charter.bookings.models import Booking, BookingRevision
from charter.campaigns.models import Departure, Stop
from charter.campaigns.naming import named
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.audit import AuditEvent
from charter.core.ids import uuid_or_none
from charter.notices.models import Outbox
from charter.people.models import Employer, Worker
from charter.registrations.models import Registration

__all__ = ["EVENING", "LATE_AFTER", "Ready", "Row", "board", "readiness", "shows_tomorrow"]

EVENING = time(18)  # from then on the board asks what is not ready for tomorrow
LATE_AFTER = timedelta(minutes=15)
MOVING = ("arrived_stop", "left_stop", "rest_begun", "rest_ended")


@dataclass(frozen=True, slots=True)
class Row:
    """One departure now. `place` is what the log said last and where; `tone` go, look, stop, info or past."""

    id: int
    name: str
    departs_at: datetime
    arrives_at: datetime
    state: str
    booked: int
    boarded: int
    late: bool
    place: str
    place_kind: str
    heard: datetime | None
    cases: int
    incidents: int
    unclaimed: int

    @property
    def missing(self) -> int:
        """Who has a seat and is not on board."""
        return max(self.booked - self.boarded, 0)

    @property
    def tone(self) -> str:
        """How pressing it is."""
        if self.late or self.incidents or self.unclaimed:
            return "stop"
        if self.cases or (self.state == "boarding" and self.missing):
            return "look"
        return {"departed": "go", "arrived": "past", "boarding": "info"}.get(self.state, "info")


@dataclass(frozen=True, slots=True)
class Ready:
    """One departure of tomorrow and what it lacks; `held` is the oldest list version that a crew phone holds."""

    id: int
    name: str
    departs_at: datetime
    version: int
    held: int | None
    heard: datetime | None
    phones: int
    crew: bool
    vehicle: bool
    printed: bool
    card: bool
    unreached: int

    @property
    def lacks(self) -> int:
        """How many things are missing."""
        stale = self.phones == 0 or self.held is None or self.held < self.version
        return sum([stale, not self.crew, not self.vehicle, not self.printed, not self.card, self.unreached > 0])


def shows_tomorrow(now: datetime) -> bool:
    """Whether it is time to look at tomorrow."""
    return clock.local(now).time() >= EVENING


def board(session: Session, actor: Actor, campaign_id: UUID, day: date, now: datetime) -> list[Row]:
    """Departures of the day and those on the road, the most pressing first; people within the reader's scope."""
    found = session.scalars(select(Departure).where(
        Departure.campaign_id == campaign_id, Departure.state != "called_off",
        or_(Departure.date == day, Departure.state == "departed"))
        .order_by(Departure.departs_at, Departure.number).limit(500)).all()
    ids = [one.id for one in found]
    counts = _people(session, actor, ids)
    last = _last(session, ids)
    cases = _counted(session, BoardingConflict.departure_id, BoardingConflict.departure_id.in_(ids),
                     BoardingConflict.state == "open")
    open_ = _incidents(session, ids)
    left = _unclaimed(session, actor, [one for one in found if one.state == "arrived"], now)
    rows = []
    for one in found:
        booked, boarded = counts.get(one.id, (0, 0))
        late = ((one.departed_at is None and now > one.departs_at + LATE_AFTER)
                or (one.state == "departed" and now > one.arrives_at + LATE_AFTER))
        kind, place, heard = last.get(one.id, ("", "", None))
        rows.append(Row(one.id, named(one), one.departs_at, one.arrives_at, one.state, booked, boarded, late, place,
                        kind, heard, cases[one.id], open_[one.id], left[one.id]))
    urgent = {"stop": 0, "look": 1}
    return sorted(rows, key=lambda row: (urgent.get(row.tone, 2), row.departs_at))


def readiness(session: Session, actor: Actor, campaign_id: UUID, day: date) -> list[Ready]:
    """What each departure of that day still lacks, the least ready first."""
    found = session.scalars(select(Departure).where(
        Departure.campaign_id == campaign_id, Departure.date == day, Departure.state != "called_off")
        .order_by(Departure.departs_at).limit(500)).all()
    ids = [one.id for one in found]
    versions, phones = _versions(session, ids), _phones(session, ids)
    cards = set(session.scalars(select(UnlockCard.departure_id).where(UnlockCard.departure_id.in_(ids))))
    printed = set(session.scalars(select(AuditEvent.object_id).where(
        AuditEvent.action == "papers.printed", AuditEvent.object_id.in_([str(one) for one in ids]))))
    unreached = _unreached(session, actor, ids)
    rows = [Ready(one.id, named(one), one.departs_at, versions.get(one.id, 0),
                  min((version for version, _ in phones[one.id]), default=None),
                  max((heard for _, heard in phones[one.id]), default=None), len(phones[one.id]),
                  bool(one.crew_name), bool(one.plate and one.drivers), str(one.id) in printed, one.id in cards,
                  unreached[one.id]) for one in found]
    return sorted(rows, key=lambda row: (-row.lacks, row.departs_at))


def _scope(actor: Actor) -> Any:
    own = uuid_or_none(actor.scope("district") or "") if actor.role == Role.DISTRICT_ORGANIZER else None
    return Employer.district_id == own if own else Employer.id.is_not(None)


def _joined(query: Any) -> Any:
    return (query.join(Registration, (Registration.campaign_id == Booking.campaign_id)
                       & (Registration.id == Booking.registration_id))
            .join(Employer, Employer.id == Registration.employer_id))


def _people(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = session.execute(_joined(select(Booking.departure_id, func.count(), func.count(Booking.boarded_at)))
                           .where(Booking.departure_id.in_(ids), Booking.state == "confirmed", _scope(actor))
                           .group_by(Booking.departure_id))
    return {departure: (booked, boarded) for departure, booked, boarded in rows}


def _last(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str, datetime]]:
    """What the log of each said last, and where."""
    rows = session.execute(
        select(TripEntry.departure_id, TripEntry.kind, Stop.name, TripEntry.corrected_at)
        .outerjoin(Stop, Stop.id == TripEntry.stop_id)
        .where(TripEntry.departure_id.in_(ids), TripEntry.kind.in_(MOVING)).order_by(TripEntry.corrected_at))
    return {departure: (kind, place or "", at) for departure, kind, place, at in rows}


def _incidents(session: Session, ids: Sequence[int]) -> Counter[int]:
    rows = session.execute(select(TripEntry.departure_id, TripEntry.kind, TripEntry.entry_id, TripEntry.details).where(
        TripEntry.departure_id.in_(ids), TripEntry.kind.in_(("incident", "incident_over")))).all()
    over = {str(row.details.get("incident")) for row in rows if row.kind == "incident_over"}
    return Counter(row.departure_id for row in rows if row.kind == "incident" and str(row.entry_id) not in over)


def _unclaimed(session: Session, actor: Actor, arrived: Sequence[Departure], now: datetime) -> Counter[int]:
    """Who rode, and whom nobody has taken over though it is time."""
    ids = [one.id for one in arrived if now > one.arrives_at + handover.ALARM_AFTER]
    signed = {booking for details in session.scalars(select(TripEntry.details).where(
        TripEntry.departure_id.in_(ids), TripEntry.kind == "handed_over")) for booking in details["booking_ids"]}
    rows = session.execute(_joined(select(Booking.departure_id, Booking.id)).where(
        Booking.departure_id.in_(ids), Booking.arrived_at.is_not(None), _scope(actor)))
    return Counter(departure for departure, booking in rows if str(booking) not in signed)


def _counted(session: Session, column: Any, *where: Any) -> Counter[int]:
    return Counter({int(key): int(number) for key, number in session.execute(
        select(column, func.count()).where(*where).group_by(column))})


def _versions(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """The list's number of each departure, as `manifest.version` counts it."""
    ever = (select(BookingRevision.departure_id, BookingRevision.booking_id)
            .where(BookingRevision.departure_id.in_(ids)).distinct().subquery())
    revisions = session.execute(
        select(ever.c.departure_id, func.count(), func.count(BookingRevision.reported_at))
        .join(BookingRevision, BookingRevision.booking_id == ever.c.booking_id).group_by(ever.c.departure_id))
    found = {departure: rows + reported for departure, rows, reported in revisions}
    ended = session.execute(
        select(ever.c.departure_id, func.count()).join(Booking, Booking.id == ever.c.booking_id)
        .where(Booking.state == "cancelled").group_by(ever.c.departure_id))
    for departure, number in ended:
        found[departure] = found.get(departure, 0) + number
    return found


def _phones(session: Session, ids: Sequence[int]) -> defaultdict[int, list[tuple[int, datetime]]]:
    """The list version that each phone in use holds, and when it was last heard."""
    rows = session.execute(
        select(Device.departure_id, Device.list_version, ApiToken.last_used_at)
        .join(ApiToken, ApiToken.device_id == Device.id)
        .where(Device.departure_id.in_(ids), ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now()))
    found: defaultdict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for departure, version, heard in rows:
        if version is None:
            continue
        found[departure].append((version, heard or clock.now()))
    return found


def _unreached(session: Session, actor: Actor, ids: Sequence[int]) -> Counter[int]:
    """People without a phone, or to whose phone the message of the seat could not be sent."""
    failed = select(Outbox.unique_key).where(Outbox.state == "failed", Outbox.unique_key.like("seat_given|%"))
    bookings = {key.split("|")[1] for key in session.scalars(failed)}
    rows = session.execute(
        _joined(select(Booking.departure_id, Booking.id, Worker.phone_sealed.is_(None)))
        .join(Worker, Worker.id == Registration.worker_id)
        .where(Booking.departure_id.in_(ids), Booking.state == "confirmed", _scope(actor)))
    return Counter(departure for departure, booking, silent in rows if silent or str(booking) in bookings)
