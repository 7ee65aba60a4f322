"""Pages of subsidies of employers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from charter.core.actor import current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.problems import Invalid, NotFound
from charter.core.routes import page
from charter.funding import granting
from charter.funding.problems import AlreadyReversed
from charter.funding.views.frame import AUDITED, PAGE, WRITERS, bp, campaign_here, page_number
from charter.people.models import Employer

__all__ = ["grant_subsidy", "subsidies", "take_subsidy_back"]


@page(bp, "/desk/money/subsidies", roles=AUDITED)
def subsidies() -> str:
    """Employers with the people brought to them, and what each was given."""
    return _subsidies(Form({}))


def _subsidies(form: Form) -> str:
    campaign, number, text = campaign_here(), page_number(), request.args.get("text", "").strip()[:40]
    rows = ask(granting.firms, campaign.id, text, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("funding/subsidies.html", campaign=campaign, rows=rows[:PAGE], more=len(rows) > PAGE,
                           page=number, text=text, grants=ask(granting.grants, campaign.id), form=form,
                           may=current().role in WRITERS)


@page(bp, "/desk/money/subsidies/give/<uuid:employer_id>", roles=WRITERS, methods=("GET", "POST"))
def grant_subsidy(employer_id: UUID) -> Any:
    """Give an employer a subsidy, by the head or as one sum."""
    campaign, status, form = campaign_here(), 200, Form({})
    firm = ask(lambda session: session.get(Employer, employer_id))
    if firm is None:
        raise NotFound
    people = next((row.people for row in ask(granting.firms, campaign.id, firm.name) if row.id == employer_id), 0)
    if request.method == "POST":
        form = Form.sent(request.form)
        reader = Reader(form.values)
        fen, document = reader.fen("fen") or 0, reader.text("document", 80)
        each = reader.choice("basis", ("sum", "head")) == "head"
        try:
            reader.done()
            act(granting.grant, campaign.id, employer_id, fen * people if each else fen, document)
            return redirect(url_for("funding.subsidies", campaign=campaign.id), 303)
        except Invalid as problem:
            form, status = form.refused(problem), problem.status
    return render_template("funding/grant.html", campaign=campaign, firm=firm, people=people, form=form), status


@page(bp, "/desk/money/subsidies/<uuid:subsidy_id>/take-back", roles=WRITERS, methods=("POST",))
def take_subsidy_back(subsidy_id: UUID) -> Any:
    """Take a subsidy back by a reversing entry."""
    form = Form.sent(request.form)
    reader = Reader(form.values)
    reason = reader.text("reason", 200)
    try:
        reader.done()
        campaign_id = act(granting.take_back, subsidy_id, reason)
    except (Invalid, AlreadyReversed) as problem:
        return _subsidies(form.refused(problem)), problem.status
    return redirect(url_for("funding.subsidies", campaign=campaign_id), 303)
