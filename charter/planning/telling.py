"""Who got a seat is told, inside the act that gives it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Departure, DepartureStop, Stop
from charter.campaigns.naming import named
from charter.core import audit, clock, i18n
from charter.notices.service import Notice, tell_many
from charter.people.models import Worker
from charter.people.sealing import WORKER_PHONE
from charter.registrations.links import code_of
from charter.registrations.models import Registration

__all__ = ["tell_seated"]

BATCH = 5_000


def tell_seated(session: Session, campaign_id: UUID, serials: Sequence[int]) -> int:
    """One message for each person who was seated and has a phone; how many were written. Messages are Chinese.

    It names the flight or coach, and where and when the first leg is boarded.
    """
    told = 0
    with i18n.reading("zh"):
        for start in range(0, len(serials), BATCH):
            told += _tell(session, campaign_id, serials[start:start + BATCH])
    return told


def _tell(session: Session, campaign_id: UUID, serials: Sequence[int]) -> int:
    rows = session.execute(
        select(Booking, Departure, Worker.id, Worker.name, Worker.phone_sealed)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id).join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.campaign_id == campaign_id, Booking.id.in_(serials), Departure.leg_kind == "main",
               Worker.phone_sealed.is_not(None))).all()
    guarded = [WORKER_PHONE.view(worker, sealed) for _, _, worker, _, sealed in rows if sealed]
    phones = audit.reveal_many(session, guarded, "座位通知", "campaign", campaign_id)
    first = _first_legs(session, campaign_id, [booking.registration_id for booking, *_ in rows])
    notices = []
    for (booking, departure, _, name, _), phone in zip(rows, phones, strict=True):
        stop, gather = first.get(booking.registration_id, ("", departure.departs_at))
        notices.append(Notice(
            phone, "seat_given", {"name": name, "departure": _named(departure), "stop": stop,
                                  "link": code_of(booking.registration_id),
                                  "moment": clock.local(gather).strftime("%m月%d日 %H:%M")},
            f"seat_given|{booking.id}|{booking.revision}", f"trip|{booking.id}"))
    tell_many(session, notices, campaign_id=campaign_id)
    return len(notices)


def _first_legs(session: Session, campaign_id: UUID, people: Sequence[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """Where and when each of them gets on first: his own stop, or the departure's first one where he has none."""
    rows = session.execute(
        select(Booking.registration_id, Stop.name, DepartureStop.gather_at)
        .join(DepartureStop, DepartureStop.departure_id == Booking.departure_id)
        .join(Stop, Stop.id == DepartureStop.stop_id)
        .where(Booking.campaign_id == campaign_id, Booking.registration_id.in_(people), Booking.state == "confirmed",
               DepartureStop.kind == "board",
               (Booking.stop_id == DepartureStop.stop_id) | Booking.stop_id.is_(None))
        .order_by(DepartureStop.gather_at.desc()))
    return {person: (name, at) for person, name, at in rows}


def _named(departure: Departure) -> str:
    with i18n.reading("zh"):
        return named(departure)
