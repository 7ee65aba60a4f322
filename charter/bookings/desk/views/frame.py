"""The blueprint of these pages, and the words that their templates share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint

from charter.bookings.desk import words
from charter.core.i18n import gettext
from charter.core.problems import Problem

__all__ = ["bp", "errors_of", "shared"]

bp = Blueprint("bookings_desk", __name__, template_folder=str(Path(__file__).parents[2] / "templates"))


def shared() -> dict[str, Any]:
    """What every template of these pages is given."""
    return {"words": words, "origin_name": words.origin_name}


def errors_of(problem: Problem | None) -> dict[str, str]:
    """Each wrong field's message in the reader's language; the first one of a field counts."""
    found: dict[str, str] = {}
    for error in problem.errors if problem else ():
        found.setdefault(error.field, gettext(error.message, **error.params))
    return found
