"""Pages that read all rooms: overview, demand, departures, report."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, render_template, request

from charter.campaigns.choosing import asked, campaign_of
from charter.core import clock
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.db import ask
from charter.core.i18n import N_, gettext, language
from charter.core.routes import ROUTES, page
from charter.insight import downloads, picture, queries
from charter.places import table as places

bp = Blueprint("insight", __name__, template_folder="templates")

WATCHERS = ORGANIZERS | {Role.HOTLINE, Role.VOLUNTEER}
READERS = ORGANIZERS | {Role.FUNDS_AUDITOR}
PAGE = 100
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机")}
STATES = {"planned": N_("已计划"), "open": N_("可订座"), "closed": N_("已截止"), "boarding": N_("正在上车"),
          "departed": N_("已发车"), "arrived": N_("已到达"), "called_off": N_("已取消")}
WAY = ("planned", "open", "closed", "boarding", "departed", "arrived")


def _actor() -> Actor:
    found: Actor = g.actor
    return found


def place_name(code: str) -> str:
    """The county's written name, with its province."""
    found = places.load().get(code)
    if found is None:
        return code
    if language() == "en":
        return found.pinyin.capitalize()
    return places.load().full_name(code)


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What templates of the desk say about modes, states and places."""
    return {"mode_words": MODES, "departure_states": STATES, "place_name": place_name, "routes_known": ROUTES}


@page(bp, "/desk", roles=ORGANIZERS)
def overview() -> str:
    """The campaign at a glance."""
    campaign = ask(campaign_of, _actor(), *asked())
    figures = ask(queries.figures, _actor(), campaign, clock.now())
    today = ask(queries.departures, _actor(), campaign, day=clock.today(), limit=30)
    return render_template("insight/overview.html", campaign=campaign, figures=figures, today_departures=today[:30])


@page(bp, "/desk/demand", roles=ORGANIZERS)
def demand() -> str:
    """Demand by origin county."""
    campaign = ask(campaign_of, _actor(), *asked())
    rows = ask(queries.demand, _actor(), campaign)
    return render_template("insight/demand.html", campaign=campaign, rows=rows, circles=picture.circles(rows),
                           days=sorted({day for row in rows for day in row.days}))


@page(bp, "/desk/demand.csv", roles=ORGANIZERS)
def demand_csv() -> Response:
    """Demand as comma text."""
    campaign = ask(campaign_of, _actor(), *asked())
    rows = ask(queries.demand, _actor(), campaign)
    header = [gettext("区划代码"), gettext("出发地"), gettext("人数"), *(gettext(word) for word in MODES.values())]
    lines = [[row.origin, place_name(row.origin), row.people, *(row.modes.get(mode, 0) for mode in MODES)]
             for row in rows]
    return downloads.comma_text("demand.csv", header, lines)


@page(bp, "/desk/departures", roles=WATCHERS)
def departures() -> str:
    """All departures, by day, mode and state."""
    campaign = ask(campaign_of, _actor(), *asked())
    day = _day(request.args.get("day", ""))
    mode = request.args.get("mode") if request.args.get("mode") in MODES else None
    state = request.args.get("state") if request.args.get("state") in STATES else None
    number = int(request.args.get("page", "1")) if request.args.get("page", "1").isdecimal() else 1
    number = min(max(number, 1), 1_000)
    rows = ask(queries.departures, _actor(), campaign, day=day, mode=mode, state=state, limit=PAGE,
               offset=(number - 1) * PAGE)
    return render_template("insight/departures.html", campaign=campaign, rows=rows[:PAGE], more=len(rows) > PAGE,
                           page=number, day=day, mode=mode, state=state)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page(bp, "/desk/departures/<departure:departure_id>", roles=WATCHERS)
def departure(departure_id: int) -> str:
    """The whole life of one trip."""
    row = ask(queries.departure, _actor(), departure_id)
    stops = ask(queries.stops, departure_id)
    riders = ask(queries.passengers, _actor(), departure_id)
    return render_template("insight/departure.html", row=row, stops=stops, riders=riders, way=WAY)


@page(bp, "/desk/report", roles=READERS)
def report() -> str:
    """The figures that are reported."""
    campaign = ask(campaign_of, _actor(), *asked())
    return render_template("insight/report.html", campaign=campaign, found=ask(queries.report, _actor(), campaign))


@page(bp, "/desk/report.xlsx", roles=READERS)
def report_xlsx() -> Response:
    """The report's tables as a workbook."""
    campaign = ask(campaign_of, _actor(), *asked())
    return downloads.report_workbook(ask(queries.report, _actor(), campaign), MODES, place_name)
