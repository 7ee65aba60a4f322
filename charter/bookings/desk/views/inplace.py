"""Changes in the table of people itself: another day, not coming, and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request

from charter.bookings.desk import filters, inplace, scope
from charter.bookings.desk.views.frame import bp, errors_of
from charter.bookings.desk.views.people import listed_at, shown
from charter.bookings.problems import SeatWouldGo
from charter.campaigns.choosing import asked
from charter.core.api import actor
from charter.core.db import act
from charter.core.i18n import gettext
from charter.core.problems import NotFound, Problem
from charter.core.routes import page

__all__ = ["not_coming", "other_day", "take_back"]


def _typed(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:100]


def _wanted() -> filters.Wanted:
    return filters.read(actor(), request.form, asked()[1])


def _back(key: UUID, done: inplace.Done) -> Any:
    wanted = _wanted()
    address = listed_at(wanted, page=wanted.page, changed=key, did=done.act, seat_now=done.seat, undo=done.undo)
    return redirect(f"{address}#person-{key}", 303)


def _refused(key: UUID, problem: Problem) -> Any:
    errors = errors_of(problem)
    said = next(iter(errors.values()), None) or gettext(problem.message, **problem.params)
    return shown(_wanted(), wrong=key, said=said, seat_goes=isinstance(problem, SeatWouldGo)), problem.status


@page(bp, "/desk/people/<uuid:registration_id>/day", roles=scope.ACTORS, methods=("POST",))
def other_day(registration_id: UUID) -> Any:
    """He rides on another day."""
    try:
        done = act(inplace.other_day, actor(), registration_id, (_typed("earliest"), _typed("latest")),
                   request.form.get("release") == "1", _typed("caller"))
    except NotFound:
        raise
    except Problem as problem:
        return _refused(registration_id, problem)
    return _back(registration_id, done)


@page(bp, "/desk/people/<uuid:registration_id>/gone", roles=scope.ACTORS, methods=("POST",))
def not_coming(registration_id: UUID) -> Any:
    """He does not come."""
    try:
        done = act(inplace.not_coming, actor(), registration_id, _typed("caller"))
    except NotFound:
        raise
    except Problem as problem:
        return _refused(registration_id, problem)
    return _back(registration_id, done)


@page(bp, "/desk/people/undo", roles=scope.ACTORS, methods=("POST",))
def take_back() -> Any:
    """The last change is taken back."""
    try:
        key, done = act(inplace.take_back, actor(), request.form.get("undo", "")[:2_000])
    except NotFound:
        raise
    except Problem as problem:
        return shown(_wanted(), lost_undo=gettext(problem.message, **problem.params)), problem.status
    return _back(key, done)
