"""Pages of lists: hand one in, see what it says, take the good rows, get the bad ones back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from charter.campaigns.choosing import asked, campaign_of
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.api import answered
from charter.core.db import act, ask
from charter.core.i18n import N_, gettext
from charter.core.problems import FieldProblem, Invalid, Problem
from charter.core.routes import page
from charter.places import table as places
from charter.registrations.problems import CampaignClosed
from charter.rosters import queries, service
from charter.rosters.blank import REQUIRED, blank_workbook
from charter.rosters.downloads import attached, workbook
from charter.rosters.forms import (
    CHANGES,
    FIELD_WORDS,
    LISTERS,
    MENDING,
    REPAIR_WORDS,
    STATES,
    STATUSES,
    TONES,
    UPLOAD_BYTES,
    masked,
)
from charter.rosters.giving_back.marks import HEADINGS
from charter.rosters.models import RosterBatch
from charter.rosters.problems import TooManyLists
from charter.rosters.reader.pasted import as_table

__all__ = ["bp"]

bp = Blueprint("rosters", __name__, template_folder="templates")
WORKING = ("queued", "reading", "committing")
SHOWS: dict[str, dict[str, Any]] = {
    "all": {}, **{word: {"statuses": [word]} for word in STATUSES if word != "accepted"},
    **{word: {"changes": [word]} for word in CHANGES}}
ROWS = 100  # of one page
PASTED = 100_000  # characters


def _actor() -> Actor:
    found: Actor = g.actor
    return found


def _page_number() -> int:
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and 1 <= len(text) <= 5 and int(text) else 1


@page(bp, "/desk/rosters", roles=LISTERS)
def batches() -> str:
    """All lists, and a form for the next."""
    return _batches({}, "")


def _batches(errors: dict[str, str], employer: str, pasted: str = "") -> str:
    number = _page_number()
    campaign = ask(campaign_of, _actor(), *asked())
    lines = ask(queries.batches, _actor(), campaign.id, page=number)
    own = _actor().role == Role.EMPLOYER
    return render_template(
        "rosters/batches.html", campaign=campaign, lines=lines[:50], more=len(lines) > 50, page=number, errors=errors,
        pasted=pasted, employer=employer, own=own, employers=[] if own else ask(queries.employers, _actor()),
        states=STATES, tones=TONES)


@page(bp, "/desk/rosters/template.xlsx", roles=LISTERS)
def template() -> Response:
    """A workbook to fill in."""
    campaign = ask(campaign_of, _actor(), *asked())
    return workbook(blank_workbook(campaign.starts_on, campaign.ends_on), gettext("返岗名单模板") + ".xlsx",
                    "template.xlsx")


@page(bp, "/desk/rosters/upload", roles=LISTERS, methods=("POST",), max_body=UPLOAD_BYTES)
def upload() -> Any:
    """Hand a list in."""
    campaign = ask(campaign_of, _actor(), request.form.get("campaign"))
    written = request.form.get("employer", "").strip()[:200]
    with ExitStack() as closing:
        for _, one in request.files.items(multi=True):
            closing.enter_context(one.stream)
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise Invalid(errors=[FieldProblem("file", "missing", N_("请选择要上传的文件"))])
            employer = None if _actor().role == Role.EMPLOYER else ask(queries.employer_named, _actor(), written)
            batch = act(service.upload, _actor(), campaign.id, employer, file.filename, file.read())
        except (Invalid, CampaignClosed, TooManyLists) as problem:
            return _batches(_told(problem), written), problem.status
    return redirect(url_for("rosters.show", batch_id=batch.id), 303)


@page(bp, "/desk/rosters/paste", roles=LISTERS, methods=("POST",))
def paste() -> Any:
    """Hand in rows copied from a spreadsheet, or lines of a chat."""
    campaign = ask(campaign_of, _actor(), request.form.get("campaign"))
    written, pasted = request.form.get("employer", "").strip()[:200], request.form.get("pasted", "")
    try:
        content = as_table(pasted[:PASTED], today=clock.today(), table=places.load())
        if not content or len(pasted) > PASTED:
            raise Invalid(errors=[FieldProblem("pasted", "missing" if not content else "too_long",
                                               N_("请粘贴 1 到 %(limit)s 个字"), {"limit": PASTED})])
        employer = None if _actor().role == Role.EMPLOYER else ask(queries.employer_named, _actor(), written)
        name = gettext("粘贴的名单") + f" {clock.local(clock.now()):%m-%d %H%M}.tsv"
        batch = act(service.upload, _actor(), campaign.id, employer, name, content)
    except (Invalid, CampaignClosed, TooManyLists) as problem:
        return _batches(_told(problem, "pasted"), written, pasted[:PASTED]), problem.status
    return redirect(url_for("rosters.show", batch_id=batch.id), 303)


def _told(problem: Problem, otherwise: str = "file") -> dict[str, str]:
    return {one.field: gettext(one.message, **one.params) for one in problem.errors} or {
        otherwise: gettext(problem.message, **problem.params)}


@page(bp, "/desk/rosters/<uuid:batch_id>", roles=LISTERS)
def show(batch_id: UUID) -> str:
    """One list: how far it is, or what it says row by row."""
    batch = ask(queries.batch, _actor(), batch_id)
    wanted = request.args.get("show", "rejected" if batch.summary.get("rejected") else "all")
    shown, number = wanted if wanted in SHOWS else "all", _page_number()
    rows = ask(queries.rows, batch, limit=ROWS, offset=(number - 1) * ROWS, **SHOWS[shown])
    leaving = ask(queries.absent_people, batch, limit=200) if batch.state == "previewed" else []
    codes = {problem.code for row in rows for problem in row.problems}
    return render_template(
        "rosters/batch.html", batch=batch, employer=ask(queries.employer_name, batch), rows=rows[:ROWS],
        more=len(rows) > ROWS, page=number, shown=shown, shows=SHOWS, working=batch.state in WORKING, states=STATES,
        tones=TONES, statuses=STATUSES, changes=CHANGES, fields=FIELD_WORDS, repair_words=REPAIR_WORDS, masked=masked,
        place=_place, mending=[MENDING[code] for code in MENDING if code in codes], leaving=leaving[:200],
        many_leave=len(leaving) > 200, **_asking(batch),
        sheets=sum(not sheet.get("hidden") for sheet in batch.sheets))


def _asking(batch: RosterBatch) -> dict[str, Any]:
    """What the preview asks besides its rows."""
    unread = {heading for sheet in batch.sheets for heading in sheet.get("unread", ()) if heading.strip()}
    return {"shared": ask(queries.shared_phones, batch) if batch.state == "previewed" else [],
            "placed": any(sheet.get("header_row") == 0 for sheet in batch.sheets), "lacking": _lacking(batch.sheets),
            "unread": sorted(unread - set(HEADINGS))}


def _lacking(sheets: Sequence[Mapping[str, Any]]) -> list[str]:
    """Required fields for which a list has no column that is known."""
    return [field for field in REQUIRED if any(
        not sheet.get("hidden") and field not in sheet["columns"] for sheet in sheets)]


def _place(code: object) -> str:
    found = str(code or "")
    return places.load().full_name(found) if places.load().get(found) else found


@page(bp, "/desk/rosters/<uuid:batch_id>/progress", roles=LISTERS)
def progress(batch_id: UUID) -> Response:
    """How far a list is, for the page that shows it."""
    batch = ask(queries.batch, _actor(), batch_id)
    return answered({"state": batch.state, "done": batch.done, "total": batch.total, **batch.summary})


@page(bp, "/desk/rosters/<uuid:batch_id>/absent", roles=LISTERS)
def absent(batch_id: UUID) -> str:
    """Who would be withdrawn if this were the whole list."""
    batch, number = ask(queries.batch, _actor(), batch_id), _page_number()
    people = ask(queries.absent_people, batch, limit=ROWS, page=number)
    return render_template("rosters/absent.html", batch=batch, people=people[:ROWS], more=len(people) > ROWS,
                           page=number, place=_place)


@page(bp, "/desk/rosters/<uuid:batch_id>/bad.xlsx", roles=LISTERS)
def bad(batch_id: UUID) -> Response:
    """The list as it came, bad cells coloured, with the reasons."""
    return attached(act(service.give_back, batch_id))


@page(bp, "/desk/rosters/<uuid:batch_id>/commit", roles=LISTERS, methods=("POST",))
def commit(batch_id: UUID) -> Any:
    """Take the good rows."""
    act(service.commit, batch_id, withdraw=request.form.get("withdraw") == "1")
    return redirect(url_for("rosters.show", batch_id=batch_id), 303)


@page(bp, "/desk/rosters/<uuid:batch_id>/cancel", roles=LISTERS, methods=("POST",))
def cancel(batch_id: UUID) -> Any:
    """Leave the list."""
    act(service.cancel, batch_id)
    return redirect(url_for("rosters.show", batch_id=batch_id), 303)


@page(bp, "/desk/rosters/<uuid:batch_id>/columns", roles=LISTERS, methods=("POST",))
def columns(batch_id: UUID) -> Any:
    """Say what headings mean; remembered for the employer, and the list is read again."""
    pairs = zip(request.form.getlist("heading"), request.form.getlist("field"), strict=False)
    act(service.explain, batch_id, {heading[:200]: field for heading, field in pairs if field})
    return redirect(url_for("rosters.show", batch_id=batch_id), 303)
