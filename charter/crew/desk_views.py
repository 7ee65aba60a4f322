"""Desk pages of who rides along: members and their insurance, invitations, rotas, duties, and what is printed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.models import Campaign
from charter.campaigns.trip import own_departure
from charter.core import clock
from charter.core.actor import ORGANIZERS, Role, current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import N_, _, gettext
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound, Problem
from charter.core.routes import page
from charter.core.settings import current as settings
from charter.core.workbook import attached, table
from charter.crew import duty, joining, printing, reading, rota
from charter.crew.links import invitation_code
from charter.crew.words import KINDS, MODES, ROTAS, STATES

__all__ = ["bp"]

bp = Blueprint("crew_desk", __name__, template_folder="templates")
CITY = frozenset({Role.CITY_ORGANIZER})
PAGE = 100


def _campaign() -> Campaign:
    return ask(campaign_of, current(), *asked())


def _filters() -> dict[str, Any]:
    args = request.args
    return {"state": args.get("state", "") if args.get("state") in STATES else "",
            "kind": args.get("kind", "") if args.get("kind") in KINDS else "",
            "words": args.get("words", "")[:60], "uninsured": args.get("uninsured") == "1"}


@page(bp, "/desk/crew/members", roles=ORGANIZERS)
def members() -> str:
    """Who signed up to ride along."""
    return _members(None)


def _members(form: Form | None) -> str:
    campaign, filters = _campaign(), _filters()
    written = request.args.get("page", "1")
    number = min(max(int(written), 1), 1_000) if written.isascii() and written.isdecimal() else 1
    rows = ask(reading.members, campaign.id, **filters, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "crew/members.html", campaign=campaign, rows=rows[:PAGE], more=len(rows) > PAGE, page=number, filters=filters,
        counts=ask(reading.counts, campaign.id), kinds=KINDS, states=STATES, may=current().role in CITY,
        given={name: value for name, value in filters.items() if value},
        form=form or Form.of({"policy": "", "insured_from": campaign.starts_on.isoformat(),
                              "insured_to": campaign.ends_on.isoformat()}), today=clock.today())


@page(bp, "/desk/crew/members", roles=CITY, methods=("POST",))
def decide() -> Any:
    """Accept, refuse or insure those who are ticked."""
    form, campaign = Form.sent(request.form), _campaign()
    chosen = [key for text in request.form.getlist("member") if (key := uuid_or_none(text))]
    try:
        if not chosen:
            raise Invalid(errors=[FieldProblem("", "missing", N_("请先勾选人员"))])
        _decide(campaign.id, chosen, form)
    except Invalid as problem:
        return _members(form.refused(problem)), problem.status
    return redirect(url_for("crew_desk.members", **{name: value for name, value in _filters().items() if value}), 303)


def _decide(campaign_id: UUID, chosen: list[UUID], form: Form) -> None:
    verb = form.values.get("verb", "")
    if verb != "insure":
        act(joining.decide, campaign_id, chosen, verb == "accept")
        return
    fields = Reader(form.values)
    policy, first, last = fields.text("policy", 60), fields.day("insured_from"), fields.day("insured_to")
    fields.done()
    act(joining.insure, campaign_id, chosen, policy, first, last)


@page(bp, "/desk/crew/members.xlsx", roles=ORGANIZERS)
def members_book() -> Any:
    """The list as a workbook; of phones the last four."""
    rows = ask(reading.members, _campaign().id, **_filters(), limit=5_000)
    header = [_("姓名"), _("身份"), _("单位"), _("手机尾号"), _("状态"), _("可以出车的天数"), _("能否过夜"),
              _("保险单号"), _("保险起"), _("保险止"), _("任务数"), _("值勤小时")]
    return attached(table(_("带车人员"), header, [
        [row.name, gettext(KINDS[row.kind]), row.unit, row.last_four, gettext(STATES[row.state]), len(row.days),
         _("能") if row.nights else _("不能"), row.policy, row.insured_from, row.insured_to, row.duties,
         row.minutes // 60] for row in rows]), "crew.xlsx")


@page(bp, "/desk/crew/members/<uuid:member_id>", roles=ORGANIZERS)
def member(member_id: UUID) -> str:
    """One member: days, insurance, duties."""
    campaign = _campaign()
    return render_template("crew/member.html", campaign=campaign, row=ask(reading.member_row, campaign.id, member_id),
                           duties=ask(reading.duties_of, member_id), swaps=ask(reading.swaps_of, member_id),
                           kinds=KINDS, states=STATES, modes=MODES, may=current().role in CITY, now=clock.now())


@page(bp, "/desk/crew/members/<uuid:member_id>/link", roles=CITY, methods=("POST",))
def new_link(member_id: UUID) -> Any:
    """End the member's links and send a new one."""
    act(joining.new_link, _campaign().id, member_id)
    return redirect(url_for("crew_desk.member", member_id=member_id), 303)


@page(bp, "/desk/crew/members/<uuid:member_id>/certificate", roles=ORGANIZERS)
def certificate(member_id: UUID) -> str:
    """Hours of service, to print and stamp."""
    campaign = _campaign()
    row = ask(reading.member_row, campaign.id, member_id)
    return render_template("crew/certificate.html", paper=ask(printing.certificate, campaign.id, member_id),
                           row=row, kinds=KINDS, modes=MODES)


@page(bp, "/desk/crew/invitations", roles=CITY, methods=("GET", "POST"))
def invitations() -> Any:
    """Links by which people sign up."""
    campaign, status = _campaign(), 200
    form = Form.of({"name": "", "kind": "volunteer", "until": campaign.ends_on.isoformat()})
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            fields = Reader(form.values)
            name, kind, until = fields.text("name", 60), fields.choice("kind", KINDS), fields.day("until")
            fields.done()
            act(joining.invite, campaign.id, name, kind, until)
            return redirect(url_for("crew_desk.invitations"), 303)
        except Invalid as problem:
            form, status = form.refused(problem), problem.status
    rows = [(row, settings().base_url + url_for("crew_own.join", code=invitation_code(row.id)))
            for row in ask(reading.invitations, campaign.id)]
    return render_template("crew/invitations.html", campaign=campaign, rows=rows, form=form, kinds=KINDS,
                           kind_words=[(key, gettext(word)) for key, word in KINDS.items()]), status


@page(bp, "/desk/crew/invitations/<uuid:invitation_id>/end", roles=CITY, methods=("POST",))
def end_invitation(invitation_id: UUID) -> Any:
    """Nobody signs up by this link any more."""
    act(joining.end_invitation, invitation_id)
    return redirect(url_for("crew_desk.invitations"), 303)


@page(bp, "/desk/crew/rotas", roles=CITY, methods=("GET", "POST"))
def rotas() -> Any:
    """Rotas that were made, and a new one."""
    campaign, status = _campaign(), 200
    first = max(campaign.starts_on, clock.today())
    form = Form.of({"first": first.isoformat(), "last": max(first, campaign.ends_on).isoformat()})
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            fields = Reader(form.values)
            begins, ends = fields.day("first"), fields.day("last")
            if not fields.errors and ends < begins:
                fields.wrong("last", "order", N_("截止日期不能早于开始日期"))
            fields.done()
            made = act(rota.start, campaign.id, begins, ends)
            return redirect(url_for("crew_desk.rota_page", rota_id=made), 303)
        except Invalid as problem:
            form, status = form.refused(problem), problem.status
    return render_template("crew/rotas.html", campaign=campaign, form=form, states=ROTAS,
                           rows=ask(reading.rotas, campaign.id), counts=ask(reading.counts, campaign.id)), status


@page(bp, "/desk/crew/rotas/<uuid:rota_id>", roles=CITY)
def rota_page(rota_id: UUID) -> str:
    """One rota: how fair it is, who rides along where."""
    return _rota(rota_id, None)


def _rota(rota_id: UUID, refused: Problem | None) -> str:
    campaign = _campaign()
    row = ask(reading.rota_of, campaign.id, rota_id)
    return render_template("crew/rota.html", campaign=campaign, row=row, lines=ask(reading.rota_lines, row),
                           states=ROTAS, refused=refused)


@page(bp, "/desk/crew/rotas/<uuid:rota_id>/<verb>", roles=CITY, methods=("POST",))
def rota_act(rota_id: UUID, verb: str) -> Any:
    """Take a rota as it stands, or end its search."""
    services: dict[str, Any] = {"take": rota.take, "stop": rota.stop}
    if verb not in services:
        raise NotFound
    try:
        act(services[verb], rota_id)
    except NotFound:
        raise
    except Problem as problem:
        return _rota(rota_id, problem), problem.status
    return redirect(url_for("crew_desk.rota_page", rota_id=rota_id), 303)


@page(bp, "/desk/departures/<departure:departure_id>/crew/on", roles=CITY, methods=("POST",))
def put_on(departure_id: int) -> Any:
    """A member rides along this departure."""
    chosen = uuid_or_none(request.form.get("member", ""))
    if chosen is None:
        return redirect(url_for("crew.assign", departure_id=departure_id), 303)
    try:
        act(duty.put_on_and_tell, departure_id, chosen)
    except NotFound:
        raise
    except Problem as problem:
        return render_template("crew/assign.html", row=ask(own_departure, departure_id), refused=problem,
                               form=Form.of({}), duties=ask(reading.duties_on, departure_id),
                               candidates=ask(reading.candidates_for, departure_id)), problem.status
    return redirect(url_for("crew.assign", departure_id=departure_id), 303)


@page(bp, "/desk/crew/duties/<uuid:duty_id>/<verb>", roles=CITY, methods=("POST",))
def duty_act(duty_id: UUID, verb: str) -> Any:
    """Take a member off, or write down that he did not come, or did."""
    if verb not in ("off", "absent", "present"):
        raise NotFound
    key = act(duty.take_off, duty_id) if verb == "off" else act(duty.mark_absent, duty_id, verb == "absent")
    return redirect(url_for("crew.assign", departure_id=key), 303)


@page(bp, "/desk/departures/<departure:departure_id>/crew/sheet", roles=ORGANIZERS)
def sheet(departure_id: int) -> str:
    """The duty sheet of a departure, to print."""
    return render_template("crew/sheet.html", paper=act(printing.duty_sheet, departure_id), modes=MODES)


@page(bp, "/desk/crew/calls", roles=ORGANIZERS)
def calls() -> str:
    """Everybody on duty on a day with his phone, to print."""
    campaign = _campaign()
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = clock.today()
    return render_template("crew/calls.html", campaign=campaign, day=day, kinds=KINDS,
                           rows=act(printing.call_list, campaign.id, day))
