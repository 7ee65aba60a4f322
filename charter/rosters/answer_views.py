"""What the preview asks: what columns are, whether a repair is right, who hands out passes where many share a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.i18n import gettext
from charter.core.problems import Invalid, NotFound
from charter.core.routes import page
from charter.places import table as places
from charter.rosters import queries, service
from charter.rosters.forms import FIELD_WORDS, LISTERS
from charter.rosters.naming import Sample, meanings, sample_of

__all__ = ["bp"]

bp = Blueprint("rosters_answers", __name__, template_folder="templates")
MOST_COLUMNS = 40


def _sample(batch_id: UUID) -> tuple[Any, Sample]:
    batch = ask(queries.with_sample, actor(), batch_id)
    if batch.sample_sealed is None:
        raise NotFound
    return batch, sample_of(batch.id, batch.sample_sealed, places.load())


@page(bp, "/desk/rosters/<uuid:batch_id>/names", roles=LISTERS)
def names(batch_id: UUID) -> str:
    """The first rows of a list whose columns nobody knows, to say what they are."""
    batch, sample = _sample(batch_id)
    return _names(batch, sample, sample.header, sample.guesses, "")


def _names(batch: Any, sample: Sample, header: int, chosen: Any, problem: str) -> str:
    return render_template("rosters/names.html", batch=batch, sample=sample, header=header, chosen=chosen,
                           fields=FIELD_WORDS, problem=problem)


@page(bp, "/desk/rosters/<uuid:batch_id>/names", roles=LISTERS, methods=("POST",))
def name_columns(batch_id: UUID) -> Any:
    """Keep what the columns are, for this employer, and read the list again."""
    batch, sample = _sample(batch_id)
    chosen = request.form.getlist("field")[:MOST_COLUMNS]
    written = request.form.get("header", "0")
    header = int(written) if written.isascii() and written.isdigit() and len(written) < 8 else 0
    said = meanings(sample, header, chosen)
    if "name" not in said.values() or not {"id_number", "phone"} & set(said.values()):
        return _names(batch, sample, header, chosen, gettext("至少要指出哪一列是姓名，哪一列是证件号码或手机号")), 422
    act(service.explain, batch_id, said)
    return redirect(url_for("rosters.show", batch_id=batch_id), 303)


@page(bp, "/desk/rosters/<uuid:batch_id>/rows/<int:seq>/repair", roles=LISTERS, methods=("POST",))
def repair(batch_id: UUID, seq: int) -> Any:
    """A repair is not right, or is after all."""
    field = request.form.get("field", "")
    deed = service.restore_repair if request.form.get("again") == "1" else service.undo_repair
    act(deed, batch_id, seq, field)
    number = request.form.get("page", "1")
    return redirect(url_for("rosters.show", batch_id=batch_id, show=request.form.get("show", "all")[:20],
                            page=number if number.isascii() and number.isdigit() else 1, _anchor=f"row-{seq}"), 303)


@page(bp, "/desk/rosters/<uuid:batch_id>/bearers", roles=LISTERS, methods=("POST",))
def bearers(batch_id: UUID) -> Any:
    """Keep who hands out the passes of people who share a phone."""
    said = {int(name[3:]): value[:200] for name, value in request.form.items()
            if name.startswith("by-") and name[3:].isascii() and name[3:].isdigit() and len(name) < 12}
    try:
        act(service.name_bearers, batch_id, said)
    except Invalid:
        return redirect(url_for("rosters.show", batch_id=batch_id, long=1, _anchor="shared"), 303)
    return redirect(url_for("rosters.show", batch_id=batch_id, kept=1, _anchor="shared"), 303)
