"""Free places go to the line first: whoever wants one serves the line before himself, so that no timer is needed.

Who is offered a seat holds it until the offer lapses, and is told in the same act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from charter.bookings.line import claimed, waits_for, whole
from charter.bookings.models import Booking, Waiting
from charter.bookings.queries import left_on
from charter.bookings.rules.line import in_turn, offer_until
from charter.bookings.service.room import SELLING, Room, during, expire_of_person, room_on_sale
from charter.campaigns.models import Departure, DepartureStop, Stop
from charter.core import audit, clock, i18n
from charter.core.settings import current as settings
from charter.notices.service import tell
from charter.people.models import Worker
from charter.people.sealing import WORKER_PHONE
from charter.places import distance
from charter.places import table as places
from charter.registrations.links import code_of
from charter.registrations.models import Registration

__all__ = ["offer", "serve_line", "to_offer"]

MOST = 200  # places of a line that one turn looks at


def offer(session: Session, departure_ids: Iterable[int]) -> None:
    """Offer what is free on these departures to whom waits for them; nothing happens where nobody does."""
    for departure_id in _waited_for(session, sorted(set(departure_ids))):
        room = room_on_sale(session, departure_id)
        if room is not None and room.waited_for:
            serve_line(session, room)


def to_offer(session: Session) -> list[int]:
    """The departures with a free place for somebody who waits, of all campaigns."""
    waited = _waited_for(session)
    found = claimed(session, left_on(session, waited)) if waited else {}
    return sorted(key for key, places in found.items() if places)


def _waited_for(session: Session, ids: Sequence[int] | None = None) -> list[int]:
    query = select(Departure.id).distinct().select_from(Waiting, Registration, Departure).where(
        waits_for(), Departure.state.in_(SELLING), Departure.published_at.is_not(None),
        Departure.departs_at > clock.now())
    return list(session.scalars((query if ids is None else query.where(Departure.id.in_(ids))).order_by(Departure.id)))


def serve_line(session: Session, room: Room, own: Collection[UUID] = ()) -> None:
    """Offer a room's free places, under its lock; they are free no longer. `own` are the requests of who asks: what is
    theirs by turn is left for them.
    """
    until = offer_until(clock.now(), settings().offer_minutes, room.departure.departs_at)
    if until is None or not room.free:
        return
    groups = _groups(session, room.departure.id)
    for group, slots in zip(groups, in_turn(room.free, [len(group) for group in groups], room.beside),
                             strict=True):
        theirs = slots and not any(row.Waiting.registration_id in own for row in group)
        if theirs and _made(session, room, group, slots, until):
            for slot in slots:
                room.take(slot)


def _groups(session: Session, departure_id: int) -> list[list[Any]]:
    """Who waits for the departure, in turn; who is being offered another one in this moment is not among them."""
    rows = session.execute(
        select(Waiting, Registration.origin, Registration.lap_children, Worker, whole().label("size"))
        .select_from(Waiting, Registration, Departure).join(Worker, Worker.id == Registration.worker_id)
        .where(Departure.id == departure_id, waits_for())
        .order_by(Waiting.since, Waiting.group_id, Waiting.id).limit(MOST)
        .with_for_update(of=Waiting, skip_locked=True)).all()
    found = [list(group) for _, group in groupby(rows, key=lambda row: row.Waiting.group_id)]
    return [group for group in found if len(group) == group[0].size]


def _made(session: Session, room: Room, group: Sequence[Any], slots: Sequence[int], until: datetime) -> bool:
    """Hold the places for the group; False where one of them has taken a seat elsewhere in this moment."""
    expire_of_person(session, [row.Worker.number for row in group], clock.now())
    made = [_booking(session, room, row, slot, until) for row, slot in zip(group, slots, strict=True)]
    try:
        with session.begin_nested():
            session.add_all(made)
            for row in group:
                row.Waiting.state = "offered"
            session.flush()
    except IntegrityError:
        return False
    for row, booking in zip(group, made, strict=True):
        audit.record(session, "waiting.offered", "registration", row.Waiting.registration_id,
                     departure=str(room.departure.id))
        _tell(session, row, booking)
    return True


def _booking(session: Session, room: Room, row: Any, slot: int, until: datetime) -> Booking:
    ride = room.departure
    return Booking(campaign_id=ride.campaign_id, registration_id=row.Waiting.registration_id, departure_id=ride.id,
                   worker_number=row.Worker.number, during=during(ride), slot=slot, seat=room.seat_of(slot),
                   stop_id=_stop(session, ride.id, row.origin), lap_children=row.lap_children, state="held",
                   waiting_id=row.Waiting.id, hold_expires_at=until)


def _stop(session: Session, departure_id: int, origin: str) -> UUID | None:
    """The stop that is nearest to somebody's home."""
    table = places.load()
    home = table.coordinates(origin)
    stops = session.scalars(
        select(Stop).join(DepartureStop, DepartureStop.stop_id == Stop.id)
        .where(DepartureStop.departure_id == departure_id, DepartureStop.kind == "board")
        .order_by(DepartureStop.seq)).all()
    if home is None or not stops:
        return None

    def far(stop: Stop) -> float:
        there = (stop.lon, stop.lat) if stop.lon is not None and stop.lat is not None else None
        point = there or table.coordinates(stop.division)
        return distance.road_km(home, point) if point else float("inf")
    return min(stops, key=far).id


def _tell(session: Session, row: Any, booking: Booking) -> None:
    if row.Worker.phone_sealed is None or booking.hold_expires_at is None:
        return
    departure = session.get_one(Departure, booking.departure_id)
    phone = audit.reveal(session, WORKER_PHONE.view(row.Worker.id, row.Worker.phone_sealed), "候补座位通知", "notice",
                         booking.id)
    with i18n.reading("zh"):
        tell(session, phone, "seat_offered",
             {"name": row.Worker.name, "departure": departure.code, "link": code_of(booking.registration_id),
              "moment": clock.local(departure.departs_at).strftime("%m月%d日 %H:%M"),
              "until": clock.local(booking.hold_expires_at).strftime("%m月%d日 %H:%M")},
             unique_key=f"seat_offered|{booking.id}", campaign_id=booking.campaign_id)
