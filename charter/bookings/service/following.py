"""What a request's change means for its seat, and a colleague who takes a seat over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.problems import DepartureClosed, NotEligible, SeatWouldGo
from charter.bookings.service.changing import cancel, withdraw_registration
from charter.bookings.service.room import during, expire_of_person, set_state
from charter.campaigns.models import Departure
from charter.core import audit, clock, locks
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.people.models import Worker
from charter.registrations.changing import Changed, change
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations
from charter.registrations.rules.eligible import is_eligible

__all__ = ["change_registration", "replace"]

HANDED_ON = ("planned", "open")  # while the carrier's list is not closed


def change_registration(session: Session, registration_id: UUID, wanted: Changed, *, release: bool) -> Registration:
    """Change a request. Its seats stay where they all still fit; `release` gives them back where one does not.

    Raises NotFound, WrongState, SeatWouldGo where a seat no longer fits and none may be released, DepartureClosed.
    """
    found = change(session, registration_id, wanted)
    rides = _rides(session, found)
    if all(_fit(found, rides, "confirmed")):
        return found
    if not release:
        raise SeatWouldGo
    for booking, _ in rides:
        cancel(session, booking.id)
    return found


def replace(session: Session, registration_id: UUID, colleague_id: UUID) -> list[Booking]:
    """The colleague takes over the seats, the person is withdrawn, in one act; the new bookings.

    Raises NotFound, NotEligible where the colleague works elsewhere, has no confirmed request or does not fit a
    departure, DepartureClosed once a departure's list is closed, AlreadyBooked.
    """
    here, there = (_request(session, key) for key in (registration_id, colleague_id))
    if here.id == there.id or here.campaign_id != there.campaign_id or here.employer_id != there.employer_id:
        raise NotEligible
    rides = [(booking, departure) for booking, departure in _rides(session, here) if booking.state == "confirmed"]
    if not rides or any(departure.state not in HANDED_ON or departure.departs_at <= clock.now()
                        for _, departure in rides):
        raise DepartureClosed
    if not all(_fit(there, rides, there.state)):
        raise NotEligible
    locks.take(session, "departure", sorted(departure.id for _, departure in rides))
    number = session.scalars(select(Worker.number).where(Worker.id == there.worker_id)).one()
    expire_of_person(session, [number], clock.now())
    withdraw_registration(session, here.id)
    made = [_taken_over(booking, departure, there, number) for booking, departure in rides]
    session.add_all(made)
    session.flush()
    set_state(session, there.campaign_id, there.id, "booked")
    for booking in made:
        audit.record(session, "booking.taken_over", "booking", booking.id)
    audit.record(session, "registration.replaced", "registration", here.id, colleague=str(there.id))
    return made


def _request(session: Session, key: UUID) -> Registration:
    found = session.scalar(select(Registration).where(Registration.id == key, visible_registrations(current()))
                           .with_for_update())
    if found is None:
        raise NotFound
    return found


def _rides(session: Session, found: Registration) -> Sequence[tuple[Booking, Departure]]:
    rows = session.execute(
        select(Booking, Departure).join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.campaign_id == found.campaign_id, Booking.registration_id == found.id,
               Booking.state.in_(LIVING)).order_by(Departure.departs_at).with_for_update(of=Booking))
    return [(booking, departure) for booking, departure in rows]


def _fit(rider: Registration, rides: Sequence[tuple[Booking, Departure]], state: str) -> list[bool]:
    """Whether somebody in that state may ride each of these legs, in the order of travel.

    A journey's first leg must serve the origin on a day of the window, its main legs must be of an accepted mode.
    """
    return [is_eligible(
        state=state, origin=rider.origin, earliest=rider.earliest, latest=rider.latest, modes=rider.modes,
        departure_origins=departure.origins if place == 0 or departure.journey_id is None else [rider.origin],
        departure_date=departure.date if place == 0 or departure.journey_id is None else rider.earliest,
        departure_mode=departure.mode if departure.leg_kind == "main" else rider.modes[0])
        for place, (_, departure) in enumerate(rides)]


def _taken_over(before: Booking, departure: Departure, rider: Registration, number: int) -> Booking:
    return Booking(campaign_id=rider.campaign_id, registration_id=rider.id, departure_id=departure.id,
                   worker_number=number, during=during(departure), stop_id=before.stop_id, slot=before.slot,
                   seat=before.seat, lap_children=rider.lap_children, state="confirmed", revision=1,
                   confirmed_at=clock.now())
