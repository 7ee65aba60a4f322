"""Confirm or refuse many at once, after their names were shown."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from charter.bookings.desk import acting, chosen, filters, scope
from charter.bookings.desk.views.frame import bp, errors_of, shared
from charter.campaigns.choosing import asked
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.ids import uuid_or_none
from charter.core.problems import Invalid
from charter.core.routes import page

__all__ = ["chosen_people", "confirm_chosen", "reject_chosen"]


def _ids(written: list[str]) -> list[Any]:
    return [key for key in map(uuid_or_none, written) if key is not None][:chosen.MOST]


@page(bp, "/desk/people/chosen", roles=scope.CONFIRMERS)
def chosen_people() -> str:
    """Whom an act would touch."""
    if request.args.get("all"):
        found = ask(chosen.waiting, actor(), filters.read(actor(), request.args, asked()[1]))
    else:
        found = ask(chosen.named, actor(), _ids(request.args.getlist("id")))
    return render_template("bookings/desk/chosen.html", rows=found, errors={}, **shared())


@page(bp, "/desk/people/chosen/confirm", roles=scope.CONFIRMERS, methods=("POST",))
def confirm_chosen() -> AnyResponse:
    """Confirm them all, or none."""
    number = act(acting.confirm_many, _ids(request.form.getlist("id")))
    return redirect(url_for("bookings_desk.people", done=number), 303)


@page(bp, "/desk/people/chosen/reject", roles=scope.CONFIRMERS, methods=("POST",))
def reject_chosen() -> Any:
    """Refuse them all, or none, for one reason."""
    ids = _ids(request.form.getlist("id"))
    try:
        number = act(acting.reject_many, actor(), ids, request.form.get("reason", ""))
    except Invalid as wrong:
        return render_template("bookings/desk/chosen.html", rows=ask(chosen.named, actor(), ids),
                               errors=errors_of(wrong), **shared()), 422
    return redirect(url_for("bookings_desk.people", refused=number), 303)
