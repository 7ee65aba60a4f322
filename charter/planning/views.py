"""Pages of plans: start one, watch it, read what it says, publish it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.rules.ruling import KINDS
from charter.campaigns.ruling import rule_in
from charter.campaigns.setting_up import own_campaign
from charter.campaigns.trip import OVER
from charter.core import clock
from charter.core.actor import Role, current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import N_, gettext
from charter.core.problems import Invalid, NotFound
from charter.core.routes import page
from charter.notices.problems import TemplateNotApproved
from charter.planning import curve, money, moving, publishing, queries, reading, ruling, service, trouble
from charter.planning.asking import Wanted
from charter.planning.dragging import dragged
from charter.planning.models import FINISHED, Plan
from charter.planning.problems import (
    AlreadyPublished,
    HasFeeders,
    NoRoomThere,
    NothingRuns,
    NothingToPlan,
    NotReady,
    PlanStale,
)
from charter.planning.results import REASONS

__all__ = ["bp"]

bp = Blueprint("planning", __name__, template_folder="templates")
CITY = frozenset({Role.CITY_ORGANIZER})
STATES = {"queued": N_("排队中"), "running": N_("正在计算"), "done": N_("已算好"), "stopped": N_("已停止"),
          "failed": N_("没有算成"), "published": N_("已发布")}
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机"), "feeder": N_("接驳")}
PROBLEMS = {one.code: one.message for one in (
    AlreadyPublished, NothingRuns, NotReady, NothingToPlan, PlanStale, HasFeeders, TemplateNotApproved)}
PAGE = 100


@page(bp, "/desk/plans", roles=CITY)
def plans() -> str:
    """The scenarios of the campaign side by side, and a form for the next."""
    return _plans(Form({"time_limit_s": "60"}))


def _plans(form: Form) -> str:
    campaign = ask(campaign_of, current(), *asked())
    found = ask(queries.plans, campaign.id)
    ready = [plan for plan in found if plan.state in FINISHED and plan.best is not None]
    alike = [plan for plan in ready if plan.figures["people"] == ready[0].figures["people"]]
    best = min(alike, key=lambda plan: plan.best or 0.0) if len(alike) > 1 else None
    points = curve.points(found)
    return render_template("planning/plans.html", campaign=campaign, plans=found, states=STATES, form=form,
                           best=best.id if best else None, points=points, chart=_curve(points))


def _curve(points: Sequence[curve.Point]) -> dict[str, Any]:
    return {"points": [[one.fen / 100, one.carried] for one in points],
            "words": {"people": gettext("已安排（人）"), "yuan": gettext("包车费用（元）")}}


@page(bp, "/desk/plans/start", roles=CITY, methods=("POST",))
def start() -> Any:
    """Ask for a plan."""
    form = Form.sent(request.form)
    reader = Reader(form.values)
    seconds, name = reader.whole("time_limit_s", 1, 3600), reader.text("name", 80, least=0)
    budget = reader.fen("budget", optional=True)
    load = reader.whole("load_percent", 1, 100) if form.values.get("load_percent", "").strip() else None
    try:
        reader.done()
        campaign = ask(campaign_of, current(), *asked())
        wanted = Wanted(budget_fen=budget, load_percent=load)
        plan = act(service.start, campaign.id, wanted, time_limit_s=seconds, name=name)
    except (Invalid, NothingToPlan) as problem:
        return _plans(form.refused(problem)), problem.status
    return redirect(url_for("planning.show", plan_id=plan.id), 303)


@page(bp, "/desk/plans/<uuid:plan_id>/curve", roles=CITY, methods=("POST",))
def ask_curve(plan_id: UUID) -> Any:
    """The same with less money, several times."""
    try:
        act(curve.ask_curve, plan_id)
    except (NotReady, NothingToPlan) as problem:
        return redirect(url_for("planning.show", plan_id=plan_id, problem=problem.code), 303)
    return redirect(url_for("planning.plans", campaign=ask(queries.plan, plan_id).campaign_id), 303)


@page(bp, "/desk/plans/<uuid:plan_id>", roles=CITY)
def show(plan_id: UUID) -> str:
    """One plan: how far it is, or what it says."""
    return ask(_show, plan_id)


def _show(session: Session, plan_id: UUID) -> str:
    plan = queries.plan(session, plan_id)
    reasons = Counter(one["code"] for one in plan.left_behind)
    rows = reading.vehicles(session, plan)
    day, text = request.args.get("day", ""), request.args.get("text", "").strip()[:40]
    shown = [row for row in rows if day in ("", row.day.isoformat())
             and (not text or text.lower() in f"{row.corridor} {row.corridor_en} {row.vehicle}".lower())]
    return render_template(
        "planning/plan.html", plan=plan, states=STATES, reasons=reasons.most_common(), words=REASONS, modes=MODES,
        moved=reading.moved(session, plan), drags=dragged(session, plan),
        warned=money.warnings(session, plan), lines=reading.lines(rows),
        rows=shown, total=len(rows), days=sorted({row.day for row in rows}),
        day=day, text=text, problem=PROBLEMS.get(request.args.get("problem", "")), chart=_chart(plan),
        unapproved=TemplateNotApproved.message)


def _chart(plan: Plan) -> dict[str, Any]:
    return {"history": plan.history, "words": {"best": gettext("目前最好"), "bound": gettext("证明的下界"),
                                               "seconds": gettext("秒"), "yuan": gettext("元")}}


@page(bp, "/desk/plans/<uuid:plan_id>/progress.json", roles=CITY)
def progress_json(plan_id: UUID) -> Any:
    """How far a plan is, for a page that watches it."""
    plan = ask(queries.progress, plan_id)
    return {"state": plan.state, "seconds": plan.seconds, "best": plan.best, "bound": plan.bound, "gap": plan.gap,
            "history": plan.history}


@page(bp, "/desk/plans/<uuid:plan_id>/vehicles/<int:position>/<int:copy>", roles=CITY)
def plan_vehicle(plan_id: UUID, position: int, copy: int) -> str:
    """One vehicle of a plan: who rides in it, and what each had asked for."""
    return ask(_plan_vehicle, plan_id, position, copy)


def _plan_vehicle(session: Session, plan_id: UUID, position: int, copy: int) -> str:
    plan = queries.plan(session, plan_id)
    row, people = reading.vehicle(session, plan, position, copy)
    return render_template("planning/vehicle.html", plan=plan, row=row, people=people, modes=MODES,
                           employers=reading.by_employer(people), movable=plan.state in FINISHED,
                           problem=PROBLEMS.get(request.args.get("problem", "")))


@page(bp, "/desk/plans/<uuid:plan_id>/vehicles/<int:position>/<int:copy>/move", roles=CITY, methods=("GET", "POST"))
def move_people(plan_id: UUID, position: int, copy: int) -> Any:
    """Put people of a vehicle into another: where there is room and what it changes, before it is done."""
    people, source, problem = request.values.getlist("person"), (position, copy), None
    back = url_for("planning.plan_vehicle", plan_id=plan_id, position=position, copy=copy)
    if not people:
        return redirect(back, 303)
    try:
        if request.method == "POST":
            target = _vehicle_named(request.form.get("to", ""))
            act(moving.move, plan_id, source, people, target)
            return redirect(url_for("planning.plan_vehicle", plan_id=plan_id, position=target[0], copy=target[1]), 303)
    except NoRoomThere as refused:
        problem = refused
    except (HasFeeders, NotReady) as refused:
        return redirect(f"{back}?problem={refused.code}", 303)
    try:
        found = ask(moving.choices, plan_id, source, people)
    except (HasFeeders, NotReady) as refused:
        return redirect(f"{back}?problem={refused.code}", 303)
    return render_template("planning/move.html", found=found, people=people, problem=problem, modes=MODES)


def _vehicle_named(written: str) -> tuple[int, int]:
    """Position and copy, as the form names a vehicle."""
    position, _, copy = written.partition("/")
    if not (position.isascii() and position.isdecimal() and copy.isascii() and copy.isdecimal()):
        raise NotFound
    return int(position), int(copy)


@page(bp, "/desk/plans/<uuid:plan_id>/left-behind", roles=CITY)
def plan_left(plan_id: UUID) -> str:
    """Who stays behind in a plan, and why."""
    return ask(_plan_left, plan_id)


def _plan_left(session: Session, plan_id: UUID) -> str:
    plan = queries.plan(session, plan_id)
    written, code = request.args.get("page", "1"), request.args.get("code", "")
    number = min(max(int(written), 1), 1_000) if written.isascii() and written.isdecimal() else 1
    people = reading.left_behind(session, plan, code, PAGE, (number - 1) * PAGE)
    return render_template("planning/left.html", plan=plan, people=people[:PAGE], more=len(people) > PAGE, page=number,
                           code=code, reasons=Counter(one["code"] for one in plan.left_behind).most_common(),
                           words=REASONS, modes=MODES)


@page(bp, "/desk/plans/<uuid:plan_id>/stop", roles=CITY, methods=("POST",))
def stop(plan_id: UUID) -> Any:
    """End the search with the best plan so far."""
    act(service.stop, plan_id)
    return redirect(url_for("planning.show", plan_id=plan_id), 303)


@page(bp, "/desk/plans/<uuid:plan_id>/publish", roles=CITY, methods=("POST",))
def publish(plan_id: UUID) -> Any:
    """Charter the vehicles and seat the people, of all corridors or of those that are ticked."""
    try:
        some = request.form.getlist("corridor")
        if "some" in request.form and not some:  # nothing ticked is not everything
            raise NothingRuns
        act(publishing.publish, plan_id, some, by_phone=request.form.get("by_phone") == "1")
    except (AlreadyPublished, NothingRuns, NotReady, PlanStale, TemplateNotApproved) as problem:
        return redirect(url_for("planning.show", plan_id=plan_id, problem=problem.code), 303)
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


@page(bp, "/desk/departures/<departure:departure_id>/replan", roles=CITY, methods=("POST",))
def replan(departure_id: int) -> Any:
    """Seat a departure's people elsewhere: a plan that says who would move where, before anything is done."""
    try:
        plan = act(trouble.seat_elsewhere, departure_id)
    except (NothingToPlan, trouble.AlreadyOver):
        return redirect(url_for("planning.call_off", departure_id=departure_id), 303)
    return redirect(url_for("planning.show", plan_id=plan.id), 303)


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


@page(bp, "/desk/campaigns/<uuid:campaign_id>/rules/<kind>", roles=CITY, methods=("GET", "POST"))
def new_rule(campaign_id: UUID, kind: str) -> Any:
    """A new rule: looked at by GET with the departures that it touches, made by POST."""
    campaign = ask(own_campaign, campaign_id)
    fields, touched, status = dict(request.values), None, 200
    form = Form.sent(fields) if "value" in fields else Form({"from_at": f"{clock.today().isoformat()}T00:00"})
    if "value" in fields or request.method == "POST":
        try:
            wanted = rule_in(kind, form.values)
            if request.method == "POST":
                act(ruling.add, campaign_id, wanted)
                return redirect(url_for("campaigns.setup", campaign=campaign_id, _anchor="rules"), 303)
            touched = ask(ruling.preview, campaign_id, wanted)
        except Invalid as problem:
            form, status = form.refused(problem), problem.status
    if kind not in KINDS:
        raise NotFound
    return render_template("planning/rule.html", campaign=campaign, kind=kind, form=form, touched=touched), status


@page(bp, "/desk/campaigns/<uuid:campaign_id>/rules/<uuid:rule_id>/remove", roles=CITY, methods=("POST",))
def remove_rule(campaign_id: UUID, rule_id: UUID) -> Any:
    """Take a rule back."""
    act(ruling.remove, campaign_id, rule_id)
    return redirect(url_for("campaigns.setup", campaign=campaign_id, _anchor="rules"), 303)
