"""Forms about one person: change his request, put a colleague in his place, add somebody new."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from charter.bookings import service
from charter.bookings.desk import acting, adding, allowed, inplace, replacing, scope
from charter.bookings.desk import person as people
from charter.bookings.desk.views.frame import bp, errors_of, shared
from charter.bookings.problems import SeatWouldGo
from charter.campaigns.choosing import asked, campaign_of
from charter.core import clock
from charter.core.actor import Actor
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.i18n import gettext
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound, Problem
from charter.core.routes import page
from charter.registrations.changing import judge_change

__all__ = ["add_person", "change", "replace", "take_change", "take_person", "take_replacement"]

TEXTS = ("origin", "earliest", "latest", "needs", "note", "phone")


def _typed(*fields: str) -> dict[str, Any]:
    values: dict[str, Any] = {field: request.form.get(field, "")[:1_200] for field in (*fields, "reason")}
    return values | {"modes": request.form.getlist("modes")[:3]}


def _form(name: str, problem: Problem | None, **more: Any) -> Any:
    errors = errors_of(problem)
    said = gettext(problem.message, **problem.params) if problem and not errors else ""
    text = render_template(f"bookings/desk/{name}.html", errors=errors, problem=said, **more, **shared())
    return (text, problem.status) if problem else text


def _change_form(registration_id: UUID, written: dict[str, Any] | None = None, problem: Problem | None = None) -> Any:
    found = ask(people.find, actor(), registration_id)
    may = allowed.may(actor(), found)
    if "change" not in may:
        raise NotFound
    now = found.request
    values = written or {
        "origin": now.origin_text or now.origin, "earliest": now.earliest.isoformat(), "modes": list(now.modes),
        "latest": now.latest.isoformat(), "needs": now.needs, "note": now.note, "phone": ""}
    return _form("change", problem, found=found, values=values, phone_open="phone" in may,
                 seat_goes=isinstance(problem, SeatWouldGo), needs_reason=allowed.needs_reason(actor(), "change"))


@page(bp, "/desk/people/<uuid:registration_id>/change", roles=scope.ACTORS)
def change(registration_id: UUID) -> Any:
    """A form of what may be changed."""
    return _change_form(registration_id)


@page(bp, "/desk/people/<uuid:registration_id>/change", roles=scope.ACTORS, methods=("POST",))
def take_change(registration_id: UUID) -> Any:
    """Change the request; a seat that no longer fits is given back when it was said so."""
    written = _typed(*TEXTS)
    try:
        act(_change, actor(), registration_id, written, request.form.get("reason", ""),
            request.form.get("release") == "1")
    except NotFound:
        raise
    except Problem as problem:
        return _change_form(registration_id, written, problem)
    return redirect(url_for("bookings_desk.person", registration_id=registration_id, done="change"), 303)


def _change(session: Session, caller: Actor, registration_id: UUID, written: dict[str, Any], reason: str,
            release: bool) -> None:
    if written.get("phone") and "phone" not in allowed.may(caller, people.find(session, caller, registration_id)):
        raise NotFound
    acting.for_him(session, caller, registration_id, "change", reason, service.change_registration, registration_id,
                   judge_change(written, today=clock.today()), release=release)


def _replace_form(registration_id: UUID, written: dict[str, Any] | None = None, problem: Problem | None = None) -> Any:
    found, others = ask(replacing.colleagues, actor(), registration_id)
    if "replace" not in allowed.may(actor(), found):
        raise NotFound
    return _form("replace", problem, found=found, colleagues=others, values=written or {},
                 may_add=replacing.may_add(actor()), needs_reason=allowed.needs_reason(actor(), "replace"))


@page(bp, "/desk/people/<uuid:registration_id>/replace", roles=scope.ACTORS)
def replace(registration_id: UUID) -> Any:
    """Who shall take the seat over."""
    return _replace_form(registration_id)


@page(bp, "/desk/people/<uuid:registration_id>/replace", roles=scope.ACTORS, methods=("POST",))
def take_replacement(registration_id: UUID) -> Any:
    """A colleague gets the seat, the person is withdrawn."""
    written = _typed("name", "id_type", "id_number", "phone", "colleague")
    try:
        colleague = act(acting.for_him, actor(), registration_id, "replace", request.form.get("reason", ""),
                        replacing.take_over, actor(), registration_id, uuid_or_none(written["colleague"]), written)
    except NotFound:
        raise
    except Problem as problem:
        return _replace_form(registration_id, written, problem)
    return redirect(url_for("bookings_desk.person", registration_id=colleague, done="replace",
                            undo=inplace.replaced(actor(), registration_id, colleague)), 303)


def _add_form(wanted: str | None, written: dict[str, Any] | None = None, problem: Problem | None = None) -> Any:
    campaign = ask(campaign_of, actor(), wanted, asked()[1])
    return _form("add", problem, campaign=campaign, values=written or adding.empty(campaign),
                 needs_reason=allowed.needs_reason(actor(), "add"))


@page(bp, "/desk/people/new", roles=scope.ACTORS)
def add_person() -> Any:
    """A form for somebody who is not on the list yet."""
    return _add_form(request.args.get("campaign"))


@page(bp, "/desk/people/new", roles=scope.ACTORS, methods=("POST",))
def take_person() -> Any:
    """Put somebody on the list."""
    written = _typed(*adding.FIELDS)
    wanted = request.form.get("campaign", "")
    try:
        made = act(adding.add, actor(), wanted, written, request.form.get("reason", ""))
    except NotFound:
        raise
    except Problem as problem:
        return _add_form(wanted, written, problem)
    return redirect(url_for("bookings_desk.person", registration_id=made, done="add"), 303)
