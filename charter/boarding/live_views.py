"""Organizers' pages of the departure day: the live board, the conflict desk, the contact query."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from charter.boarding import conflicts, contacts, live
from charter.boarding.problems import VehicleTooSmall
from charter.boarding.service import leaving, substituting
from charter.boarding.service.substituting import NewVehicle
from charter.boarding.trips import visible_trip
from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.models import Departure, VehicleType
from charter.core import clock
from charter.core.actor import ORGANIZERS, Role
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.forms import Form
from charter.core.i18n import N_, gettext, language
from charter.core.ids import uuid_or_none
from charter.core.problems import Invalid
from charter.core.routes import page
from charter.core.workbook import attached, table

__all__ = ["bp"]

bp = Blueprint("live", __name__, template_folder="templates")
PAGE = 60
OUTCOMES = {"same_person": N_("同一个人，先扫的有效"), "second": N_("先扫的错了，后扫的有效"),
            "neither": N_("两次都不算，人不在车上"), "other": N_("其他")}
PLACES = {"arrived_stop": N_("停站中"), "left_stop": N_("行驶中"), "rest_begun": N_("休息中"),
          "rest_ended": N_("行驶中")}
SHOWN = {"go": N_("绿"), "look": N_("黄"), "stop": N_("红")}


@page(bp, "/desk/live", roles=ORGANIZERS)
def board() -> str:
    """Every departure of the day on one page; from the evening on, what is not ready for tomorrow."""
    campaign, now = ask(campaign_of, actor(), *asked()), clock.now()
    day = _day()
    tomorrow = clock.today() + timedelta(days=1)
    rows = ask(live.board, actor(), campaign.id, day, now)
    wants = live.shows_tomorrow(now) or request.args.get("tomorrow") == "1"
    ready = ask(live.readiness, actor(), campaign.id, tomorrow) if wants else None
    return render_template("boarding/live.html", campaign=campaign, day=day, rows=rows, ready=ready, tomorrow=tomorrow,
                           places=PLACES)


@page(bp, "/desk/conflicts", roles=ORGANIZERS)
def cases() -> str:
    """Doubled boardings, each with its two sides."""
    campaign = ask(campaign_of, actor(), *asked())
    state = "resolved" if request.args.get("state") == "resolved" else "open"
    written = request.args.get("page", "1")
    number = min(max(int(written), 1), 1_000) if written.isascii() and written.isdigit() and len(written) < 6 else 1
    found = ask(conflicts.cases, actor(), campaign.id, state=state, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("boarding/conflicts.html", cases=found[:PAGE], more=len(found) > PAGE, page=number,
                           state=state, outcomes=OUTCOMES, shown=SHOWN)


@page(bp, "/desk/conflicts/<departure:departure_id>/<uuid:case_id>/take", roles=ORGANIZERS, methods=("POST",))
def take(departure_id: int, case_id: UUID) -> AnyResponse:
    """Look after a case."""
    act(leaving.look_after, departure_id, str(case_id), actor())
    return redirect(url_for("live.cases"), 303)


@page(bp, "/desk/conflicts/<departure:departure_id>/<uuid:case_id>", roles=ORGANIZERS, methods=("POST",))
def settle(departure_id: int, case_id: UUID) -> AnyResponse:
    """Say how a case ended."""
    act(leaving.resolve, departure_id, str(case_id), actor(), request.form.get("resolution", ""),
        request.form.get("outcome", ""))
    return redirect(url_for("live.cases"), 303)


@page(bp, "/desk/contacts/<uuid:registration_id>", roles=ORGANIZERS, methods=("GET", "POST"), fresh=True)
def near(registration_id: UUID) -> Any:
    """Who was on board with one person; a reason is asked and audited, the answer is shown or given as a workbook."""
    if request.method == "GET":
        return render_template("boarding/contacts.html", registration_id=registration_id, found=None, reason="")
    reason = request.form.get("reason", "")[:500]
    found = act(contacts.query, actor(), registration_id, reason)
    if request.form.get("as") == "xlsx":
        return _workbook(found)
    return render_template("boarding/contacts.html", registration_id=registration_id, found=found, reason=reason)


@page(bp, "/desk/departures/<departure:departure_id>/substitute", roles={Role.CITY_ORGANIZER}, methods=("GET", "POST"))
def substitute(departure_id: int) -> Any:
    """Another vehicle comes: who would sit elsewhere is shown before anything is done."""
    values = request.form if request.method == "POST" else request.args
    form = Form({name: values.get(name, "").strip() for name in ("type_id", "plate", "drivers", "reason")})
    moved, status, type_id = None, 200, uuid_or_none(form.values["type_id"])
    try:
        if type_id is not None and request.method == "POST":
            wanted = NewVehicle(type_id, form.values["plate"], form.values["drivers"], form.values["reason"])
            act(substituting.substitute, departure_id, actor(), wanted)
            return redirect(url_for("boarding.board", departure_id=departure_id), 303)
        if type_id is not None:
            moved = ask(substituting.preview, departure_id, type_id)
    except (Invalid, VehicleTooSmall) as problem:
        form, status = form.refused(problem), problem.status
    return render_template("boarding/substitute.html", form=form, moved=moved,
                           trip=ask(visible_trip, departure_id, actor()), kinds=ask(_kinds, departure_id)), status


@page(bp, "/desk/departures/<departure:departure_id>/substitute/back", roles={Role.CITY_ORGANIZER}, methods=("POST",))
def put_back(departure_id: int) -> AnyResponse:
    """The first vehicle comes after all."""
    act(substituting.take_back, departure_id, actor())
    return redirect(url_for("boarding.board", departure_id=departure_id), 303)


def _kinds(session: Session, departure_id: int) -> list[tuple[str, str]]:
    departure = session.get_one(Departure, departure_id)
    rows = session.scalars(select(VehicleType).where(
        VehicleType.mode == departure.mode, VehicleType.seating == departure.seating)
        .order_by(VehicleType.passenger_seats, VehicleType.code))
    return [(str(one.id), one.name if language() == "zh" else one.name_en) for one in rows]


def _workbook(found: contacts.Contacts) -> Response:
    header = [gettext(word) for word in (
        N_("班次"), N_("发车"), N_("姓名"), N_("证件后四位"), N_("手机号"), N_("用工企业"), N_("座位"), N_("相隔几排"),
        N_("两排以内"), N_("同车分钟"))]
    lines = [[one.departure, one.departs_at, one.name, one.last_four, one.phone, one.employer, one.seat, one.rows,
              gettext("是") if one.near else "", one.minutes] for one in found.rows]
    return attached(table(gettext("同车人员"), header, lines), "contacts.xlsx")


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return clock.today()
