"""Pages of costs: planned beside actual by departure, and one departure's lines with their entries."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from charter.campaigns.trip import own_departure
from charter.core import clock, money
from charter.core.actor import current
from charter.core.db import act, ask
from charter.core.forms import ChangedMeanwhile, Form, Reader
from charter.core.i18n import N_, gettext
from charter.core.problems import Invalid
from charter.core.routes import page
from charter.core.workbook import Cell, attached, table
from charter.funding import accounts, queries, service
from charter.funding.problems import SettledAlready
from charter.funding.views.frame import KINDS, MODES, PAGE, READERS, WRITERS, bp, campaign_here, page_number

__all__ = ["costs", "costs_xlsx", "departure_costs", "save"]


@page(bp, "/desk/costs", roles=READERS)
def costs() -> str:
    """What departures were planned to cost, and did."""
    return _costs(None)


def _costs(form: Form | None) -> str:
    campaign = campaign_here()
    day, missing, number = _filters()
    rows = ask(queries.costs, campaign.id, day=day, missing=missing, limit=PAGE, offset=(number - 1) * PAGE)
    shown = rows[:PAGE]
    texts = {f"actual_{row.departure_id}": service.amount_text(row.charter_fen) for row in shown}
    return render_template(
        "funding/costs.html", campaign=campaign, rows=shown, more=len(rows) > PAGE, page=number, day=day,
        missing=missing, days=ask(queries.days, campaign.id), totals=ask(queries.totals, campaign.id), modes=MODES,
        form=form or Form.of(texts), may=current().role in WRITERS, kept=_kept())


def _filters() -> tuple[date | None, bool, int]:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = None
    return day, request.args.get("missing") == "1", page_number()


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in ("day", "missing") if request.args.get(name)}


@page(bp, "/desk/costs/save", roles=WRITERS, methods=("POST",))
def save() -> Any:
    """Write the bills of the departures of the page."""
    form = Form.sent(request.form)
    reader = Reader(form.values)
    bills = [service.Bill(int(name.removeprefix("actual_")), reader.fen(name, optional=True), form.was.get(name))
             for name in form.values if name.startswith("actual_") and name[7:].isdecimal() and len(name) < 30]
    try:
        reader.done()
        act(service.set_bills, bills)
    except (Invalid, ChangedMeanwhile, SettledAlready) as problem:
        return _costs(form.refused(problem)), problem.status
    return redirect(url_for("funding.costs", **_kept(), page=_filters()[2]), 303)


@page(bp, "/desk/costs.xlsx", roles=READERS)
def costs_xlsx() -> Response:
    """The costs as a workbook."""
    campaign = campaign_here()
    day, missing, _ = _filters()
    header = [gettext(word) for word in (N_("日期"), N_("班次"), N_("方式"), N_("人数"), N_("计划经费（元）"),
                                         N_("实际经费（元）"))]
    lines: list[list[Cell]] = [[row.date, row.code, gettext(MODES[row.mode]), row.people,
                                money.yuan(row.planned_fen), service.amount_text(row.actual_fen)]
                               for row in ask(queries.costs, campaign.id, day=day, missing=missing)]
    return attached(table(gettext("经费"), header, lines), f"costs-{clock.today():%Y%m%d}.xlsx")


@page(bp, "/desk/departures/<departure:departure_id>/costs", roles=WRITERS, methods=("GET", "POST"))
def departure_costs(departure_id: int) -> Any:
    """The cost lines of one departure."""
    row, status = ask(own_departure, departure_id), 200
    form = Form.of(service.line_texts(ask(queries.lines, departure_id)))
    if request.method == "POST":
        form = Form.sent(request.form)
        reader = Reader(form.values)
        lines = [service.Line(kind, reader.fen(f"planned_{kind}", optional=True),
                              reader.fen(f"actual_{kind}", optional=True)) for kind in service.KINDS]
        try:
            reader.done()
            act(service.set_lines, departure_id, lines, form.was)
            return redirect(url_for("insight.departure", departure_id=departure_id), 303)
        except (Invalid, ChangedMeanwhile, SettledAlready) as problem:
            form, status = form.refused(problem), problem.status
    entries = ask(accounts.entries, row.campaign_id, departure_id=departure_id, limit=200)
    return render_template("funding/departure.html", row=row, form=form, kinds=KINDS, entries=entries), status
