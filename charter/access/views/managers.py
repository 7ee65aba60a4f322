"""The administrator's page of the installation's state, and the auditor's page of what was done."""

from __future__ import annotations

from datetime import date

from flask import render_template, request

from charter.access import system as state
from charter.access.queries import trail as queries
from charter.access.views.blueprint import bp
from charter.access.words import ROLES
from charter.core import audit
from charter.core.actor import Role
from charter.core.db import ask
from charter.core.routes import page
from charter.core.settings import current, written

__all__ = ["bp", "wanted"]

LINES = 100


@page(bp, "/desk/system", roles={Role.ADMINISTRATOR})
def system() -> str:
    """How the installation is doing."""
    return render_template("access/system.html", health=ask(state.health), picture=ask(state.picture),
                           settings=state.shown_settings(written()), queues=state.QUEUES,
                           production=current().production)


@page(bp, "/desk/audit", roles={Role.AUDITOR})
def audit_log() -> str:
    """What was done, the newest first; and on wish whether the chain holds."""
    rows = ask(queries.trail, wanted(), LINES)
    verdict = ask(audit.verify) if request.args.get("verify") == "1" else None
    return render_template("access/audit_log.html", rows=rows[:LINES], more=len(rows) > LINES, given=_given(),
                           actions=ask(queries.actions), verdict=verdict, role_words=ROLES)


def _given() -> dict[str, str]:
    return {name: request.args.get(name, "")[:64].strip() for name in ("first", "last", "actor", "action", "object")}


def wanted() -> queries.Wanted:
    """What is looked for, from the address."""
    given = _given()
    return queries.Wanted(_day(given["first"]), _day(given["last"]), given["actor"], given["action"], given["object"],
                          _number(request.args.get("before", "")))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None
