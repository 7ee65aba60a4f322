"""The call list before departure, shared by hotline, employers, origin partners and organizers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from charter.bookings import round as calling
from charter.bookings import round_list
from charter.bookings.problems import TakenByOther
from charter.core.actor import Role, current
from charter.core.db import act, ask
from charter.core.i18n import N_
from charter.core.problems import NotFound, Problem
from charter.core.routes import page

__all__ = ["bp"]

bp = Blueprint("round", __name__, template_folder="templates")
CALLERS = frozenset({Role.HOTLINE, Role.EMPLOYER, Role.ORIGIN_PARTNER, Role.CITY_ORGANIZER, Role.DISTRICT_ORGANIZER})
PAGE = 100
REASONS = {"changed": N_("答复以后行程变了"), "call": N_("要人打电话"), "failed": N_("短信没发到"),
           "no_phone": N_("没有手机号"), "silent": N_("没有答复")}
TRIED = {"no_answer": N_("没人接"), "wrong_number": N_("号码不对")}


@page(bp, "/desk/round", roles=CALLERS)
def calls() -> str:
    """Who has to be called before his departure."""
    return _calls(None)


def _calls(refused: Problem | None, phone: str = "", open_id: UUID | None = None) -> str:
    reason = request.args.get("reason", "") if request.args.get("reason") in REASONS else ""
    written = request.args.get("page", "1")
    number = min(max(int(written), 1), 1_000) if written.isascii() and written.isdecimal() else 1
    rows = ask(round_list.to_call, current(), reason=reason, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("bookings/desk/round.html", rows=rows[:PAGE], more=len(rows) > PAGE, page=number,
                           reason=reason, reasons=REASONS, tried=TRIED, figures=ask(round_list.figures, current()),
                           refused=refused, phone=phone, open_id=open_id)


@page(bp, "/desk/round/<uuid:call_id>", roles=CALLERS)
def call(call_id: UUID) -> Any:
    """One person whom I have taken: his number, and what came of the call."""
    try:
        phone = act(calling.phone_of, call_id)
    except TakenByOther as problem:
        return _calls(problem), problem.status
    return _calls(None, phone, call_id)


@page(bp, "/desk/round/<uuid:call_id>/take", roles=CALLERS, methods=("POST",))
def take(call_id: UUID) -> Any:
    """I call this person; nobody else does meanwhile."""
    try:
        act(calling.take, call_id)
    except TakenByOther as problem:
        return _calls(problem), problem.status
    return redirect(url_for("round.call", call_id=call_id), 303)


@page(bp, "/desk/round/<uuid:call_id>/<outcome>", roles=CALLERS, methods=("POST",))
def finish(call_id: UUID, outcome: str) -> Any:
    """What came of the call."""
    if outcome not in calling.OUTCOMES:
        raise NotFound
    try:
        act(calling.finish, call_id, outcome)
    except NotFound:
        raise
    except Problem as problem:
        return _calls(problem), problem.status
    return redirect(url_for("round.calls"), 303)
