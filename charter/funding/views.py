"""The page of costs: planned beside actual, by departure."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from charter.campaigns.choosing import asked, campaign_of
from charter.core import money
from charter.core.actor import Role, current
from charter.core.db import act, ask
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid
from charter.core.routes import page
from charter.funding import queries, service

__all__ = ["bp"]

bp = Blueprint("funding", __name__, template_folder="templates")
READERS = frozenset({Role.CITY_ORGANIZER, Role.DISTRICT_ORGANIZER, Role.FUNDS_AUDITOR})
WRITERS = frozenset({Role.CITY_ORGANIZER})


@page(bp, "/desk/costs", roles=READERS)
def costs() -> str:
    """What departures were planned to cost, and did."""
    campaign = ask(campaign_of, current(), *asked())
    rows = ask(queries.costs, campaign.id)
    return render_template("funding/costs.html", campaign=campaign, rows=rows,
                           planned=sum(row.planned_fen for row in rows),
                           actual=sum(row.actual_fen or 0 for row in rows), writers=WRITERS)


@page(bp, "/desk/costs/<departure:departure_id>", roles=WRITERS, methods=("POST",))
def set_actual(departure_id: int) -> Any:
    """Write what a departure really cost."""
    try:
        amount = money.fen(request.form.get("actual", ""))
    except ValueError:
        amount = -1
    if amount < 0:
        raise Invalid(errors=[FieldProblem("actual", "invalid", N_("请填写金额，最多两位小数"))])
    act(service.set_actual, departure_id, amount)
    return redirect(url_for("funding.costs"), 303)
