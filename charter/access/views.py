"""Pages of access: sign-in and out, home, invitations, accounts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("access", __name__, template_folder="templates")
