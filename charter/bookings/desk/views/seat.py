"""A seat for somebody: choose a departure and a place, hold it or book it, or move to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request

from charter.bookings.desk import acting, allowed, scope, seats
from charter.bookings.desk.views.frame import bp, shared
from charter.bookings.desk.views.person import tried
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.ids import MAX_DEPARTURE, MAX_SERIAL, uuid_or_none
from charter.core.problems import NotFound
from charter.core.routes import page

__all__ = ["hold_seat", "move_seat", "seat"]


def _number(written: str, most: int) -> int | None:
    fits = written.isascii() and written.isdigit() and len(written) <= 19 and 1 <= int(written) <= most
    return int(written) if fits else None


@page(bp, "/desk/people/<uuid:registration_id>/seat", roles=scope.ACTORS)
def seat(registration_id: UUID) -> str:
    """Departures that fit the person, and the free seats of one."""
    booking = _number(request.args.get("booking", ""), MAX_SERIAL)
    offer = ask(seats.offers, actor(), registration_id, _number(request.args.get("departure", ""), MAX_DEPARTURE),
                booking)
    if booking is not None and all(one.id != booking for one in offer.person.living):
        raise NotFound
    return render_template("bookings/desk/seat.html", offer=offer, found=offer.person, booking=booking,
                           needs_reason=allowed.needs_reason(actor(), "seat"), **shared())


@page(bp, "/desk/people/<uuid:registration_id>/seat", roles=scope.ACTORS, methods=("POST",))
def hold_seat(registration_id: UUID) -> Any:
    """Hold or book a place for him, or for all who ride together."""
    departure = _number(request.form.get("departure", ""), MAX_DEPARTURE)
    if departure is None:
        raise NotFound
    mates = [key for key in map(uuid_or_none, request.form.getlist("mate")) if key][:20]
    at_once = request.form.get("way") == "book"
    return tried(registration_id, "book" if at_once else "hold", lambda: act(
        acting.for_him, actor(), registration_id, "seat", request.form.get("reason", ""), acting.book, departure,
        [registration_id, *mates], request.form.get("seat", "")[:12] if not mates else None, at_once))


@page(bp, "/desk/people/<uuid:registration_id>/seats/<serial:booking_id>/move", roles=scope.ACTORS,
      methods=("POST",))
def move_seat(registration_id: UUID, booking_id: int) -> Any:
    """Another seat or departure for a booking."""
    departure = _number(request.form.get("departure", ""), MAX_DEPARTURE)
    return tried(registration_id, "move_seat", lambda: act(
        acting.act_on_seat, actor(), registration_id, booking_id, "move_seat", request.form.get("reason", ""),
        departure, request.form.get("seat", "")[:12] or None), about=booking_id)
