"""The page for nobody: which campaign, when, and the two choices of a worker."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for

from charter.campaigns.opening import open_campaigns
from charter.core.db import ask
from charter.core.routes import PUBLIC, page

__all__ = ["bp"]

bp = Blueprint("door", __name__, template_folder="templates")


@page(bp, "/", roles=PUBLIC)
def door() -> Any:
    """The address that everybody types; who is signed in goes on to his first page."""
    if g.actor.role is not None:
        return redirect(url_for("access.home"), 303)
    return render_template("campaigns/door.html", campaigns=ask(open_campaigns))
