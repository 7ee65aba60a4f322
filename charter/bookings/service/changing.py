"""Confirm, cancel and move a booking."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking, Waiting
from charter.bookings.problems import (
    AlreadyBooked,
    BookingCancelled,
    DepartureClosed,
    DepartureFull,
    HoldExpired,
    NotEligible,
    SeatTaken,
)
from charter.bookings.service.legs import give_up_feeders
from charter.bookings.service.offering import offer, serve_line
from charter.bookings.service.release import release
from charter.bookings.service.room import Ride, Room, during, open_room, seated, set_state
from charter.campaigns.models import Departure
from charter.core import audit, clock, locks
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.registrations import service as registrations
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations
from charter.registrations.rules.eligible import is_eligible

__all__ = ["cancel", "confirm", "move", "withdraw_registration"]


def confirm(session: Session, booking_id: int) -> Booking:
    """A held place becomes a seat; again gives the same. Raises NotFound, HoldExpired, BookingCancelled, AlreadyBooked
    where the request has a seat on another departure."""
    booking = _locked(session, booking_id)
    if booking.state == "cancelled":
        raise BookingCancelled
    if booking.state == "expired" or _lapsed(booking):
        raise HoldExpired
    if booking.state == "held":
        _one_seat(session, booking)
        booking.state, booking.hold_expires_at, booking.confirmed_at = "confirmed", None, clock.now()
        session.flush()
        audit.record(session, "booking.confirmed", "booking", booking.id)
    return booking


def _one_seat(session: Session, booking: Booking) -> None:
    """The request says that it has its seat; of two that are confirmed at once the second one waits for it here."""
    request = (Registration.campaign_id == booking.campaign_id, Registration.id == booking.registration_id)
    said = session.execute(update(Registration).where(*request, Registration.state != "booked").values(state="booked")
                           .returning(Registration.id)).first()
    if said is None and seated(session, booking.campaign_id, [booking.registration_id]):
        raise AlreadyBooked


def cancel(session: Session, booking_id: int) -> Booking:
    """Give the place back; again gives the same, and an expired hold stays one. Raises NotFound, DepartureClosed once
    the departure has left."""
    booking = _locked(session, booking_id)
    if booking.state in LIVING and not _lapsed(booking):
        departure = _not_left(session, booking)
        was_confirmed = booking.state == "confirmed"
        release(session, booking)
        give_up_feeders(session, departure, booking.campaign_id, booking.registration_id)
        if departure.leg_kind == "main" and was_confirmed:  # a hold had not changed the request's state
            set_state(session, booking.campaign_id, booking.registration_id, "confirmed")
        offer(session, [departure.id])
    return booking


def move(session: Session, booking_id: int, departure_id: int | None = None, seat: str | None = None) -> Booking:
    """To another seat, or another departure; the pass's revision rises. Raises as holding does, and
    BookingCancelled, HoldExpired."""
    booking = _locked(session, booking_id)
    if booking.state == "cancelled":
        raise BookingCancelled
    if booking.state == "expired" or _lapsed(booking):
        raise HoldExpired
    before = _not_left(session, booking)
    locks.take(session, "departure", {before.id, departure_id or before.id})
    room, _ = open_room(session, departure_id or before.id)
    departure = room.departure
    if room.waited_for:
        serve_line(session, room, [booking.registration_id])
    if departure.campaign_id != booking.campaign_id:
        raise NotFound
    if departure.id != booking.departure_id:
        _check(session, booking, departure)
    if seat is None and departure.id == booking.departure_id:
        return booking
    slot = _target(room, booking, seat)
    if slot == booking.slot and departure.id == booking.departure_id:
        return booking
    if departure.id != booking.departure_id:
        give_up_feeders(session, before, booking.campaign_id, booking.registration_id)
        booking.stop_id = None
    booking.departure_id, booking.slot, booking.seat = departure.id, slot, room.seat_of(slot)
    booking.during = during(departure)
    session.flush()
    session.refresh(booking)
    audit.record(session, "booking.moved", "booking", booking.id, departure=str(departure.id),
                 revision=booking.revision)
    offer(session, [before.id])
    return booking


def _target(room: Room, booking: Booking, seat: str | None) -> int:
    """The slot to move to: the named seat's, or the first free one."""
    if seat is None:
        if not room.free:
            raise DepartureFull
        return room.free[0]
    if seat in room.known and seat not in room.seats:
        raise SeatTaken  # a kept seat is not told apart from a taken one
    slot = room.slot_of(seat)
    mine = slot == booking.slot and room.departure.id == booking.departure_id
    if not mine and slot not in room.free:
        raise SeatTaken
    return slot


def withdraw_registration(session: Session, registration_id: UUID) -> Registration:
    """The person does not come: the request is withdrawn and its living bookings are given back."""
    found = registrations.withdraw(session, registration_id)
    session.execute(update(Waiting).where(
        Waiting.campaign_id == found.campaign_id, Waiting.registration_id == found.id, Waiting.state == "waiting")
        .values(state="left", ended_at=clock.now()))
    given = session.scalars(select(Booking).where(
        Booking.campaign_id == found.campaign_id, Booking.registration_id == found.id,
        Booking.state.in_(LIVING)).with_for_update()).all()
    for booking in given:
        release(session, booking)
    offer(session, [booking.departure_id for booking in given])
    return found


def _not_left(session: Session, booking: Booking) -> Departure:
    """The booking's departure. Raises DepartureClosed where it has left, or the person is on board."""
    departure = session.get_one(Departure, booking.departure_id)
    if departure.state in ("departed", "arrived") or booking.boarded_at is not None:
        raise DepartureClosed
    return departure


def _lapsed(booking: Booking) -> bool:
    return booking.state == "held" and booking.hold_expires_at is not None and booking.hold_expires_at <= clock.now()


def _check(session: Session, booking: Booking, departure: Ride) -> None:
    rider = session.scalars(select(Registration).where(
        Registration.campaign_id == booking.campaign_id, Registration.id == booking.registration_id)).one()
    if departure.leg_kind != "main" or not is_eligible(
            state="confirmed", origin=rider.origin, earliest=rider.earliest, latest=rider.latest, modes=rider.modes,
            departure_origins=departure.origins, departure_date=departure.date, departure_mode=departure.mode):
        raise NotEligible


def _locked(session: Session, booking_id: int) -> Booking:
    found = session.scalar(
        select(Booking).join(Registration, (Registration.campaign_id == Booking.campaign_id)
                             & (Registration.id == Booking.registration_id))
        .where(Booking.id == booking_id, visible_registrations(current())).with_for_update(of=Booking))
    if found is None:
        raise NotFound
    return found
