"""Pages of the daily brief: issues, drafts with their corrections, signing, papers; and the public page of totals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import Role, current
from charter.core.db import act, ask
from charter.core.forms import ChangedMeanwhile, Form, Reader
from charter.core.i18n import N_, gettext
from charter.core.problems import Invalid, NotFound, Problem
from charter.core.routes import PUBLIC, page
from charter.insight import brief, issuing, papers
from charter.insight.naming import place_name
from charter.insight.problems import AlreadyIssued, DraftWaits, OwnDraft
from charter.insight.rules.issues import LEAST, safe_counts

__all__ = ["bp"]

bp = Blueprint("briefs", __name__, template_folder="templates")
READERS = frozenset({Role.CITY_ORGANIZER, Role.FUNDS_AUDITOR})
CITY = frozenset({Role.CITY_ORGANIZER})
EMBEDDED = ("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors *")
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机")}


@page(bp, "/desk/report/issues", roles=READERS)
def issues() -> str:
    """The issues of the daily brief."""
    now = clock.local(clock.now()).replace(second=0, microsecond=0)
    return _issues(Form({"until": now.strftime("%Y-%m-%dT%H:%M")}))


def _issues(form: Form) -> str:
    campaign = ask(campaign_of, current(), *asked())
    return render_template("insight/issues.html", campaign=campaign, rows=ask(issuing.issues, campaign.id), form=form,
                           may=current().role in CITY)


@page(bp, "/desk/report/issues/draft", roles=CITY, methods=("POST",))
def draft_issue() -> Any:
    """Begin the next issue."""
    form, campaign = Form.sent(request.form), ask(campaign_of, current(), *asked())
    reader = Reader(form.values)
    until = reader.moment("until")
    try:
        reader.done()
        made = act(issuing.draft, campaign.id, until)
    except (Invalid, DraftWaits) as problem:
        return _issues(form.refused(problem)), problem.status
    return redirect(url_for("briefs.issue", issue_id=made), 303)


@page(bp, "/desk/report/issues/<uuid:issue_id>", roles=READERS)
def issue(issue_id: UUID) -> str:
    """One issue: what it says, and while it is a draft what is written beside the figures."""
    return _issue(issue_id, None)


def _issue(issue_id: UUID, form: Form | None) -> str:
    found = ask(issuing.issue, issue_id)
    return render_template("insight/issue.html", found=found, form=form or Form.of(issuing.texts(found)),
                           steps=issuing.issue_steps(found), changed=issuing.corrected(found), words=brief.FIGURES,
                           paper=brief.compose(found, place_name), short=brief.short(found), text=brief.number_text,
                           may=current().role in CITY, own=found.made_by == current().caller[:64])


@page(bp, "/desk/report/issues/<uuid:issue_id>/write", roles=CITY, methods=("POST",))
def write_issue(issue_id: UUID) -> Any:
    """Write what a draft says beside its figures."""
    found, form = ask(issuing.issue, issue_id), Form.sent(request.form)
    reader = Reader(form.values)
    to, send, copy = (reader.text(name, 200, least=0) for name in ("report_to", "send_to", "copy_to"))
    reasons = {one.key: reader.text(f"reason_{one.key}", 200, least=0) for one in issuing.corrected(found)}
    words = issuing.Words(reader.text("head", 40), reader.text("office", 60), reader.text("signer", 30, least=0),
                          _story(reader, form), to, send, copy, reader.whole("copies", 1, 9_999), reasons)
    try:
        reader.done()
        act(issuing.write, issue_id, words, form.was)
    except (Invalid, ChangedMeanwhile, AlreadyIssued) as problem:
        return _issue(issue_id, form.refused(problem)), problem.status
    return redirect(url_for("briefs.issue", issue_id=issue_id), 303)


def _story(reader: Reader, form: Form) -> str:
    text = form.values.get("story", "").strip()
    if len(text) > 2_000:
        reader.wrong("story", "too_long", N_("最多 %(most)s 个字"), most=2_000)
    return text[:2_000]


@page(bp, "/desk/report/issues/<uuid:issue_id>/refresh", roles=CITY, methods=("POST",))
def refresh_issue(issue_id: UUID) -> Any:
    """Count a draft anew."""
    return _done(issue_id, issuing.refresh, issue_id)


@page(bp, "/desk/report/issues/<uuid:issue_id>/approve", roles=CITY, methods=("POST",))
def approve_issue(issue_id: UUID) -> Any:
    """Sign an issue."""
    return _done(issue_id, issuing.approve, issue_id, current())


def _done(issue_id: UUID, service: Any, *given: Any) -> Any:
    try:
        act(service, *given)
    except (Invalid, AlreadyIssued, OwnDraft) as problem:
        return _issue(issue_id, _refused(issue_id, problem)), problem.status
    return redirect(url_for("briefs.issue", issue_id=issue_id), 303)


def _refused(issue_id: UUID, problem: Problem) -> Form:
    return Form.of(issuing.texts(ask(issuing.issue, issue_id))).refused(problem)


@page(bp, "/desk/report/issues/<uuid:issue_id>/discard", roles=CITY, methods=("POST",))
def discard_issue(issue_id: UUID) -> Any:
    """Throw a draft away."""
    try:
        campaign_id = act(issuing.discard, issue_id)
    except AlreadyIssued as problem:
        return _issue(issue_id, _refused(issue_id, problem)), problem.status
    return redirect(url_for("briefs.issues", campaign=campaign_id), 303)


def _attached(content: bytes, issue_id: UUID, ending: str, kind: str) -> Response:
    found = ask(issuing.issue, issue_id)
    name = f"brief-{found.year}-{found.number:03d}.{ending}"
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@page(bp, "/desk/report/issues/<uuid:issue_id>/brief.docx", roles=READERS)
def brief_docx(issue_id: UUID) -> Response:
    """The brief as a Word document."""
    return _attached(papers.word(brief.compose(ask(issuing.issue, issue_id), place_name)), issue_id, "docx",
                     "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


@page(bp, "/desk/report/issues/<uuid:issue_id>/brief.pdf", roles=READERS)
def brief_pdf(issue_id: UUID) -> Response:
    """The brief as a PDF."""
    return _attached(papers.pdf(brief.compose(ask(issuing.issue, issue_id), place_name)), issue_id, "pdf",
                     "application/pdf")


@page(bp, "/desk/report/issues/<uuid:issue_id>/brief.xlsx", roles=READERS)
def brief_xlsx(issue_id: UUID) -> Response:
    """The brief's figures as a workbook."""
    return _attached(papers.workbook(ask(issuing.issue, issue_id), place_name), issue_id, "xlsx",
                     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@page(bp, "/figures/<uuid:campaign_id>", roles=PUBLIC)
def figures(campaign_id: UUID) -> Response:
    """Totals of the last signed issue, for anybody and for other sites' frames: no people, no small counts."""
    campaign, found = ask(_published, campaign_id)
    shown = found.figures if found else {}
    provinces = safe_counts({place_name(code + "0000"): count for code, count in shown.get("by_province", {}).items()},
                            gettext("其他省份"))
    modes = safe_counts({gettext(MODES[mode]): count for mode, count in shown.get("by_mode", {}).items()},
                        gettext("其他方式"))
    answer = make_response(render_template("insight/public.html", campaign=campaign, found=found, figures=shown,
                                           provinces=provinces, modes=modes, least=LEAST))
    answer.headers["Content-Security-Policy"] = EMBEDDED
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _published(session: Session, campaign_id: UUID) -> tuple[Campaign, Any]:
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.state == "draft":
        raise NotFound
    return campaign, issuing.newest_issued(session, campaign_id)
