"""Pages of who rides along: the departures of the days with name and phone, and one departure's own form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.trip import crew_texts, own_departure
from charter.core.actor import ORGANIZERS, Role, current
from charter.core.db import act, ask
from charter.core.forms import ChangedMeanwhile, Form
from charter.core.i18n import N_
from charter.core.problems import Invalid
from charter.core.routes import page
from charter.crew import queries, service
from charter.crew.queries import CrewRow
from charter.crew.reading import candidates_for, duties_on

__all__ = ["bp"]

bp = Blueprint("crew", __name__, template_folder="templates")
CITY = frozenset({Role.CITY_ORGANIZER})
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机")}
PAGE = 60


@page(bp, "/desk/crew", roles=ORGANIZERS)
def crew() -> str:
    """Who rides along, day by day."""
    return _list(None)


@page(bp, "/desk/crew/save", roles=CITY, methods=("POST",))
def save() -> Any:
    """Write who rides along the departures of the page."""
    form = Form.sent(request.form)
    try:
        act(service.assign, [_riding(form, int(key)) for key in _ids(form)])
    except (Invalid, ChangedMeanwhile) as problem:
        return _list(form.refused(problem)), problem.status
    return redirect(url_for("crew.crew", **_filters(request.args)), 303)


def _ids(form: Form) -> list[str]:
    return [name.removeprefix("crew_name_") for name in form.values
            if name.startswith("crew_name_") and name.removeprefix("crew_name_").isdecimal() and len(name) < 30]


def _riding(form: Form, key: int) -> service.Riding:
    return service.Riding(key, " ".join(form.values.get(f"crew_name_{key}", "").split()),
                          form.values.get(f"crew_phone_{key}", "").strip(),
                          {part: form.was[f"{part}_{key}"] for part in ("crew_name", "crew_phone")
                           if f"{part}_{key}" in form.was})


def _filters(args: Any) -> dict[str, Any]:
    return {name: args[name] for name in ("day", "without", "page") if args.get(name)}


def _list(form: Form | None) -> str:
    campaign = ask(campaign_of, current(), *asked())
    day, without = _day(request.args.get("day", "")), request.args.get("without") == "1"
    written = request.args.get("page", "1")
    number = min(max(int(written), 1), 1_000) if written.isascii() and written.isdecimal() else 1
    rows = ask(queries.departures, campaign.id, day=day, without=without, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("crew/crew.html", campaign=campaign, rows=rows[:PAGE], more=len(rows) > PAGE, page=number,
                           days=ask(queries.days, campaign.id), day=day, without=without, mode_words=MODES,
                           form=form or Form.of(_texts(rows[:PAGE])), may=current().role in CITY,
                           filters=_filters(request.args))


def _texts(rows: Sequence[CrewRow]) -> dict[str, str]:
    return {f"crew_name_{row.id}": row.name for row in rows if not row.on} | {
        f"crew_phone_{row.id}": row.phone for row in rows if not row.on}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page(bp, "/desk/departures/<departure:departure_id>/crew", roles=CITY, methods=("GET", "POST"))
def assign(departure_id: int) -> Any:
    """Who rides along one departure."""
    row, status = ask(own_departure, departure_id), 200
    form = Form.of({f"{name}_{departure_id}": text for name, text in crew_texts(row).items()})
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            act(service.assign, [_riding(form, departure_id)])
            return redirect(url_for("insight.departure", departure_id=departure_id), 303)
        except (Invalid, ChangedMeanwhile) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("crew/assign.html", row=row, form=form, duties=ask(duties_on, departure_id),
                           candidates=ask(candidates_for, departure_id), refused=None), status
