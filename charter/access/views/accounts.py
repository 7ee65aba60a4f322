"""The security manager's pages: accounts, invitations, roles, sessions, ways back in."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from charter.access import scopes
from charter.access.queries import accounts as queries
from charter.access.service import accounts as service
from charter.access.service import invitations, notes
from charter.access.service.tokens import SCOPE_OF_ROLE
from charter.access.views.blueprint import PAGE, bp, page_number, typed, wrong_fields
from charter.access.words import ROLES, SCOPES
from charter.core import clock
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, Problem
from charter.core.routes import page
from charter.core.settings import current

__all__ = ["bp", "filters", "link"]

MANAGER = frozenset({Role.SECURITY_MANAGER})
LONGEST = 92  # days that a funds auditor may read
ROLES_LEFT = [role for role in Role if role in invitations.INVITED]
BAD_DAY = N_("请选一个从明天起 92 天以内的日期")


def link(path: str) -> str:
    """A whole address, to be handed on."""
    return current().base_url + path


def _role(written: str) -> Role | None:
    return Role(written) if written in set(ROLES_LEFT) else None


def filters() -> dict[str, Any]:
    """What the list is filtered by, from the address."""
    return {"words": request.args.get("words", "")[:64].strip(), "role": _role(request.args.get("role", "")),
            "state": request.args.get("state", "")[:8]}


@page(bp, "/desk/accounts", roles=MANAGER)
def accounts() -> str:
    """All accounts of the staff."""
    chosen, number = filters(), page_number()
    rows = ask(queries.accounts, g.actor, **chosen, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("access/accounts.html", rows=rows[:PAGE], more=len(rows) > PAGE, page=number, chosen=chosen,
                           roles=[(found, ROLES[found]) for found in ROLES_LEFT],
                           scope_words=SCOPES, role_words=ROLES)


@page(bp, "/desk/accounts/<uuid:account_id>", roles=MANAGER)
def account_page(account_id: UUID) -> str:
    """One account, and what can be done with it."""
    found = ask(queries.account, g.actor, account_id)
    return render_template("access/account_desk.html", found=found, role_words=ROLES, scope_words=SCOPES,
                           own=str(account_id) == g.actor.account_id)


@page(bp, "/desk/accounts/invite", roles=MANAGER, methods=("GET", "POST"), fresh=True)
def invite() -> Any:
    """Invite somebody: first the role, then what it is for."""
    role = _role(request.args.get("role", ""))
    if role is None:
        return render_template("access/invite_role.html", roles=[(found, ROLES[found]) for found in ROLES_LEFT])
    if request.method == "GET":
        return _scope_page("access/invite.html", role, {}, {}, 200)
    said = typed("name", "kind", "scope", "until")
    try:
        act(_invite, role, said)
    except Problem as wrong:
        return _scope_page("access/invite.html", role, said, wrong_fields(wrong, "name"), 422)
    return redirect(url_for("access.once"), 303)


def _invite(session: Session, role: Role, said: dict[str, str]) -> None:
    kind, scope, until = _chosen(session, role, said)
    path = invitations.invite(session, role, kind, scope, said["name"], until)
    notes.leave(session, g.actor.session_id, notes.Note("invitation", (link(path),), url_for("access.accounts")))


def _chosen(session: Session, role: Role, said: dict[str, str]) -> tuple[str | None, str | None, datetime | None]:
    kinds = SCOPE_OF_ROLE[role]
    kind = said["kind"] if said["kind"] in kinds else None if None in kinds else kinds[0]
    return kind, scopes.resolve(session, g.actor, role, kind, said["scope"]), _until(role, said["until"])


def _until(role: Role, written: str) -> datetime | None:
    """The end of that day; only a funds auditor's account has an end, and must have one."""
    if role != Role.FUNDS_AUDITOR:
        return None
    try:
        day = datetime.strptime(written, "%Y-%m-%d").date()
    except ValueError:
        day = clock.today()
    if not 1 <= (day - clock.today()).days <= LONGEST:
        raise Invalid(errors=[FieldProblem("until", "invalid", BAD_DAY)])
    return clock.at_local(day, time(23, 59, 59))


def _scope_page(template: str, role: Role, said: dict[str, str], errors: dict[str, str], status: int,
                **more: Any) -> Any:
    kinds = SCOPE_OF_ROLE[role]
    lists = {kind: ask(scopes.options, g.actor, kind) for kind in kinds if kind not in (None, "employer")}
    return render_template(template, role=role, role_word=ROLES[role], kinds=kinds, lists=lists, said=said,
                           errors=errors, scope_words=SCOPES, limited=role == Role.FUNDS_AUDITOR, **more), status


@page(bp, "/desk/accounts/<uuid:account_id>/role", roles=MANAGER, methods=("GET", "POST"), fresh=True)
def change_role(account_id: UUID) -> Any:
    """Another role or scope."""
    found = ask(queries.account, g.actor, account_id)
    role = _role(request.args.get("role", "")) or found.role
    if request.method == "GET":
        return _change_page(role, found, {}, {}, 200)
    said = typed("kind", "scope", "until")
    try:
        act(_change, account_id, role, said)
    except Problem as wrong:
        return _change_page(role, found, said, wrong_fields(wrong, "scope"), 422)
    return redirect(url_for("access.account_page", account_id=account_id), 303)


def _change_page(role: Role, found: queries.AccountView, said: dict[str, str], errors: dict[str, str],
                 status: int) -> Any:
    return _scope_page("access/change_role.html", role, said, errors, status, found=found,
                       roles=[(known, ROLES[known]) for known in ROLES_LEFT])


def _change(session: Session, account_id: UUID, role: Role, said: dict[str, str]) -> None:
    service.change_role(session, g.actor, account_id, role, *_chosen(session, role, said))


def _back(account_id: UUID) -> Response:
    return redirect(url_for("access.account_page", account_id=account_id), 303)


@page(bp, "/desk/accounts/<uuid:account_id>/deactivate", roles=MANAGER, methods=("POST",))
def deactivate(account_id: UUID) -> Response:
    """End an account."""
    act(service.deactivate, g.actor, account_id)
    return _back(account_id)


@page(bp, "/desk/accounts/<uuid:account_id>/activate", roles=MANAGER, methods=("POST",))
def activate(account_id: UUID) -> Response:
    """Open it again."""
    act(service.activate, g.actor, account_id)
    return _back(account_id)


@page(bp, "/desk/accounts/<uuid:account_id>/sign-out", roles=MANAGER, methods=("POST",))
def end_sessions(account_id: UUID) -> Response:
    """End all its sessions."""
    act(service.end_sessions, g.actor, account_id)
    return _back(account_id)


@page(bp, "/desk/accounts/<uuid:account_id>/reset", roles=MANAGER, methods=("POST",), fresh=True)
def reset(account_id: UUID) -> Response:
    """A link to set password and second factor anew."""
    act(_reset, account_id)
    return redirect(url_for("access.once"), 303)


def _reset(session: Session, account_id: UUID) -> None:
    path = service.reset(session, g.actor, account_id)
    back = url_for("access.account_page", account_id=account_id)
    notes.leave(session, g.actor.session_id, notes.Note("invitation", (link(path),), back))
