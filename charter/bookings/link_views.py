"""The page behind the link in a message: I come, I do not come, show my pass, call me back; and the desk's calls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for

from charter.bookings import replies, service
from charter.bookings.desk.words import STATES
from charter.core.actor import Role, acting
from charter.core.db import act, ask
from charter.core.problems import Problem
from charter.core.routes import PUBLIC, page

__all__ = ["bp"]

bp = Blueprint("link", __name__, template_folder="templates")
CALLERS = frozenset({Role.HOTLINE, Role.CITY_ORGANIZER, Role.DISTRICT_ORGANIZER})


@page(bp, "/t/<code>", roles=PUBLIC)
def trip(code: str) -> str:
    """Where the request stands, and four answers that need no code."""
    return render_template("bookings/link.html", code=code, found=ask(replies.linked, code))


@page(bp, "/t/<code>/coming", roles=PUBLIC, methods=("POST",))
def coming(code: str) -> Any:
    """I come."""
    return _reply(code, "coming")


@page(bp, "/t/<code>/call", roles=PUBLIC, methods=("POST",))
def call(code: str) -> Any:
    """Call me back."""
    return _reply(code, "call_back")


def _reply(code: str, kind: str) -> Any:
    found = ask(replies.linked, code)
    with acting(found.actor):
        act(service.reply, found.trip.me.request.id, kind)
    return redirect(url_for("link.trip", code=code), 303)


@page(bp, "/t/<code>/not-coming", roles=PUBLIC, methods=("GET", "POST"))
def not_coming(code: str) -> Any:
    """I do not come: asked once more, then the seat goes to somebody else."""
    found = ask(replies.linked, code)
    if request.method == "GET":
        return render_template("bookings/link_leave.html", code=code, found=found, refused="")
    try:
        with acting(found.actor):
            act(service.not_coming, found.trip.me.request.id)
    except Problem as refused:
        return render_template("bookings/link_leave.html", code=code, found=found,
                               refused=refused.message), refused.status
    return redirect(url_for("link.trip", code=code), 303)


@page(bp, "/desk/calls", roles=CALLERS)
def calls() -> str:
    """Who asked to be called back, and at which step he was."""
    return render_template("bookings/desk/calls.html", calls=ask(replies.calls, g.actor), states=STATES)


@page(bp, "/desk/calls/<uuid:registration_id>", roles=CALLERS, methods=("POST",))
def called(registration_id: UUID) -> Any:
    """Somebody has called."""
    act(service.called_back, registration_id)
    return redirect(url_for("link.calls"), 303)
