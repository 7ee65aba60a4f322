"""Pages of the waiting list: the worker takes a place in it and answers offers, the desk sees the line per corridor;
and what a worker wishes where the carrier gives the seats.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for

from charter.bookings import line, service, trip, waiting
from charter.bookings.desk.words import MODES, WISHES
from charter.campaigns.choosing import asked, campaign_of
from charter.core.actor import ORGANIZERS, Role
from charter.core.db import act, ask
from charter.core.i18n import gettext
from charter.core.ids import uuid_or_none
from charter.core.problems import Invalid, Problem
from charter.core.routes import page
from charter.registrations.join_form import day_choice, first_of_each

__all__ = ["bp"]

bp = Blueprint("waiting", __name__, template_folder="templates")
WORKER = frozenset({Role.WORKER})
FIELDS = ("corridor", "first_day", "last_day", "within_km")


@page(bp, "/trip/<uuid:registration_id>/waiting", roles=WORKER, methods=("GET", "POST"))
def join(registration_id: UUID) -> Any:
    """Take a place in the line for a corridor."""
    found = ask(trip.of_request, g.actor, registration_id)
    choice = ask(waiting.choice, found)
    if request.method == "GET":
        return _join(found, choice, waiting.fresh(found, choice))
    written = {name: request.form.get(name, "")[:40] for name in FIELDS}
    try:
        act(service.wait_for, waiting.together(found) or [registration_id], waiting.wanted(written, choice))
    except Invalid as wrong:
        return _join(found, choice, written, first_of_each(wrong.errors)), 422
    except Problem as refused:
        return _join(found, choice, written, {}, refused.message), refused.status
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


def _join(found: trip.Trip, choice: waiting.Choice, written: dict[str, str], errors: Any = None,
          refused: str = "") -> str:
    return render_template("bookings/waiting.html", trip=found, choice=choice, written=written, errors=errors or {},
                           refused=refused, people=trip.riders(found), days=[day_choice(day) for day in choice.days],
                           corridors=[(key, name, gettext(MODES[mode])) for key, name, mode in choice.corridors],
                           reaches=[(str(km), gettext(words)) for km, words in waiting.REACHES])


@page(bp, "/trip/<uuid:registration_id>/waiting/leave", roles=WORKER, methods=("POST",))
def leave(registration_id: UUID) -> Any:
    """Wait no longer."""
    act(service.leave_line, registration_id)
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


@page(bp, "/trip/<uuid:registration_id>/waiting/look", roles=WORKER, methods=("POST",))
def look(registration_id: UUID) -> Any:
    """Is it my turn?"""
    act(service.look, registration_id)
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


@page(bp, "/trip/<uuid:registration_id>/offer", roles=WORKER, methods=("GET", "POST"))
def decline(registration_id: UUID) -> Any:
    """Say no to what is offered, and stay in the line or not."""
    if request.method == "GET":
        return render_template("bookings/decline.html", trip=ask(trip.of_request, g.actor, registration_id))
    act(service.decline, registration_id, stay=request.form.get("act") == "stay")
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


@page(bp, "/trip/<uuid:registration_id>/wish", roles=WORKER, methods=("GET", "POST"))
def wish(registration_id: UUID) -> Any:
    """Which seat somebody would like where the carrier gives them."""
    found = ask(trip.of_request, g.actor, registration_id)
    if request.method == "GET":
        return _wish(found)
    try:
        act(service.wish, registration_id, request.form.get("place", "any")[:8], request.form.get("together") == "1")
    except Problem as refused:
        return _wish(found, refused.message), refused.status
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


def _wish(found: trip.Trip, refused: str = "") -> str:
    said = ask(trip.wish_of, found.me.request)
    return render_template("bookings/wish.html", trip=found, said=said, refused=refused,
                           places=[(key, gettext(word), "") for key, word in WISHES.items()])


@page(bp, "/desk/waiting", roles=ORGANIZERS | {Role.HOTLINE})
def lines() -> str:
    """The line of each corridor."""
    campaign = ask(campaign_of, g.actor, *asked())
    found = ask(line.lines, g.actor, campaign.id, uuid_or_none(request.args.get("corridor", "")))
    return render_template("bookings/desk/waiting.html", campaign=campaign, lines=found,
                           shown=next((one for one in found if one.places), None))
