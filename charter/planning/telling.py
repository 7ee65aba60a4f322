"""Who got a seat is told, inside the act that gives it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Departure, DepartureStop, Stop
from charter.core import audit, clock, i18n
from charter.notices.service import tell
from charter.people.models import Worker
from charter.people.sealing import WORKER_PHONE
from charter.registrations.models import Registration

__all__ = ["tell_seated"]

BATCH = 5_000


def tell_seated(session: Session, campaign_id: UUID, serials: Sequence[int]) -> int:
    """One message for each booking whose worker has a phone; how many were written. Messages are Chinese."""
    told = 0
    with i18n.reading("zh"):
        for start in range(0, len(serials), BATCH):
            told += _tell(session, campaign_id, serials[start:start + BATCH])
    return told


def _tell(session: Session, campaign_id: UUID, serials: Sequence[int]) -> int:
    rows = session.execute(
        select(Booking.id, Booking.revision, Worker.id, Worker.name, Worker.phone_sealed, Departure)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id).join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.campaign_id == campaign_id, Booking.id.in_(serials), Worker.phone_sealed.is_not(None))).all()
    guarded = [WORKER_PHONE.view(worker, sealed) for _, _, worker, _, sealed, _ in rows if sealed]
    phones = audit.reveal_many(session, guarded, "座位通知", "campaign", campaign_id)
    where = _first_stops(session, {departure.id for *_, departure in rows})
    for (serial, revision, _, name, _, departure), phone in zip(rows, phones, strict=True):
        stop, gather = where.get(departure.id, ("", departure.departs_at))
        tell(session, phone, "seat_given",
             {"name": name, "departure": departure.code, "stop": stop,
              "moment": clock.local(gather).strftime("%m月%d日 %H:%M")},
             unique_key=f"seat_given|{serial}|{revision}", campaign_id=campaign_id)
    return len(rows)


def _first_stops(session: Session, departures: set[int]) -> dict[int, tuple[str, datetime]]:
    rows = session.execute(
        select(DepartureStop.departure_id, Stop.name, DepartureStop.gather_at)
        .join(Stop, Stop.id == DepartureStop.stop_id)
        .where(DepartureStop.departure_id.in_(departures), DepartureStop.kind == "board")
        .order_by(DepartureStop.seq.desc()))
    return {departure: (name, at) for departure, name, at in rows}
