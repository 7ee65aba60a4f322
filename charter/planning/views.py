"""Pages of plans: start one, watch it, read what it says, publish it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.trip import OVER
from charter.core.actor import Role, current
from charter.core.db import act, ask
from charter.core.forms import Form
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid
from charter.core.routes import page
from charter.planning import publishing, queries, service, trouble
from charter.planning.results import REASONS

__all__ = ["bp"]

bp = Blueprint("planning", __name__, template_folder="templates")
CITY = frozenset({Role.CITY_ORGANIZER})
STATES = {"queued": N_("排队中"), "running": N_("正在计算"), "done": N_("已算好"), "stopped": N_("已停止"),
          "failed": N_("没有算成"), "published": N_("已发布")}


@page(bp, "/desk/plans", roles=CITY)
def plans() -> str:
    """All plans of the campaign, and a form for the next."""
    campaign = ask(campaign_of, current(), *asked())
    return render_template("planning/plans.html", campaign=campaign, plans=ask(queries.plans, campaign.id),
                           states=STATES)


@page(bp, "/desk/plans/start", roles=CITY, methods=("POST",))
def start() -> Any:
    """Ask for a plan."""
    text = request.form.get("time_limit_s", "")
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 0
    if not 1 <= seconds <= 3600:
        raise Invalid(errors=[FieldProblem("time_limit_s", "invalid", N_("计算时间应为 1 到 3600 秒"))])
    campaign = ask(campaign_of, current(), *asked())
    plan = act(service.start, campaign.id, time_limit_s=seconds)
    return redirect(url_for("planning.show", plan_id=plan.id), 303)


@page(bp, "/desk/plans/<uuid:plan_id>", roles=CITY)
def show(plan_id: UUID) -> str:
    """One plan: how far it is, or what it says."""
    plan = ask(queries.plan, plan_id)
    reasons: dict[str, int] = {}
    for one in plan.left_behind:
        reasons[one["code"]] = reasons.get(one["code"], 0) + 1
    return render_template("planning/plan.html", plan=plan, states=STATES, reasons=reasons, words=REASONS)


@page(bp, "/desk/plans/<uuid:plan_id>/stop", roles=CITY, methods=("POST",))
def stop(plan_id: UUID) -> Any:
    """End the search with the best plan so far."""
    act(service.stop, plan_id)
    return redirect(url_for("planning.show", plan_id=plan_id), 303)


@page(bp, "/desk/plans/<uuid:plan_id>/publish", roles=CITY, methods=("POST",))
def publish(plan_id: UUID) -> Any:
    """Charter the vehicles and seat the people."""
    act(publishing.publish, plan_id)
    return redirect(url_for("planning.show", plan_id=plan_id), 303)


@page(bp, "/desk/departures/<departure:departure_id>/late", roles=CITY, methods=("GET", "POST"))
def late(departure_id: int) -> Any:
    """A departure leaves later: who is told, before it is sent."""
    form, status = Form.of({"minutes": request.args.get("minutes", "40")}), 200
    if request.method == "POST":
        form = Form.sent(request.form)
        minutes = form.values.get("minutes", "")
        try:
            act(trouble.delay, departure_id, int(minutes) if minutes.isascii() and minutes.isdecimal() else 0)
            return redirect(url_for("insight.departure", departure_id=departure_id), 303)
        except (Invalid, trouble.AlreadyOver) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("planning/late.html", form=form, touched=ask(trouble.touched, departure_id),
                           over=OVER), status


@page(bp, "/desk/departures/<departure:departure_id>/call-off", roles=CITY, methods=("GET", "POST"))
def call_off(departure_id: int) -> Any:
    """A departure does not run: what that touches, and the code to type."""
    form, status = Form({}), 200
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            act(trouble.call_off, departure_id, form.values.get("typed", ""))
            return redirect(url_for("insight.departure", departure_id=departure_id), 303)
        except (Invalid, trouble.AlreadyOver, trouble.PeopleOnBoard) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("planning/call_off.html", form=form, touched=ask(trouble.touched, departure_id),
                           over=OVER), status
