"""The page on which a worker changes where from, when and how, as long as nothing has been arranged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for

from charter.core import clock
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.problems import Invalid, Problem
from charter.core.routes import page
from charter.registrations import join_form, own_change

__all__ = ["bp"]

bp = Blueprint("changing", __name__, template_folder="templates")


@page(bp, "/trip/<uuid:registration_id>/change", roles={Role.WORKER}, methods=("GET", "POST"))
def change(registration_id: UUID) -> Any:
    """Another origin, other days, other modes."""
    form = ask(own_change.load, g.actor, registration_id)
    if request.method == "GET":
        return _page(form, own_change.typed(form), {})
    written: dict[str, Any] = {name: request.form.get(name, "")[:300]
                               for name in ("origin_q", "origin", "earliest", "latest", "reach")}
    written["modes"] = request.form.getlist("modes")[:5]
    if request.form.get("act") == "find":
        return _page(form, written, {})
    try:
        act(own_change.change, g.actor, registration_id, written, clock.today())
    except Invalid as wrong:
        return _page(form, written, join_form.first_of_each(wrong.errors)), 422
    except Problem as refused:
        return _page(form, written, {}, refused.message), refused.status
    return redirect(url_for("bookings.person", registration_id=registration_id), 303)


def _page(form: own_change.Change, written: dict[str, Any], errors: dict[str, Any], refused: str = "") -> str:
    return render_template(
        "registrations/change.html", form=form, written=written, errors=errors, refused=refused,
        offered=join_form.offered(form.asked),
        found=join_form.counties(written.get("origin_q") or "", written.get("origin") or "",
                                 searching=request.form.get("act") == "find"),
        served=ask(join_form.is_served, form.campaign.id, written.get("origin") or ""))
