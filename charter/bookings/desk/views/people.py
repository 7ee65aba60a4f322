"""The list of people, its search and its workbook."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from charter.bookings.desk import filters, listing, scope, searching, workbook
from charter.bookings.desk.views.frame import bp, shared
from charter.campaigns.choosing import asked
from charter.core import clock
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.routes import page
from charter.core.workbook import sent

__all__ = ["listed_at", "people", "people_xlsx", "search_people", "shown"]


@page(bp, "/desk/people", roles=scope.VIEWERS)
def people() -> str:
    """People in the reader's scope."""
    return shown(filters.read(actor(), request.args, asked()[1]))


def shown(wanted: filters.Wanted, **more: Any) -> str:
    """The list with these filters; `more` is what was refused at a row."""
    return render_template("bookings/desk/people.html", found=ask(listing.page, actor(), wanted), wanted=wanted,
                           done=request.args.get("done", type=int), refused=request.args.get("refused", type=int),
                           lost=bool(request.args.get("search")) and wanted.search is None,
                           confirms=actor().role in scope.CONFIRMERS, acts=actor().role in scope.ACTORS,
                           **{"wrong": None, "said": ""} | more, **shared())


@page(bp, "/desk/people/search", roles=scope.ACTORS, methods=("POST",))
def search_people() -> AnyResponse:
    """Find somebody; the words go sealed into the address."""
    wanted = filters.read(actor(), request.form)
    token = act(searching.begin, actor(), request.form.get("words", "")[:200])
    return redirect(listed_at(wanted, search=token), 303)


def listed_at(wanted: filters.Wanted, **changed: object) -> str:
    """The list's address with these filters."""
    arguments: dict[str, Any] = wanted.address(**changed)
    return url_for("bookings_desk.people", **arguments)


@page(bp, "/desk/people.xlsx", roles=scope.VIEWERS)
def people_xlsx() -> Response:
    """The people of these filters as a workbook."""
    wanted = filters.read(actor(), request.args, asked()[1])
    return sent(act(workbook.people, actor(), wanted), f"people-{clock.today():%Y%m%d}.xlsx")
