"""Pages of the trip: its log with what the crew or the desk notes, and its papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from charter.boarding import handover, manifest, papers, queries, trip_log, versions
from charter.boarding.service import journal
from charter.boarding.trips import Trip, visible_trip
from charter.core import clock
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.i18n import N_
from charter.core.routes import page

__all__ = ["bp"]

bp = Blueprint("trip", __name__, template_folder="templates")
CREW = ORGANIZERS | {Role.VOLUNTEER}
FIELDS = ("kind", "stop_id", "booking_id", "reason", "witness", "taken_over_by", "driver", "what", "note", "incident",
          "employer_id", "receiver")
ENTRIES = {"arrived_stop": N_("到站"), "left_stop": N_("离站"), "rest_begun": N_("开始休息"),
           "rest_ended": N_("休息结束"), "counted": N_("清点人数"), "driver_changed": N_("换驾驶员"),
           "incident": N_("突发情况"), "incident_over": N_("情况处理完"), "refused": N_("没让上车"),
           "set_down": N_("中途下车"), "walk_on": N_("临时上车"), "handed_over": N_("交接给企业")}
INCIDENTS = {"breakdown": N_("车辆故障"), "accident": N_("交通事故"), "illness": N_("有人生病"), "quarrel": N_("争执"),
             "delay": N_("晚点"), "other": N_("其他")}
REASONS = {"drunk": N_("醉酒"), "fever": N_("发热"), "quarrel": N_("争执"), "no_card": N_("没带证件"),
           "own_wish": N_("本人不走了")}
TROUBLES = {"uncounted": N_("没有清点清楚就出发了"), "count_differs": N_("清点的人数不对"),
            "driving_long": N_("连续驾驶时间太长"), "incident": N_("突发情况还没处理完"),
            "walk_on": N_("名单外的人上车，规定不允许")}


@dataclass(frozen=True, slots=True)
class _Page:
    found: Trip
    log: trip_log.TripLog
    state: queries.State
    people: list[manifest.Person]
    firms: list[handover.Firm]


@page(bp, "/boarding/<departure:departure_id>/trip", roles=CREW | {Role.HOTLINE})
def log(departure_id: int) -> str:
    """What happened on the way, where the trip stands, and forms for what happens next."""
    shown = ask(_log, departure_id, actor())
    return render_template(
        "boarding/trip.html", trip=shown.found, log=shown.log, state=shown.state, people=shown.people,
        firms=shown.firms, entries=ENTRIES, incidents=INCIDENTS, reasons=REASONS, troubles=TROUBLES,
        names={one.booking_id: one.name for one in shown.people}, writes=actor().role in CREW)


@page(bp, "/boarding/<departure:departure_id>/trip", roles=CREW, methods=("POST",))
def note(departure_id: int) -> AnyResponse:
    """Keep one entry of the log."""
    entry: dict[str, Any] = {name: request.form[name].strip()[:500] for name in FIELDS if request.form.get(name)}
    if entry.get("kind") == "counted":
        written = request.form.get("counted", "")
        entry["counted"] = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else None
    elif entry.get("kind") == "walk_on":
        entry["person"] = {name: request.form.get(name, "").strip() for name in
                           ("name", "id_number", "phone", "employer")}
    elif entry.get("kind") == "handed_over":
        entry["booking_ids"] = request.form.getlist("here")
    act(journal.keep_by_desk, departure_id, actor(), entry)
    return redirect(url_for("trip.log", departure_id=departure_id), 303)


@page(bp, "/boarding/<departure:departure_id>/papers", roles=CREW)
def folder(departure_id: int) -> str:
    """Which papers are to be printed."""
    return render_template("boarding/papers.html", trip=ask(visible_trip, departure_id, actor()), kinds=papers.KINDS)


@page(bp, "/boarding/<departure:departure_id>/papers.pdf", roles=CREW, fresh=True)
def folder_pdf(departure_id: int) -> Response:
    """The papers that were ticked, or all of them."""
    wanted = request.args.getlist("kind") or list(papers.KINDS)
    made = papers.printed(act(papers.collect, departure_id, actor()), wanted[:len(papers.KINDS)])
    return Response(made, content_type="application/pdf", headers={"Cache-Control": "private, no-store"})


@page(bp, "/boarding/<departure:departure_id>/versions", roles=CREW)
def manifest_versions(departure_id: int) -> str:
    """The list as planned, sealed, in fact and handed over."""
    return ask(_versions, departure_id, actor())


def _versions(session: Session, departure_id: int, caller: Actor) -> str:
    found = visible_trip(session, departure_id, caller)
    names = {one.booking_id: one.name for one in manifest.people(session, found, caller)}
    return render_template("boarding/versions.html", trip=found, names=names,
                           found=versions.versions(session, found, caller))


def _log(session: Session, departure_id: int, caller: Actor) -> _Page:
    found = visible_trip(session, departure_id, caller)
    people = manifest.people(session, found, caller)
    return _Page(found, trip_log.read(session, found), queries.state(session, found), people,
                 handover.firms(session, found, caller, clock.now()))
