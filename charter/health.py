"""Health: is this process up; are database and migrations ready. Says which part, never a version or an address."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from charter.core import schema
from charter.core.api import answered, call
from charter.core.db import ask, engine
from charter.core.deferral import worker_lives
from charter.core.routes import PUBLIC

__all__ = ["bp"]

bp = Blueprint("health", __name__)


@call(bp, "GET", "/health/live", roles=PUBLIC)
def live() -> dict[str, str]:
    """The process is up."""
    return {"state": "up"}


@call(bp, "GET", "/health/ready", roles=PUBLIC)
def ready() -> Response:
    """Database, migrations and job workers; 503 names the part that is not ready."""
    missing = _missing()
    return answered({"state": "not ready", "missing": missing} if missing else {"state": "ready"},
                    503 if missing else 200)


def _missing() -> list[str]:
    try:
        if schema.behind(engine().url.render_as_string(hide_password=False)):
            return ["migrations"]
        return [] if ask(worker_lives) else ["jobs"]
    except SQLAlchemyError:
        return ["database"]
