"""An invitation's link: choose a name, a password and a second factor; or a way back in."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request, url_for
from sqlalchemy.orm import Session

from charter.access.problems import InvitationSpent
from charter.access.service import invitations, notes, second_factor, sessions
from charter.access.views.blueprint import bp, entered, typed, wrong_fields
from charter.access.words import ROLES
from charter.core.db import act, ask
from charter.core.i18n import _
from charter.core.problems import Problem
from charter.core.routes import PUBLIC, page

__all__ = ["bp", "qr"]


@page(bp, "/join/<secret>", roles=PUBLIC, methods=("GET", "POST"))
def join(secret: str) -> Any:
    """What the link offers, and taking it. Looking at it uses nothing up."""
    offered = ask(invitations.offer, secret[:100])
    if request.method == "GET":
        return _page(offered, {}, {}, 200)
    said = typed("name", "username", "digits")
    chosen = invitations.Chosen(said["name"][:80], said["username"], request.form.get("password", "")[:500],
                                "".join(said["digits"].split()))
    try:
        text, codes = act(_accept, secret[:100], chosen, g.actor.session_id)
    except InvitationSpent:
        raise
    except Problem as wrong:
        return _page(offered, said, wrong_fields(wrong, "digits"), 422)
    return entered(text, url_for("access.once") if codes else None)


def _accept(session: Session, secret: str, chosen: invitations.Chosen, before: str | None) -> tuple[str, list[str]]:
    account, codes = invitations.accept(session, secret, chosen)
    if before is not None:
        sessions.end(session, before)
    text = sessions.begin(session, account, second_factor=True)
    if codes:
        notes.leave(session, sessions.id_of(text), notes.Note("recovery", tuple(codes), "/home"))
    return text, codes


def _page(offered: invitations.Offer, said: dict[str, str], errors: dict[str, str], status: int) -> Any:
    drawn = qr(offered.secret, said.get("username") or offered.username or offered.name) if offered.secret else None
    return render_template("access/join.html", offered=offered, role=ROLES[offered.role], said=said, errors=errors,
                           drawn=drawn), status


def qr(secret: str, name: str) -> str:
    """The second factor's secret as a picture for an authenticator."""
    return second_factor.picture(secret, name or "charter", _("工会返岗直通车"))
