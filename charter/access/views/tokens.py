"""API tokens on the desk: made, shown once, revoked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from charter.access import scopes
from charter.access.queries import accounts as queries
from charter.access.service import handing_out, notes
from charter.access.service.tokens import SCOPE_OF_ROLE
from charter.access.views.blueprint import PAGE, bp, page_number, typed, wrong_fields
from charter.access.words import ROLES, SCOPES
from charter.core.actor import ORGANIZERS, Role
from charter.core.db import act, ask
from charter.core.problems import NotFound, Problem
from charter.core.routes import page

__all__ = ["bp"]

MAKERS = ORGANIZERS | {Role.SECURITY_MANAGER}


@page(bp, "/desk/tokens", roles=MAKERS)
def tokens() -> str:
    """Tokens that one has handed out."""
    number = page_number()
    rows = ask(queries.tokens, g.actor, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("access/tokens.html", rows=rows[:PAGE], more=len(rows) > PAGE, page=number,
                           roles=[(role, ROLES[role]) for role in scopes.gives(g.actor)], role_words=ROLES,
                           scope_words=SCOPES)


@page(bp, "/desk/tokens/new", roles=MAKERS, methods=("GET", "POST"), fresh=True)
def new_token() -> Any:
    """Hand one out."""
    written = request.args.get("role", "")
    if written not in scopes.gives(g.actor):
        raise NotFound
    role = Role(written)
    if request.method == "GET":
        return _page(role, {"days": "30"}, {}, 200)
    said = typed("name", "kind", "scope", "days")
    try:
        act(_hand_out, role, said)
    except NotFound:
        raise
    except Problem as wrong:
        return _page(role, said, wrong_fields(wrong, "name"), 422)
    return redirect(url_for("access.once"), 303)


def _hand_out(session: Session, role: Role, said: dict[str, str]) -> None:
    kinds = _kinds(role)
    kind = said["kind"] if said["kind"] in kinds else kinds[0]
    text = handing_out.hand_out(session, g.actor, role, kind, said["scope"], said["name"], said["days"])
    notes.leave(session, g.actor.session_id, notes.Note("token", (text,), url_for("access.tokens")))


def _kinds(role: Role) -> tuple[str | None, ...]:
    """The kinds of scope that this actor may give with the role: everything only where he has everything."""
    kinds = SCOPE_OF_ROLE[role]
    return kinds if g.actor.scope_kind is None else tuple(kind for kind in kinds if kind is not None)


def _page(role: Role, said: dict[str, str], errors: dict[str, str], status: int) -> Any:
    kinds = _kinds(role)
    lists = {kind: ask(scopes.options, g.actor, kind) for kind in kinds if kind not in (None, "employer")}
    return render_template("access/new_token.html", role_word=ROLES[role], kinds=kinds, lists=lists, said=said,
                           errors=errors, scope_words=SCOPES), status


@page(bp, "/desk/tokens/<uuid:token_id>/revoke", roles=MAKERS, methods=("POST",))
def revoke_token(token_id: UUID) -> Response:
    """End it now."""
    act(handing_out.take_back, g.actor, token_id)
    return redirect(url_for("access.tokens"), 303)
