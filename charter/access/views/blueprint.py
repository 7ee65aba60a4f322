"""The one blueprint of access, and what its pages share."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for

from charter.access.service import sessions
from charter.core.i18n import gettext
from charter.core.problems import Problem
from charter.core.routes import own_path

__all__ = ["PAGE", "bp", "entered", "page_number", "typed", "wrong_fields"]

bp = Blueprint("access", __name__, template_folder="../templates")
PAGE = 50


def entered(text: str, onward: str | None = None, *, lasting: bool = False) -> Response:
    """The browser with its new session, on to where it wanted to go."""
    otherwise = onward or url_for("access.home")
    response = redirect(own_path(request.args.get("next", ""), otherwise), 303)
    return sessions.remember(response, text, lasting=lasting)  # type: ignore[arg-type]


def page_number() -> int:
    """?page= of a list, from 1."""
    written = request.args.get("page", "1")
    return min(max(int(written), 1), 1_000) if written.isascii() and written.isdigit() and len(written) < 5 else 1


def typed(*names: str) -> dict[str, str]:
    """The named fields of the form, as written, 500 characters each."""
    return {name: request.form.get(name, "")[:500].strip() for name in names}


def wrong_fields(problem: Problem, otherwise: str) -> dict[str, str]:
    """Words by field; a problem that names none stands at `otherwise`."""
    return {found.field: gettext(found.message, **found.params) for found in problem.errors} or {
        otherwise: gettext(problem.message, **problem.params)}
