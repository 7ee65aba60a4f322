"""Pages of a worker's trip: where it stands, which seat, and everything that may be changed about it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from charter.bookings import own_data as gathering
from charter.bookings import seating, service, trip
from charter.bookings.rules.way import WAY
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import Invalid, Problem
from charter.core.routes import page, session_cookie
from charter.people.queries import workers
from charter.registrations import correcting
from charter.registrations import queries as requests

__all__ = ["bp"]

bp = Blueprint("bookings", __name__, template_folder="templates")
WORKER = frozenset({Role.WORKER})
WISH = "wish"  # what somebody wanted before he signed in; written where registering begins
CHOOSE_ALL = N_("请给每个人选一个座位，一共 %(count)s 个")


@page(bp, "/trip", roles=WORKER)
def my_trip() -> Any:
    """The home page of a worker."""
    found, waiting = ask(trip.mine, g.actor)
    if found is not None:
        return _shown(found, waiting)
    campaign, _, employer = request.cookies.get(session_cookie(WISH), "").partition(".")
    if uuid_or_none(campaign):
        return redirect(url_for("joining.start", campaign=campaign, employer=uuid_or_none(employer)), 303)
    return render_template("bookings/no_trip.html", waiting=waiting)


@page(bp, "/trip/<uuid:registration_id>", roles=WORKER)
def person(registration_id: UUID) -> str:
    """The trip of somebody whom this phone registered."""
    return _shown(ask(trip.of_request, g.actor, registration_id), [])


def _shown(found: trip.Trip, waiting: list[datetime]) -> str:
    return render_template("bookings/trip.html", trip=found, way=WAY, waiting=waiting,
                           upgraded=ask(workers.unconfirmed, found.me.request.worker_id))


@page(bp, "/trip/<uuid:registration_id>/number", roles=WORKER, methods=("POST",))
def confirm_number(registration_id: UUID) -> Any:
    """The number that was made of fifteen digits is right."""
    act(correcting.confirm_number, registration_id)
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


@page(bp, "/trip/<uuid:registration_id>/departures", roles=WORKER)
def rides(registration_id: UUID) -> str:
    """Open departures that fit."""
    found = ask(trip.of_request, g.actor, registration_id)
    return render_template("bookings/rides.html", trip=found, riders=trip.riders(found),
                           rides=ask(trip.open_rides, found.me.request))


@page(bp, "/trip/<uuid:registration_id>/departures/<departure:departure_id>", roles=WORKER, methods=("GET", "POST"))
def choose(registration_id: UUID, departure_id: int) -> Any:
    """Choose seats on one departure for the person and his party; they are held until he confirms."""
    found = ask(trip.of_request, g.actor, registration_id)
    people = trip.riders(found)
    if request.method == "GET":
        return _choose(found, people, departure_id)
    seats = request.form.getlist("seat")[:20]
    chosen = seats if request.form.get("act") != "any" and seats else None
    if request.form.get("act") == "take" and len(seats) != len(people):
        return _choose(found, people, departure_id, seats, CHOOSE_ALL), 422
    try:
        act(service.take_seats, departure_id, [one.request.id for one in people], chosen,
            uuid_or_none(request.form.get("stop", "")))
    except (Invalid, Problem) as refused:
        return _choose(found, people, departure_id, [], refused.message), refused.status
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


def _choose(found: trip.Trip, people: list[trip.Traveller], departure_id: int, chosen: list[str] | None = None,
            refused: str = "") -> str:
    return render_template("bookings/choose.html", trip=found, people=people, chosen=chosen or [], refused=refused,
                           picture=ask(seating.picture, g.actor, departure_id, found.me.request.id))


@page(bp, "/trip/<uuid:registration_id>/confirm", roles=WORKER, methods=("POST",))
def confirm(registration_id: UUID) -> Any:
    """Take the held seats, all of the party's."""
    found = ask(trip.of_request, g.actor, registration_id)
    act(service.confirm_all, [one.request.id for one in (found.me, *found.party)])
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


@page(bp, "/trip/<uuid:registration_id>/seat", roles=WORKER, methods=("GET", "POST"))
def seat(registration_id: UUID) -> Any:
    """Another seat on the same departure."""
    found = ask(trip.of_request, g.actor, registration_id)
    leg = next((leg for leg in found.me.legs if leg.seating == "ours" and not leg.feeder), None)
    if leg is None:
        return redirect(url_for("bookings.person", registration_id=registration_id), 303)
    refused = ""
    if request.method == "POST":
        try:
            act(service.move, leg.booking_id, None, request.form.get("seat", "")[:12] or None)
            return redirect(url_for("bookings.person", registration_id=registration_id), 303)
        except Problem as problem:
            refused = problem.message
    shown = ask(seating.picture, g.actor, leg.departure_id, registration_id)
    return render_template("bookings/seat.html", trip=found, leg=leg, picture=shown, refused=refused), (
        409 if refused else 200)


@page(bp, "/trip/<uuid:registration_id>/seat/back", roles=WORKER, methods=("GET", "POST"))
def give_back(registration_id: UUID) -> Any:
    """Give the seat back, and keep the request."""
    return _sure(registration_id, "bookings/give_back.html", service.give_back)


@page(bp, "/trip/<uuid:registration_id>/leave", roles=WORKER, methods=("GET", "POST"))
def leave(registration_id: UUID) -> Any:
    """Not travel at all."""
    return _sure(registration_id, "bookings/leave.html", service.leave)


def _sure(registration_id: UUID, template: str, service_act: Any) -> Any:
    """Ask once more, then do it."""
    found = ask(trip.of_request, g.actor, registration_id)
    if request.method == "GET":
        return render_template(template, trip=found, refused="")
    try:
        act(service_act, registration_id)
    except Problem as refused:
        return render_template(template, trip=found, refused=refused.message), refused.status
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


@page(bp, "/trip/<uuid:registration_id>/consents", roles=WORKER, methods=("GET", "POST"))
def consents(registration_id: UUID) -> Any:
    """What was agreed to and when; each may be taken back."""
    if request.method == "GET":
        return render_template("bookings/consents.html", trip=ask(trip.of_request, g.actor, registration_id),
                               consents=ask(requests.consents, g.actor, registration_id))
    act(service.take_back_consent, registration_id, request.form.get("layer", "")[:12])
    return redirect(url_for("bookings.consents", registration_id=registration_id), 303)


@page(bp, "/me/data.json", roles=WORKER)
def own_data() -> Any:
    """Everything that is kept about oneself, as a file."""
    content = json.dumps(act(gathering.own_data, g.actor), ensure_ascii=False, indent=1)
    return Response(content, content_type="application/json; charset=utf-8", headers={
        "Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "private, no-store"})
