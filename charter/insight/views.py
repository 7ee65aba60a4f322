"""Pages that read all rooms: overview, demand, departures, report."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from charter.bookings.desk import searching
from charter.bookings.desk.words import STATES as PEOPLE
from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.trip import OVER
from charter.core import clock, money
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.db import act, ask
from charter.core.i18n import N_, gettext
from charter.core.problems import Invalid, NotFound
from charter.core.routes import ROUTES, page
from charter.insight import demanding, downloads, finding, queries, reporting, trips, unusual, waiting
from charter.insight.naming import place_name
from charter.insight.words import LOG

bp = Blueprint("insight", __name__, template_folder="templates")

WATCHERS = ORGANIZERS | {Role.HOTLINE, Role.VOLUNTEER}
READERS = ORGANIZERS | {Role.FUNDS_AUDITOR}
PAGE = 100
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机")}
STATES = {"planned": N_("已计划"), "open": N_("可订座"), "closed": N_("已截止"), "boarding": N_("正在上车"),
          "departed": N_("已发车"), "arrived": N_("已到达"), "called_off": N_("已取消")}
LACKS = {"crew": N_("没人带车"), "plate": N_("没有车牌")}
FILTERS = ("day", "mode", "state", "text", "lacks", "sort")
COSTS = {"charter": N_("包车"), "meals": N_("餐饮"), "insurance": N_("保险"), "tolls": N_("通行费"),
         "other": N_("其他")}
WAY = ("planned", "open", "closed", "boarding", "departed", "arrived")


def _actor() -> Actor:
    found: Actor = g.actor
    return found


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What templates of the desk say about modes, states and places."""
    return {"mode_words": MODES, "departure_states": STATES, "place_name": place_name, "routes_known": ROUTES}


@page(bp, "/desk", roles=ORGANIZERS)
def overview() -> str:
    """The campaign at a glance."""
    return ask(_overview)


def _overview(session: Session) -> str:
    try:
        campaign = campaign_of(session, _actor(), *asked())
    except NotFound:
        if asked()[0]:
            raise
        return render_template("insight/first.html")
    now = clock.now()
    return render_template(
        "insight/overview.html", campaign=campaign, figures=queries.figures(session, _actor(), campaign, now),
        waiting=waiting.waiting(session, _actor(), campaign, now),
        watched=waiting.watched(session, _actor(), campaign, now))


@page(bp, "/desk/demand", roles=ORGANIZERS)
def demand() -> str:
    """Demand by origin county and by employer, as map, charts and tables."""
    return ask(_demand)


def _demand(session: Session) -> str:
    campaign = campaign_of(session, _actor(), *asked())
    rows = queries.demand(session, _actor(), campaign)
    by = "employer" if request.args.get("by") == "employer" else "county"
    known = demanding.served(session, campaign)
    days = Counter({day: 0 for row in rows for day in row.days})
    for row in rows:
        days.update(row.days)
    return render_template(
        "insight/demand.html", campaign=campaign, rows=rows, by=by, served=known, days=sorted(days),
        busiest=max(days, key=lambda day: (days[day], day.isoformat()), default=None),
        people=sum(row.people for row in rows), unlisted=sum(row.unlisted for row in rows),
        uncovered=sum(row.origin not in known for row in rows),
        employers=demanding.employers(session, _actor(), campaign) if by == "employer" else [],
        chart=demanding.chart(rows, campaign, MODES, place_name))


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
    """All departures, filtered and sorted by what the address says."""
    campaign = ask(campaign_of, _actor(), *asked())
    wanted, number = _filters(), _page_number()
    rows = ask(trips.departures, _actor(), campaign, wanted, limit=PAGE, offset=(number - 1) * PAGE)
    kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return render_template("insight/departures.html", campaign=campaign, rows=rows[:PAGE], more=len(rows) > PAGE,
                           page=number, wanted=wanted, kept=kept, lacks=LACKS, over=OVER,
                           unsorted={name: text for name, text in kept.items() if name != "sort"})


@page(bp, "/desk/departures.csv", roles=ORGANIZERS)
def departures_csv() -> Response:
    """The filtered departures as comma text."""
    campaign = ask(campaign_of, _actor(), *asked())
    header = [gettext(word) for word in (
        N_("班次"), N_("线路"), N_("方式"), N_("日期"), N_("发车"), N_("到达"), N_("车型"), N_("车牌"), N_("已订"),
        N_("座位"), N_("已上车"), N_("带车人员"), N_("状态"), N_("计划经费（元）"), N_("实际经费（元）"))]
    rows = ask(trips.departures, _actor(), campaign, _filters(), limit=20_000)
    return downloads.comma_text("departures.csv", header, [_departure_line(row) for row in rows])


def _departure_line(row: trips.DepartureRow) -> list[Any]:
    return [row.code, row.corridor, gettext(MODES[row.mode]), row.date.isoformat(),
            clock.local(row.departs_at).strftime("%H:%M"), clock.local(row.arrives_at).strftime("%Y-%m-%d %H:%M"),
            row.vehicle, row.plate, row.booked, row.seats_total, row.boarded, row.crew_name, gettext(STATES[row.state]),
            money.yuan(row.planned_fen), "" if row.actual_fen is None else money.yuan(row.actual_fen)]


def _filters() -> trips.Filters:
    args = request.args
    return trips.Filters(
        _day(args.get("day", "")), args["mode"] if args.get("mode") in MODES else None,
        args["state"] if args.get("state") in STATES else None, args.get("text", "").strip()[:40],
        args["lacks"] if args.get("lacks") in LACKS else "",
        sort=args["sort"] if args.get("sort", "").lstrip("-") in trips.ORDERS else "time")


def _page_number() -> int:
    written = request.args.get("page", "1")
    return min(max(int(written), 1), 1_000) if written.isascii() and written.isdecimal() and len(written) < 6 else 1


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page(bp, "/desk/departures/<departure:departure_id>", roles=WATCHERS)
def departure(departure_id: int) -> str:
    """The whole life of one trip."""
    return ask(_departure, departure_id)


def _departure(session: Session, departure_id: int) -> str:
    row = trips.departure(session, _actor(), departure_id)
    riders = trips.passengers(session, _actor(), departure_id)
    reads_money = _actor().role in READERS
    return render_template(
        "insight/departure.html", row=row,
        unusual=unusual.of(row, clock.now(), counts_all=_actor().scope("district") is None),
        riders=riders, stops=trips.stops(session, departure_id), way=WAY,
        legs=trips.legs(session, row), log=trips.log(session, departure_id) if reads_money else [], log_words=LOG,
        taken={rider.seat: rider.name for rider in riders if rider.seat},
        reads_money=reads_money, over=OVER)


@page(bp, "/desk/report", roles=READERS)
def report() -> str:
    """The figures that are reported."""
    return ask(_report)


def _report(session: Session) -> str:
    campaign = campaign_of(session, _actor(), *asked())
    found = reporting.report(session, _actor(), campaign, clock.now())
    chart = {"days": [[f"{row.day.month}/{row.day.day}", row.person_trips, row.persons_so_far] for row in found.by_day],
             "words": {"trips": gettext("人次"), "so_far": gettext("累计人数")}}
    return render_template("insight/report.html", campaign=campaign, found=found, chart=chart, cost_words=COSTS)


@page(bp, "/desk/report.xlsx", roles=READERS)
def report_xlsx() -> Response:
    """The report's tables as a workbook."""
    campaign = ask(campaign_of, _actor(), *asked())
    return downloads.report_workbook(ask(reporting.report, _actor(), campaign, clock.now()), MODES, place_name)


@page(bp, "/desk/search", roles=ORGANIZERS, methods=("GET", "POST"))
def search() -> Any:
    """Look for anything; the words go sealed into the address, since they may be somebody's name or number."""
    if request.method == "POST":
        try:
            token = act(searching.begin, _actor(), request.form.get("words", "")[:200])
        except (Invalid, searching.TooManySearches) as problem:
            return render_template("insight/search.html", found=None, looked=None, problem=problem), problem.status
        return redirect(url_for("insight.search", q=token), 303)
    return ask(_search)


def _search(session: Session) -> str:
    looked = searching.opened(_actor(), request.args.get("q", ""))
    campaign = campaign_of(session, _actor(), *asked())
    return render_template("insight/search.html", campaign=campaign, looked=looked, problem=None, states=PEOPLE,
                           found=finding.everything(session, _actor(), campaign, looked) if looked else None)
