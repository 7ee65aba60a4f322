"""Cases to decide, and the texts for the works' chat groups."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from charter.bookings.desk import coaches as texts
from charter.bookings.desk import deciding, scope
from charter.bookings.desk.views.frame import bp, errors_of, shared
from charter.campaigns.choosing import asked
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.i18n import gettext
from charter.core.problems import NotFound, Problem
from charter.core.routes import page

__all__ = ["coaches", "decide", "decisions"]


def _shown(problem: Problem | None = None, about: UUID | None = None) -> Any:
    found = ask(deciding.cases, actor(), request.values.get("campaign"), asked()[1])
    errors = errors_of(problem)
    said = gettext(problem.message, **problem.params) if problem and not errors else ""
    return render_template("bookings/desk/decisions.html", found=found, errors=errors, problem=said, about=about,
                           done=request.args.get("done") == "1", **shared())


@page(bp, "/desk/decisions", roles=scope.DECIDERS)
def decisions() -> Any:
    """People who were handed in twice, or under another name."""
    return _shown()


@page(bp, "/desk/decisions/<uuid:registration_id>", roles=scope.DECIDERS, methods=("POST",))
def decide(registration_id: UUID) -> Any:
    """Keep one side; both are told."""
    try:
        act(deciding.decide, actor(), registration_id, request.form.get("keep", ""),
            request.form.get("renamed") == "1", request.form.get("reason", "")[:500])
    except NotFound:
        raise
    except Problem as problem:
        return _shown(problem, registration_id), problem.status
    return redirect(url_for("bookings_desk.decisions", campaign=request.form.get("campaign"), done=1), 303)


@page(bp, "/desk/coaches", roles=scope.ACTORS)
def coaches() -> str:
    """A text per coach, to be sent to the works' group."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = None
    written = request.args.get("page", "1")
    number = int(written) if written.isascii() and written.isdecimal() and 0 < len(written) < 5 else 1
    found = ask(texts.coaches, actor(), *asked(), day, max(number, 1))
    return render_template("bookings/desk/coaches.html", found=found, **shared())
