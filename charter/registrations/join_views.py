"""Pages of the phone form: four steps, each kept as it is typed, a summary, and the request is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from charter.campaigns.opening import open_campaigns
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid
from charter.core.routes import PUBLIC, page, session_cookie
from charter.people.queries import employer_search
from charter.places import search as place_search
from charter.places import table as places
from charter.registrations import drafts, join_form, joining
from charter.registrations.problems import AlreadyRegistered

__all__ = ["bp"]

bp = Blueprint("joining", __name__, template_folder="templates")
WORKER = frozenset({Role.WORKER})
WISH = "wish"  # which campaign and employer somebody wanted before he proved his phone
LIFE = 3_600  # seconds


@page(bp, "/join", roles=PUBLIC)
def start() -> Any:
    """Where 我要报名 and an employer's QR link lead: choose the campaign, prove the phone, then the first step."""
    campaigns = [found for found in ask(open_campaigns) if found.takes_requests]
    wanted, employer = uuid_or_none(request.args.get("campaign", "")), uuid_or_none(request.args.get("employer", ""))
    chosen = next((found for found in campaigns if found.id == wanted or len(campaigns) == 1), None)
    if chosen is None:
        return render_template("registrations/join_choose.html", campaigns=campaigns, employer=employer)
    if g.actor.role is None:
        response = redirect(url_for("access.phone"), 303)
        response.set_cookie(session_cookie(WISH), f"{chosen.id}.{employer or ''}", max_age=LIFE, httponly=True,
                            samesite="Lax", secure=request.is_secure, path="/")
        return response
    if g.actor.role != Role.WORKER:
        return redirect(url_for("access.home"), 303)
    registered = "again" not in request.args and ask(join_form.has_request, g.actor, chosen.id)
    response = redirect(url_for("bookings.my_trip") if registered else
                        url_for("joining.who", campaign_id=chosen.id, employer=employer), 303)
    response.delete_cookie(session_cookie(WISH), path="/", secure=request.is_secure, httponly=True)
    return response


@page(bp, "/join/<uuid:campaign_id>/who", roles=WORKER, methods=("GET", "POST"))
def who(campaign_id: UUID) -> Any:
    """Step 1: name, document, employer."""
    form = ask(join_form.load, g.actor, campaign_id)
    if request.method == "GET":
        return _who(form, form.step("who"), _errors(form, "who"))
    written = form.keep_number(form.step("who"), _typed("name", "id_type", "id_number", "employer_q", "employer"))
    act(drafts.put_step, g.actor, campaign_id, "who", written)
    return _onward(form, "who", written, "joining.way")


def _who(form: join_form.Form, written: Mapping[str, Any], errors: Mapping[str, FieldProblem]) -> str:
    chosen = uuid_or_none(written.get("employer") or request.args.get("employer", ""))
    found = ask(join_form.employers, written.get("employer_q") or "", chosen, searching="find" in request.args)
    return render_template("registrations/join_who.html", form=form, written=written, errors=errors, found=found,
                           chosen=str(chosen or ""), last_four=form.last_four(written), step=1)


@page(bp, "/join/<uuid:campaign_id>/way", roles=WORKER, methods=("GET", "POST"))
def way(campaign_id: UUID) -> Any:
    """Step 2: from where, on which days, by what."""
    form = ask(join_form.load, g.actor, campaign_id)
    if request.method == "GET":
        return _way(form, form.step("way"), _errors(form, "way"))
    written = _typed("origin_q", "origin", "earliest", "latest", "reach", many=("modes",))
    act(drafts.put_step, g.actor, campaign_id, "way", written)
    return _onward(form, "way", written, "joining.company")


def _way(form: join_form.Form, written: Mapping[str, Any], errors: Mapping[str, FieldProblem]) -> str:
    found = join_form.counties(written.get("origin_q") or "", written.get("origin") or "",
                               searching="find" in request.args)
    served = ask(join_form.is_served, form.campaign.id, written.get("origin") or "")
    return render_template("registrations/join_way.html", form=form, written=written, errors=errors, found=found,
                           served=served, offered=join_form.offered(form.asked), step=2)


@page(bp, "/join/<uuid:campaign_id>/company", roles=WORKER, methods=("GET", "POST"))
def company(campaign_id: UUID) -> Any:
    """Step 3: who rides along, what somebody needs, whom to call."""
    form = ask(join_form.load, g.actor, campaign_id)
    if request.method == "GET":
        return _company(form, form.step("with"), _errors(form, "with"))
    written = _typed("needs_more", "emergency_name", "emergency_phone", many=("needs",))
    drop = form.place(request.form.get("act", "").partition("drop-")[2])
    act(drafts.put_step, g.actor, campaign_id, "with", written, drop=drop)
    if drop is not None:
        return redirect(url_for("joining.company", campaign_id=campaign_id), 303)
    if request.form.get("act") == "add":
        return redirect(url_for("joining.companion", campaign_id=campaign_id), 303)
    return _onward(form, "with", written, "joining.agree")


def _company(form: join_form.Form, written: Mapping[str, Any], errors: Mapping[str, FieldProblem]) -> str:
    return render_template("registrations/join_with.html", form=form, written=written, errors=errors, step=3,
                           offered=join_form.offered(form.asked))


@page(bp, "/join/<uuid:campaign_id>/companion", roles=WORKER, methods=("GET", "POST"))
def companion(campaign_id: UUID) -> Any:
    """One person who rides along: new, or the one at `place`."""
    form = ask(join_form.load, g.actor, campaign_id)
    place, wrong = form.place(request.values.get("place", "")), "wrong" in request.args
    before = form.step("companion") if wrong else form.companion(place)
    if request.method == "GET":
        return _companion(form, before, form.wrong_companion(before) if wrong else {}, place)
    written = form.keep_number(before, _typed("kind", "name", "id_type", "id_number", "phone", "birth_date"))
    if form.wrong_companion(written):
        act(drafts.put_step, g.actor, campaign_id, "companion", written)
        return redirect(url_for("joining.companion", campaign_id=campaign_id, place=place, wrong=1), 303)
    act(drafts.put_companion, g.actor, campaign_id, place, written)
    return redirect(url_for("joining.company", campaign_id=campaign_id), 303)


def _companion(form: join_form.Form, written: Mapping[str, Any], errors: Mapping[str, FieldProblem],
               place: int | None) -> str:
    return render_template("registrations/join_companion.html", form=form, written=written, errors=errors,
                           place=place, last_four=form.last_four(written), step=3)


@page(bp, "/join/<uuid:campaign_id>/agree", roles=WORKER, methods=("GET", "POST"))
def agree(campaign_id: UUID) -> Any:
    """Step 4: what may be done with the data, layer by layer, and how one feels where that is asked."""
    form = ask(join_form.load, g.actor, campaign_id)
    if request.method == "GET":
        return _agree(form, form.step("agree"), _errors(form, "agree"))
    written = _typed("use", "sensitive", "sharing", "child", "family", "health", "health_more")
    act(drafts.put_step, g.actor, campaign_id, "agree", written)
    return _onward(form, "agree", written, "joining.check")


def _agree(form: join_form.Form, written: Mapping[str, Any], errors: Mapping[str, FieldProblem]) -> str:
    return render_template("registrations/join_agree.html", form=form, written=written, errors=errors, step=4)


@page(bp, "/join/<uuid:campaign_id>/check", roles=WORKER, methods=("GET", "POST"))
def check(campaign_id: UUID) -> Any:
    """Everything once more; then it is handed in."""
    form = ask(join_form.load, g.actor, campaign_id)
    if request.method == "GET":
        if not form.written:
            return redirect(url_for("bookings.my_trip"), 303)
        return render_template("registrations/join_check.html", form=form, summary=ask(join_form.summary, form))
    try:
        act(joining.hand_in, g.actor, campaign_id, form.asked)
    except Invalid:
        return redirect(url_for("joining.check", campaign_id=campaign_id), 303)  # it names what each step lacks
    except AlreadyRegistered as known:
        return render_template("registrations/join_check.html", form=form, summary=ask(join_form.summary, form),
                               refused=known.message), 409
    return redirect(url_for("bookings.my_trip"), 303)


@page(bp, "/join/find/employers", roles=WORKER)
def find_employers() -> Response:
    """Choices for the words typed so far."""
    found = ask(employer_search.search, request.args.get("q", "")[:60])
    return Response(render_template("registrations/_employers.html", found=found, chosen=""))


@page(bp, "/join/find/counties", roles=WORKER)
def find_counties() -> Response:
    """Choices for the words typed so far."""
    found = place_search.search(places.load(), request.args.get("q", "")[:40], limit=join_form.SHOWN)
    return Response(render_template("registrations/_counties.html", found=join_form.named(found), chosen=""))


def _typed(*names: str, many: tuple[str, ...] = ()) -> dict[str, Any]:
    """The form's fields as typed, cut where nobody types that much."""
    written: dict[str, Any] = {name: request.form.get(name, "")[:300] for name in names}
    return written | {name: [word[:40] for word in request.form.getlist(name)[:12]] for name in many}


def _errors(form: join_form.Form, step: str) -> Mapping[str, FieldProblem]:
    """What is wrong with a step, on the page to which its own form led back."""
    return form.wrong(step, form.step(step)) if "wrong" in request.args else {}


def _onward(form: join_form.Form, step: str, written: Mapping[str, Any], following: str) -> Any:
    """The next page where the step is right, else the same one: everything typed is kept, so going back works."""
    here, check = request.endpoint or "", request.args.get("check")
    if request.form.get("act") == "find":
        return redirect(url_for(here, campaign_id=form.campaign.id, check=check, find=1, _anchor="choices"), 303)
    if form.wrong(step, written):
        return redirect(url_for(here, campaign_id=form.campaign.id, check=check, wrong=1), 303)
    return redirect(url_for("joining.check" if check else following, campaign_id=form.campaign.id), 303)
