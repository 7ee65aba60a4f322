"""One person, and the acts that the desk does for him."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from charter.bookings.desk import acting, allowed, scope
from charter.bookings.desk import person as people
from charter.bookings.desk.views.frame import bp, errors_of, shared
from charter.core.actor import ORGANIZERS
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.i18n import gettext
from charter.core.problems import NotFound, Problem
from charter.core.routes import page
from charter.registrations import changing

__all__ = ["change_seat", "confirm", "person", "reject", "restore", "reveal", "shown", "tried", "unlock", "withdraw"]


def shown(registration_id: UUID, problem: Problem | None = None, **more: Any) -> str:
    """The person's page, with what was refused on top of it or at its field."""
    found = ask(people.find, actor(), registration_id)
    errors = errors_of(problem)
    message = gettext(problem.message, **problem.params) if problem and not errors else ""
    return render_template("bookings/desk/person.html", found=found, may=allowed.may(actor(), found), errors=errors,
                           problem=message, needs_reason=lambda name: allowed.needs_reason(actor(), name),
                           reveals=allowed.reveals(actor()), inside=actor().role in ORGANIZERS,
                           done=request.args.get("done", ""), **more, **shared())


def tried(registration_id: UUID, done: str, deed: Callable[[], Any], **more: Any) -> Any:
    """Do it and go back to the person; what is refused is said on his page, nothing typed elsewhere is lost."""
    try:
        deed()
    except NotFound:
        raise
    except Problem as problem:
        return shown(registration_id, problem, tried=done, **more), problem.status
    return redirect(url_for("bookings_desk.person", registration_id=registration_id, done=done), 303)


def _reason() -> str:
    return request.form.get("reason", "")[:500]


@page(bp, "/desk/people/<uuid:registration_id>", roles=scope.VIEWERS)
def person(registration_id: UUID) -> str:
    """One person's request, seats and history."""
    return shown(registration_id)


@page(bp, "/desk/people/<uuid:registration_id>/confirm", roles=scope.CONFIRMERS, methods=("POST",))
def confirm(registration_id: UUID) -> Any:
    """This is our worker."""
    return tried(registration_id, "confirm", lambda: act(
        acting.for_him, actor(), registration_id, "confirm", _reason(), acting.confirm_one, registration_id))


@page(bp, "/desk/people/<uuid:registration_id>/reject", roles=scope.CONFIRMERS, methods=("POST",))
def reject(registration_id: UUID) -> Any:
    """This is not our worker, or may not ride."""
    return tried(registration_id, "reject", lambda: act(
        acting.for_him, actor(), registration_id, "reject", _reason(), acting.reject_one, registration_id,
        _reason()))


@page(bp, "/desk/people/<uuid:registration_id>/withdraw", roles=scope.ACTORS, methods=("POST",))
def withdraw(registration_id: UUID) -> Any:
    """He does not come; his seats are given back."""
    return tried(registration_id, "withdraw", lambda: act(
        acting.for_him, actor(), registration_id, "withdraw", _reason(), acting.withdraw, registration_id))


@page(bp, "/desk/people/<uuid:registration_id>/restore", roles=scope.ACTORS, methods=("POST",))
def restore(registration_id: UUID) -> Any:
    """He comes after all."""
    return tried(registration_id, "restore", lambda: act(
        acting.for_him, actor(), registration_id, "restore", _reason(), changing.restore, registration_id))


@page(bp, "/desk/people/<uuid:registration_id>/unlock", roles=scope.ACTORS, methods=("POST",))
def unlock(registration_id: UUID) -> Any:
    """His phone may say again who he is; the desk has asked him."""
    return tried(registration_id, "unlock", lambda: act(
        acting.for_him, actor(), registration_id, "unlock", _reason(), acting.unlock, registration_id))


@page(bp, "/desk/people/<uuid:registration_id>/seats/<serial:booking_id>/<name>", roles=scope.ACTORS,
      methods=("POST",))
def change_seat(registration_id: UUID, booking_id: int, name: str) -> Any:
    """Confirm a held seat, or give one back."""
    if name not in ("confirm_seat", "cancel_seat"):
        raise NotFound
    return tried(registration_id, name, lambda: act(
        acting.act_on_seat, actor(), registration_id, booking_id, name, _reason()), about=booking_id)


@page(bp, "/desk/people/<uuid:registration_id>/reveal", roles=scope.REVEALERS, methods=("POST",), fresh=True)
def reveal(registration_id: UUID) -> Any:
    """Show one guarded value this once; who saw it and why is written down."""
    what = request.form.get("what", "")
    try:
        text = act(acting.reveal, actor(), registration_id, what, _reason())
    except NotFound:
        raise
    except Problem as problem:
        return shown(registration_id, problem, tried="reveal"), problem.status
    return shown(registration_id, revealed=text, revealed_what=what)

