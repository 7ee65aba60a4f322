"""Pages of departures' files: what each lacks, papers put in and taken out, the whole as one PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for

from charter.campaigns.choosing import asked, campaign_of
from charter.core.actor import Role, current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.problems import Invalid
from charter.core.routes import page
from charter.insight import binding, filing
from charter.insight import signs as inventing
from charter.insight.problems import ExplainedAlready, SameFile
from charter.insight.rules.papers import ITEMS, KINDS, LARGEST
from charter.insight.words import ITEM_WORDS, PAPER_WORDS, SIGN_WORDS

__all__ = ["bp"]

bp = Blueprint("files", __name__, template_folder="templates")
READERS = frozenset({Role.CITY_ORGANIZER, Role.FUNDS_AUDITOR})
CITY = frozenset({Role.CITY_ORGANIZER})
PAGE = 100


@page(bp, "/desk/papers", roles=READERS)
def missing() -> str:
    """The departures that left before today, with what their files lack."""
    campaign = ask(campaign_of, current(), *asked())
    rows = ask(filing.files, campaign)
    item = request.args.get("item", "") if request.args.get("item") in ITEMS else ""
    written = request.args.get("page", "1")
    number = min(max(int(written), 1), 1_000) if written.isascii() and written.isdecimal() and len(written) < 6 else 1
    shown = [row for row in rows if (item in row.missing if item else row.missing)]
    return render_template("insight/papers.html", campaign=campaign, rows=shown[(number - 1) * PAGE:number * PAGE],
                           more=len(shown) > number * PAGE, page=number, item=item, words=ITEM_WORDS, all=len(rows),
                           whole=sum(not row.missing for row in rows),
                           counts={key: sum(key in row.missing for row in rows) for key in ITEMS})


@page(bp, "/desk/departures/<departure:departure_id>/file", roles=READERS)
def file(departure_id: int) -> str:
    """One departure's file."""
    return _file(departure_id, Form({"kind": "hand_over"}))


def _file(departure_id: int, form: Form) -> str:
    return render_template("insight/file.html", row=ask(filing.file, departure_id), form=form, words=ITEM_WORDS,
                           papers=ask(filing.papers, departure_id), kinds=PAPER_WORDS, may=current().role in CITY)


@page(bp, "/desk/departures/<departure:departure_id>/file/add", roles=CITY, methods=("POST",),
      max_body=LARGEST + 500_000)
def add_paper(departure_id: int) -> Any:
    """Put a paper into the file."""
    form, sent = Form.sent(request.form), request.files.get("file")
    reader = Reader(form.values)
    kind = reader.choice("kind", KINDS)
    try:
        reader.done()
        act(filing.add, departure_id, kind, (sent.filename if sent else None) or "", sent.read() if sent else b"")
    except (Invalid, SameFile) as problem:
        return _file(departure_id, form.refused(problem)), problem.status
    return redirect(url_for("files.file", departure_id=departure_id), 303)


@page(bp, "/desk/departures/<departure:departure_id>/file/<uuid:paper_id>", roles=READERS)
def paper(departure_id: int, paper_id: UUID) -> Response:
    """One paper, always as a file to keep and never as a page."""
    found, data = act(filing.content, departure_id, paper_id)
    return _kept(data, found.content_type, found.name)


def _kept(data: bytes, kind: str, name: str) -> Response:
    plain = name.encode("ascii", "ignore").decode().lstrip("_.-") or "file"
    answer = Response(data, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=plain)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@page(bp, "/desk/departures/<departure:departure_id>/file/<uuid:paper_id>/take-out", roles=CITY, methods=("POST",))
def take_paper_out(departure_id: int, paper_id: UUID) -> Any:
    """Take a paper out of the file."""
    act(filing.take_out, departure_id, paper_id)
    return redirect(url_for("files.file", departure_id=departure_id), 303)


@page(bp, "/desk/departures/<departure:departure_id>/file.pdf", roles=READERS)
def file_pdf(departure_id: int) -> Response:
    """The whole file as one PDF with its papers attached."""
    return _kept(binding.bind(act(binding.bound, departure_id)), "application/pdf", f"file-{departure_id}.pdf")


@page(bp, "/desk/signs", roles=READERS)
def signs() -> str:
    """Signs of invented travel over the campaign."""
    campaign = ask(campaign_of, current(), *asked())
    rows = ask(inventing.signs, campaign)
    kind = request.args.get("kind", "") if request.args.get("kind") in SIGN_WORDS else ""
    shown = [row for row in rows if kind in ("", row.kind)]
    return render_template("insight/signs.html", campaign=campaign, rows=shown, words=SIGN_WORDS, kind=kind,
                           may=current().role in CITY, counts={key: sum(row.kind == key for row in rows)
                                                               for key in SIGN_WORDS},
                           open=sum(row.words is None for row in rows))


@page(bp, "/desk/departures/<departure:departure_id>/signs/<kind>", roles=CITY, methods=("GET", "POST"),
      max_body=LARGEST + 500_000)
def explain_sign(departure_id: int, kind: str) -> Any:
    """Explain one sign, with paper."""
    row, form, status = ask(inventing.sign, departure_id, kind), Form({}), 200
    if request.method == "POST":
        form, sent = Form.sent(request.form), request.files.get("file")
        reader = Reader(form.values)
        words = reader.text("words", 500)
        try:
            reader.done()
            act(inventing.explain, departure_id, kind, words, (sent.filename if sent else None) or "",
                sent.read() if sent else b"")
            return redirect(url_for("files.signs"), 303)
        except (Invalid, ExplainedAlready, SameFile) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("insight/sign.html", row=row, words=SIGN_WORDS, form=form), status
