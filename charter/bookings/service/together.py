"""What a worker does from his own phone for himself and his party: take seats, confirm them, give them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.problems import TooLate
from charter.bookings.service.changing import cancel, confirm, withdraw_registration
from charter.bookings.service.holding import hold_party
from charter.bookings.service.offering import offer
from charter.bookings.service.release import release
from charter.campaigns.models import Campaign, Departure, DepartureStop
from charter.core import clock
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.registrations import service as registrations
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["confirm_all", "give_back", "leave", "not_coming", "take_back_consent", "take_seats"]


def take_seats(session: Session, departure_id: int, registration_ids: Sequence[UUID],
               seats: Sequence[str] | None = None, stop_id: UUID | None = None) -> list[Booking]:
    """Hold places for all of them or for nobody; holds that they had elsewhere are given up for it.

    Raises as `hold_party`.
    """
    _visible(session, registration_ids)
    earlier = session.scalars(select(Booking).where(
        Booking.registration_id.in_(registration_ids), Booking.state == "held").with_for_update()).all()
    for booking in earlier:
        release(session, booking)
    made = hold_party(session, departure_id, registration_ids, seats)
    offer(session, {booking.departure_id for booking in earlier} - {departure_id})
    stops = set(session.scalars(select(DepartureStop.stop_id).where(
        DepartureStop.departure_id == departure_id, DepartureStop.kind == "board")))
    for booking in made:
        booking.stop_id = stop_id if stop_id in stops else None
    session.flush()
    return made


def confirm_all(session: Session, registration_ids: Sequence[UUID]) -> list[Booking]:
    """Every hold of these requests becomes a seat, or none does. Raises NotFound, HoldExpired."""
    _visible(session, registration_ids)
    held = session.scalars(select(Booking.id).where(Booking.registration_id.in_(registration_ids),
                                                    Booking.state == "held").order_by(Booking.id)).all()
    return [confirm(session, booking_id) for booking_id in held]


def give_back(session: Session, registration_id: UUID) -> None:
    """The person keeps the request but not the seat. Raises NotFound, TooLate, DepartureClosed."""
    for booking, _ in _seats(session, registration_id):
        if booking.state in LIVING:
            cancel(session, booking.id)


def leave(session: Session, registration_id: UUID) -> Registration:
    """The person does not travel: the request is withdrawn, seats are given back. Raises NotFound, TooLate."""
    _seats(session, registration_id)
    return withdraw_registration(session, registration_id)


def not_coming(session: Session, registration_id: UUID) -> Registration:
    """The person says by his message's link, at any hour, that he does not come: an empty seat helps nobody.

    Raises NotFound, WrongState once on board.
    """
    _visible(session, [registration_id])
    return withdraw_registration(session, registration_id)


def take_back_consent(session: Session, registration_id: UUID, layer: str) -> None:
    """Consent is withdrawn, at any hour; without it nobody can be carried, so the request ends with it."""
    found = _visible(session, [registration_id])[0]
    registrations.withdraw_consent(session, registration_id, layer)
    if found.state not in ("boarded", "arrived", "rejected"):
        withdraw_registration(session, registration_id)


def _visible(session: Session, ids: Sequence[UUID]) -> list[Registration]:
    found = session.scalars(select(Registration).where(Registration.id.in_(ids), visible_registrations(current()))
                            .order_by(Registration.id).with_for_update(key_share=True)).all()
    if len(found) != len(set(ids)):
        raise NotFound
    return list(found)


def _seats(session: Session, registration_id: UUID) -> list[tuple[Booking, Departure]]:
    """The living bookings, the main legs first: feeders go with them."""
    request = _visible(session, [registration_id])[0]
    hours = timedelta(hours=session.get_one(Campaign, request.campaign_id).cancel_hours)
    rows = session.execute(
        select(Booking, Departure).join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.campaign_id == request.campaign_id, Booking.registration_id == registration_id,
               Booking.state.in_(LIVING)).order_by(Departure.leg_kind.desc(), Departure.departs_at)).all()
    if any(booking.state == "confirmed" and clock.now() >= departure.departs_at - hours for booking, departure in rows):
        raise TooLate
    return [(booking, departure) for booking, departure in rows]
