"""Pages that set a campaign up: the campaign, corridors, carriers and their offers, vehicle types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from charter.campaigns import forms, line_form, queries, seat_form, setting_up, trip, typing_vehicles
from charter.campaigns.choosing import COOKIE, asked, campaign_of, visible
from charter.campaigns.models import Campaign, Carrier, Corridor, Fleet
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.db import act, ask
from charter.core.forms import ChangedMeanwhile, Form
from charter.core.i18n import N_, gettext, language
from charter.core.ids import uuid_or_none
from charter.core.problems import Invalid, NotFound
from charter.core.routes import page, session_cookie
from charter.places import search
from charter.places import table as places

__all__ = ["bp"]

bp = Blueprint("campaigns", __name__, template_folder="templates")
CITY = frozenset({Role.CITY_ORGANIZER})
CHOOSERS = ORGANIZERS | {Role.FUNDS_AUDITOR, Role.EMPLOYER, Role.ORIGIN_PARTNER, Role.HOTLINE}
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机")}
DIRECTIONS = {"to_work": N_("返岗（接来上班）"), "to_home": N_("返乡（送回家）")}
STATES = {"draft": N_("筹备中（工友看不到）"), "open": N_("开放"), "closed": N_("已结束")}
KINDS = {"board": N_("上车"), "alight": N_("下车")}
RULES = {"load_factor": N_("客座率上限"), "kept_rows": N_("留观区"), "spacing": N_("隔位就坐"),
         "walk_on": N_("临时上车"), "waiting": N_("等人的时间")}
WALK_ON = {"no": N_("不允许"), "yes": N_("允许在名单上的上车点临时上车")}
SPACINGS = {"window": N_("只坐靠窗的座位"), "alternate": N_("隔一个坐一个"), "none": N_("不隔位")}
FRESH = {"direction": "to_work", "state": "open", "cancel_hours": "24", "answer_hours": "48", "spread_cost": "150.00",
         "left_behind": "3,000.00"}


def _actor() -> Actor:
    found: Actor = g.actor
    return found


@bp.app_context_processor
def chooser() -> dict[str, Any]:
    """What the top bar of the desk says of campaigns."""
    return {"campaigns_known": _known, "campaign_here": _here, "rule_words": RULES, "rule_text": rule_text,
            "spacing_words": SPACINGS, "walk_on_words": WALK_ON}


def rule_text(kind: str, value: Mapping[str, Any]) -> str:
    """What a rule says, in the reader's words."""
    if kind == "load_factor":
        return gettext("最多坐核定人数的 %(percent)s%%", percent=value.get("percent"))
    if kind == "kept_rows":
        return gettext("最后 %(rows)s 排留作观察区", rows=value.get("rows"))
    if kind == "walk_on":
        word = WALK_ON["yes" if value.get("allowed") else "no"]
        return gettext(word)
    if kind == "waiting":
        return gettext("过发车时间 %(minutes)s 分钟还没来，就放出座位", minutes=value.get("minutes"))
    return gettext(SPACINGS.get(str(value.get("pattern")), SPACINGS["alternate"]))


def _known() -> list[Campaign]:
    if _actor().role not in CHOOSERS:
        return []
    if "campaigns_known" not in g:
        g.campaigns_known = list(ask(visible, _actor()))
    found: list[Campaign] = g.campaigns_known
    return found


def _here(shown: Campaign | None) -> UUID | None:
    if shown is not None:
        return shown.id
    kept = uuid_or_none(asked()[1] or "")
    return next((row.id for row in _known() if row.id == kept), _known()[0].id if _known() else None)


@page(bp, "/desk/campaign", roles=CHOOSERS, methods=("POST",))
def choose() -> Any:
    """Choose the campaign that the desk's pages are about."""
    back = request.form.get("back", "")
    safe = back.startswith("/") and not back.startswith("//") and "\\" not in back
    response = redirect(back if safe else url_for("access.home"), 303)
    response.set_cookie(session_cookie(COOKIE), request.form.get("campaign", "")[:40], max_age=31_536_000,
                        samesite="Lax", httponly=True, secure=request.is_secure, path="/")
    return response


@page(bp, "/desk/setup", roles=CITY)
def setup() -> str:
    """Everything that a campaign is set up from."""
    return ask(_setup)


def _setup(session: Session) -> str:
    try:
        campaign = campaign_of(session, _actor(), *asked())
    except NotFound:
        return render_template("campaigns/setup_first.html")
    return render_template("campaigns/setup.html", campaign=campaign, lines=queries.lines(session, campaign.id),
                           fleets=queries.fleets(session, campaign.id), rules=queries.rules(session, campaign.id),
                           carriers=queries.carriers(session), directions=DIRECTIONS, states=STATES, modes=MODES,
                           place_text=forms.place_text, in_use=request.args.get("problem") == "in_use")


@page(bp, "/desk/campaigns/new", roles=CITY, methods=("GET", "POST"))
def new_campaign() -> Any:
    """A new campaign by a guided form."""
    if request.method == "GET":
        return _campaign_page(Form(FRESH), None)
    form = Form.sent(request.form)
    try:
        made = act(setting_up.create_campaign, forms.campaign_in(form.values), form.values.get("union", ""),
                   form.values.get("like", ""))
    except Invalid as problem:
        return _campaign_page(form.refused(problem), None), problem.status
    response = redirect(url_for("campaigns.setup"), 303)
    response.set_cookie(session_cookie(COOKIE), str(made), max_age=31_536_000, samesite="Lax", httponly=True,
                        secure=request.is_secure, path="/")
    return response


@page(bp, "/desk/campaigns/<uuid:campaign_id>", roles=CITY, methods=("GET", "POST"))
def edit_campaign(campaign_id: UUID) -> Any:
    """What is said of a campaign."""
    campaign = ask(setting_up.own_campaign, campaign_id)
    if request.method == "GET":
        return _campaign_page(Form.of(forms.campaign_texts(campaign)), campaign)
    form = Form.sent(request.form)
    try:
        act(setting_up.change_campaign, campaign_id, forms.campaign_in(form.values), form.was)
    except (Invalid, ChangedMeanwhile) as problem:
        return _campaign_page(form.refused(problem), campaign), problem.status
    return redirect(url_for("campaigns.setup", campaign=campaign_id), 303)


def _campaign_page(form: Form, campaign: Campaign | None) -> str:
    return render_template("campaigns/campaign.html", form=form, campaign=campaign, unions=_pairs(ask(queries.unions)),
                           earlier=_pairs(ask(visible, _actor())),
                           directions=DIRECTIONS, states=STATES)


def _pairs(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Rows as choices of a field."""
    return [(str(row.id), row.name if language() == "zh" else row.name_en or row.name) for row in rows]


@page(bp, "/desk/campaigns/<uuid:campaign_id>/corridors/new", roles=CITY, methods=("GET", "POST"))
def new_corridor(campaign_id: UUID) -> Any:
    """A new corridor."""
    return _corridor(campaign_id, None, {"mode": "bus", "kind_1": "board"})


@page(bp, "/desk/campaigns/<uuid:campaign_id>/corridors/<uuid:corridor_id>", roles=CITY, methods=("GET", "POST"))
def edit_corridor(campaign_id: UUID, corridor_id: UUID) -> Any:
    """A corridor with its stops."""
    return _corridor(campaign_id, corridor_id, ask(_line_texts, campaign_id, corridor_id))


def _line_texts(session: Session, campaign_id: UUID, corridor_id: UUID) -> dict[str, str]:
    found = session.get(Corridor, corridor_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound
    return line_form.line_texts(found, setting_up.stops_of(session, corridor_id))


def _corridor(campaign_id: UUID, corridor_id: UUID | None, texts: dict[str, str]) -> Any:
    campaign, form, status = ask(setting_up.own_campaign, campaign_id), Form.of(texts), 200
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            act(setting_up.save_corridor, campaign_id, corridor_id, line_form.line_in(form.values), form.was)
            return redirect(url_for("campaigns.setup", campaign=campaign_id, _anchor="corridors"), 303)
        except (Invalid, ChangedMeanwhile) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("campaigns/corridor.html", form=form, campaign=campaign, corridor_id=corridor_id,
                           rows=line_form.rows_of(form.values), modes=MODES, kinds=KINDS), status


@page(bp, "/desk/campaigns/<uuid:campaign_id>/corridors/<uuid:corridor_id>/remove", roles=CITY, methods=("POST",))
def remove_corridor(campaign_id: UUID, corridor_id: UUID) -> Any:
    """Take a corridor out on which nothing runs."""
    try:
        act(setting_up.remove_corridor, campaign_id, corridor_id)
    except setting_up.InUse:
        return redirect(url_for("campaigns.setup", campaign=campaign_id, problem="in_use"), 303)
    return redirect(url_for("campaigns.setup", campaign=campaign_id, _anchor="corridors"), 303)


@page(bp, "/desk/carriers/new", roles=CITY, methods=("GET", "POST"))
def new_carrier() -> Any:
    """A new carrier."""
    return _carrier(None, {})


@page(bp, "/desk/carriers/<uuid:carrier_id>", roles=CITY, methods=("GET", "POST"))
def edit_carrier(carrier_id: UUID) -> Any:
    """A carrier."""
    return _carrier(carrier_id, ask(_carrier_texts, carrier_id))


def _carrier_texts(session: Session, carrier_id: UUID) -> dict[str, str]:
    found = session.get(Carrier, carrier_id)
    if found is None:
        raise NotFound
    return forms.carrier_texts(found)


def _carrier(carrier_id: UUID | None, texts: dict[str, str]) -> Any:
    form, status = Form.of(texts), 200
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            act(setting_up.save_carrier, carrier_id, forms.carrier_in(form.values), form.was)
            return redirect(url_for("campaigns.setup", _anchor="carriers"), 303)
        except (Invalid, ChangedMeanwhile) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("campaigns/carrier.html", form=form, carrier_id=carrier_id), status


@page(bp, "/desk/campaigns/<uuid:campaign_id>/fleets/new", roles=CITY, methods=("GET", "POST"))
def new_fleet(campaign_id: UUID) -> Any:
    """A new offer of a carrier."""
    return _fleet(campaign_id, None, {})


@page(bp, "/desk/campaigns/<uuid:campaign_id>/fleets/<uuid:fleet_id>", roles=CITY, methods=("GET", "POST"))
def edit_fleet(campaign_id: UUID, fleet_id: UUID) -> Any:
    """An offer."""
    return _fleet(campaign_id, fleet_id, ask(_fleet_texts, campaign_id, fleet_id))


def _fleet_texts(session: Session, campaign_id: UUID, fleet_id: UUID) -> dict[str, str]:
    found = session.get(Fleet, fleet_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound
    return forms.fleet_texts(found)


def _fleet(campaign_id: UUID, fleet_id: UUID | None, texts: dict[str, str]) -> Any:
    campaign, form, status = ask(setting_up.own_campaign, campaign_id), Form.of(texts), 200
    carriers, types = ask(queries.carriers), ask(queries.vehicle_types)
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            values = forms.fleet_in(form.values, [str(row.id) for row in carriers], [str(row.id) for row in types])
            act(setting_up.save_fleet, campaign_id, fleet_id, values, form.was)
            return redirect(url_for("campaigns.setup", campaign=campaign_id, _anchor="fleets"), 303)
        except (Invalid, ChangedMeanwhile) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("campaigns/fleet.html", form=form, campaign=campaign, fleet_id=fleet_id,
                           carriers=_pairs(carriers), types=_pairs(types)), status


@page(bp, "/desk/campaigns/<uuid:campaign_id>/fleets/<uuid:fleet_id>/remove", roles=CITY, methods=("POST",))
def remove_fleet(campaign_id: UUID, fleet_id: UUID) -> Any:
    """Take an offer out of which nothing is chartered."""
    try:
        act(setting_up.remove_fleet, campaign_id, fleet_id)
    except setting_up.InUse:
        return redirect(url_for("campaigns.setup", campaign=campaign_id, problem="in_use"), 303)
    return redirect(url_for("campaigns.setup", campaign=campaign_id, _anchor="fleets"), 303)


@page(bp, "/desk/vehicle-types", roles=CITY)
def vehicle_types() -> str:
    """All vehicle types."""
    return render_template("campaigns/vehicle_types.html", types=ask(queries.vehicle_types),
                           used=ask(queries.types_in_use), modes=MODES)


@page(bp, "/desk/vehicle-types/<uuid:type_id>", roles=CITY, methods=("GET", "POST"))
def vehicle_type(type_id: UUID) -> Any:
    """A vehicle type, drawn as a seat map."""
    found, status = ask(typing_vehicles.found_type, type_id), 200
    form = Form.of(seat_form.type_texts(found))
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            act(typing_vehicles.change_type, type_id, seat_form.type_in(form.values), form.was)
            return redirect(url_for("campaigns.vehicle_type", type_id=type_id), 303)
        except (Invalid, ChangedMeanwhile) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("campaigns/vehicle_type.html", form=form, found=found, modes=MODES), status


@page(bp, "/desk/vehicle-types/<uuid:type_id>/copy", roles=CITY, methods=("POST",))
def copy_vehicle_type(type_id: UUID) -> Any:
    """A copy to be changed."""
    return redirect(url_for("campaigns.vehicle_type", type_id=act(typing_vehicles.copy_type, type_id)), 303)


@page(bp, "/desk/places.json", roles=CITY)
def places_json() -> Any:
    """Counties whose name, pinyin or initials fit, for a field that completes itself."""
    text = request.args.get("q", "")[:40]
    return {"items": [places.load().full_name(found.code) for found in search.search(places.load(), text, 12)]}


@page(bp, "/desk/departures/<departure:departure_id>/vehicle", roles=CITY, methods=("GET", "POST"))
def departure_vehicle(departure_id: int) -> Any:
    """Plate and drivers of a departure."""
    row, status = ask(trip.own_departure, departure_id), 200
    form = Form.of(trip.vehicle_texts(row))
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            act(trip.set_vehicle, departure_id, *forms.vehicle_in(form.values), form.was)
            return redirect(url_for("insight.departure", departure_id=departure_id), 303)
        except (Invalid, ChangedMeanwhile) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("campaigns/departure_vehicle.html", row=row, form=form), status
