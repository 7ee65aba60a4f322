"""Somebody is told of his seat or pass, inside the act that brings it about; messages are Chinese."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Departure, DepartureStop, Stop
from charter.campaigns.naming import named
from charter.core import audit, clock, i18n
from charter.notices.service import tell
from charter.people.models import Employer, Worker
from charter.people.sealing import WORKER_PHONE
from charter.registrations.links import code_of
from charter.registrations.models import Registration

__all__ = ["tell_request", "tell_seat", "tell_seat_ended"]


def tell_seat(session: Session, booking: Booking, *, template: str = "seat_given", again: str = "") -> bool:
    """One message about this booking to its person's phone; False where he gave none.

    `again` makes a repeated message one of its own; without it the same seat is told once.
    """
    worker = session.scalars(select(Worker).join(Registration, Registration.worker_id == Worker.id).where(
        Registration.campaign_id == booking.campaign_id, Registration.id == booking.registration_id)).one()
    if worker.phone_sealed is None:
        return False
    departure = session.get_one(Departure, booking.departure_id)
    stops = session.execute(
        select(Stop, DepartureStop.gather_at).join(DepartureStop, DepartureStop.stop_id == Stop.id)
        .where(DepartureStop.departure_id == departure.id, DepartureStop.kind == "board")
        .order_by(DepartureStop.seq)).all()
    stop, gather = next(((one.name, at) for one, at in stops if booking.stop_id in (None, one.id)),
                        ("", departure.departs_at))
    phone = audit.reveal(session, WORKER_PHONE.view(worker.id, worker.phone_sealed), "座位通知", "notice", booking.id)
    with i18n.reading("zh"):
        tell(session, phone, template,
             {"name": worker.name, "departure": named(departure), "stop": stop, "seat": booking.seat or "由承运方安排",
              "link": code_of(booking.registration_id),
              "moment": clock.local(gather).strftime("%m月%d日 %H:%M")},
             unique_key=f"{template}|{booking.id}|{booking.revision}{again}", campaign_id=booking.campaign_id,
             about=f"trip|{booking.id}")
    return True


def tell_seat_ended(session: Session, booking: Booking) -> None:
    """The person learns that his seat was given back, so that he can object."""
    departure = session.get_one(Departure, booking.departure_id)
    found = session.scalars(select(Registration).where(
        Registration.campaign_id == booking.campaign_id, Registration.id == booking.registration_id)).one()
    with i18n.reading("zh"):
        name = named(departure)
    _tell(session, found, "seat_ended", {"departure": name}, f"{booking.id}|{booking.revision}")


def tell_request(session: Session, found: Registration, template: str, **values: str) -> None:
    """The person learns what became of his request: `request_confirmed` or `request_refused` (with `reason`)."""
    _tell(session, found, template, values, f"{found.id}|{int(clock.now().timestamp()) // 60}")


def _tell(session: Session, found: Registration, template: str, values: dict[str, str], key: str) -> None:
    worker = session.get_one(Worker, found.worker_id)
    if worker.phone_sealed is None:
        return
    campaign = session.get_one(Campaign, found.campaign_id)
    employer = session.get_one(Employer, found.employer_id)
    phone = audit.reveal(session, WORKER_PHONE.view(worker.id, worker.phone_sealed), "办理结果通知", "notice", found.id)
    with i18n.reading("zh"):
        tell(session, phone, template,
             {"name": worker.name, "employer": employer.name, "hotline": campaign.hotline} | values,
             unique_key=f"{template}|{key}", campaign_id=found.campaign_id)
