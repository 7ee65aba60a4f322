"""Pages of the duty desk: open cases by their hour, one case with every word, the shift's log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import ORGANIZERS, Role, current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import N_, gettext
from charter.core.problems import Invalid
from charter.core.routes import page
from charter.duty import queries, service

__all__ = ["bp"]

bp = Blueprint("duty", __name__, template_folder="templates")
DESK = ORGANIZERS | {Role.HOTLINE}
KINDS = {"vehicle": N_("车辆故障"), "people": N_("人员走失或没到"), "road": N_("堵车、天气、封路"),
         "medical": N_("有人生病受伤"), "carrier": N_("承运企业"), "other": N_("其他")}
LINES = {"note": N_("记录"), "decision": N_("决定"), "approval": N_("同意"), "handover": N_("交接")}


def _campaign() -> Campaign:
    return ask(campaign_of, current(), *asked())


@page(bp, "/desk/duty", roles=DESK, methods=("GET", "POST"))
def cases() -> Any:
    """Open cases, what was only spoken, and a new case."""
    campaign, status = _campaign(), 200
    form = Form.of({"kind": "vehicle", "title": "", "codes": request.args.get("code", "")[:200], "aboard": "0",
                    "waiting": "0", "owner": current().name,
                    "answer_by": f"{clock.local(clock.now() + timedelta(hours=1)):%Y-%m-%dT%H:%M}"})
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            made = act(service.open_case, campaign.id, _opened(Reader(form.values)))
            return redirect(url_for("duty.case", case_id=made), 303)
        except Invalid as problem:
            form, status = form.refused(problem), problem.status
    closed = request.args.get("closed") == "1"
    return render_template("duty/cases.html", campaign=campaign, form=form, closed=closed, kinds=KINDS,
                           kind_words=[(key, gettext(word)) for key, word in KINDS.items()],
                           rows=ask(queries.cases, campaign.id, closed=closed),
                           spoken=ask(queries.spoken, campaign.id)), status


def _opened(fields: Reader) -> service.Opened:
    written = fields.text("codes", 400, least=0).replace("，", ",").replace("、", ",")
    codes = [code for code in written.split(",") if code.strip()]
    found = service.Opened(fields.choice("kind", KINDS), fields.text("title", 80), [code.strip() for code in codes],
                           fields.whole("aboard", 0, 9_999), fields.whole("waiting", 0, 9_999),
                           fields.text("owner", 80), fields.moment("answer_by"))
    fields.done()
    return found


@page(bp, "/desk/duty/cases/<uuid:case_id>", roles=DESK)
def case(case_id: UUID) -> Any:
    """One case: whom it touches, what was decided by whom and on whose word, what it costs."""
    return _case(case_id, None)


def _case(case_id: UUID, form: Form | None) -> str:
    found = ask(service.own_case, case_id)
    steering = Form.of({"owner": found.owner, "answer_by": f"{clock.local(found.answer_by):%Y-%m-%dT%H:%M}",
                        "extra": f"{found.extra_fen / 100:.2f}"})
    return render_template("duty/case.html", case=found, form=form or Form.of({"kind": "note"}), steering=steering,
                           touched=ask(queries.touched, found), lines=ask(queries.entries, case_id), kinds=KINDS,
                           words=LINES, line_words=[(key, gettext(LINES[key])) for key in ("note", "decision",
                                                                                          "approval")],
                           late=found.closed_at is None and found.answer_by < clock.now())


@page(bp, "/desk/duty/cases/<uuid:case_id>/write", roles=DESK, methods=("POST",))
def write(case_id: UUID) -> Any:
    """One line about a case."""
    form = Form.sent(request.form)
    try:
        fields = Reader(form.values)
        kind, text = fields.choice("kind", ("note", "decision", "approval")), fields.text("text", 1_000)
        said_by, paper = fields.text("said_by", 80, least=0), fields.text("paper", 80, least=0)
        fields.done()
        act(service.write, case_id, kind, text, said_by, paper)
    except Invalid as problem:
        return _case(case_id, form.refused(problem)), problem.status
    return redirect(url_for("duty.case", case_id=case_id), 303)


@page(bp, "/desk/duty/cases/<uuid:case_id>/steer", roles=DESK, methods=("POST",))
def steer(case_id: UUID) -> Any:
    """Another owner, another hour, what it costs."""
    form = Form.sent(request.form)
    try:
        fields = Reader(form.values)
        owner, answer_by, extra = fields.text("owner", 80), fields.moment("answer_by"), fields.fen("extra")
        fields.done()
        act(service.steer, case_id, owner, answer_by, extra or 0)
    except Invalid as problem:
        return _case(case_id, form.refused(problem)), problem.status
    return redirect(url_for("duty.case", case_id=case_id), 303)


@page(bp, "/desk/duty/cases/<uuid:case_id>/close", roles=DESK, methods=("POST",))
def close(case_id: UUID) -> Any:
    """It is over."""
    form = Form.sent(request.form)
    try:
        fields = Reader(form.values)
        text = fields.text("ending", 1_000)
        fields.done()
        act(service.close, case_id, text)
    except Invalid as problem:
        return _case(case_id, form.refused(problem)), problem.status
    return redirect(url_for("duty.cases"), 303)


@page(bp, "/desk/duty/entries/<uuid:entry_id>/paper", roles=DESK, methods=("POST",))
def paper(entry_id: UUID) -> Any:
    """The paper of an approval that was only spoken."""
    number = " ".join(request.form.get("paper", "").split())[:80]
    if number:
        act(service.attach, entry_id, number)
    return redirect(url_for("duty.cases"), 303)


@page(bp, "/desk/duty/log", roles=DESK, methods=("GET", "POST"))
def log() -> Any:
    """The shift's log of a day, to read, to hand over and to print."""
    campaign, status, form = _campaign(), 200, Form.of({"text": "", "to": ""})
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            fields = Reader(form.values)
            text, to = fields.text("text", 1_000), fields.text("to", 80, least=0)
            fields.done()
            act(service.write_log, campaign.id, text, to)
            return redirect(url_for("duty.log"), 303)
        except Invalid as problem:
            form, status = form.refused(problem), problem.status
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = clock.today()
    return render_template("duty/log.html", campaign=campaign, day=day, form=form, words=LINES,
                           rows=ask(queries.log, campaign.id, day), open=ask(queries.cases, campaign.id)), status
