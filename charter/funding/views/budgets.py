"""The page of budgets: the whole campaign's, and each source's, beside what is planned and booked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from charter.campaigns.forms import campaign_texts
from charter.campaigns.setting_up import own_campaign
from charter.core.db import act, ask
from charter.core.forms import ChangedMeanwhile, Form, Reader
from charter.core.problems import Invalid
from charter.core.routes import page
from charter.funding import budgets, queries, service
from charter.funding.views.frame import WRITERS, bp

__all__ = ["budget"]


@page(bp, "/desk/campaigns/<uuid:campaign_id>/budget", roles=WRITERS, methods=("GET", "POST"))
def budget(campaign_id: UUID) -> Any:
    """The budget of a campaign, as a whole and by source."""
    campaign, status = ask(own_campaign, campaign_id), 200
    sources = ask(budgets.sources, campaign_id)
    form = Form.of({"budget": campaign_texts(campaign)["budget"], **budgets.budget_texts(sources)})
    if request.method == "POST":
        form = Form.sent(request.form)
        reader = Reader(form.values)
        whole = reader.fen("budget", optional=True)
        wanted = {one.field: reader.fen(one.field, optional=True) for one in sources}
        try:
            reader.done()
            act(service.set_all_budgets, campaign_id, whole, wanted, form.was)
            return redirect(url_for("funding.costs", campaign=campaign_id), 303)
        except (Invalid, ChangedMeanwhile) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("funding/budget.html", campaign=campaign, form=form, sources=sources,
                           totals=ask(queries.totals, campaign_id)), status
