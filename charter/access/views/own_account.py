"""One's own account: password, second factor, recovery codes, where one is signed in; and what is shown once."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from charter.access.problems import WrongCode
from charter.access.queries import accounts as queries
from charter.access.service import accounts, notes, second_factor, sessions, stepping
from charter.access.views.blueprint import bp, entered, typed, wrong_fields
from charter.access.views.joining import qr
from charter.core.actor import STAFF, Role
from charter.core.db import act, ask
from charter.core.i18n import N_, gettext
from charter.core.problems import Problem
from charter.core.routes import own_path, page

EVERYBODY = frozenset(Role)
PEOPLE = EVERYBODY - {Role.SCANNER}
__all__ = ["bp"]

HEADINGS = {"invitation": N_("把这个链接交给对方"), "token": N_("把这个令牌抄给要用它的系统"),
            "recovery": N_("收好这 10 个备用码")}
WRONG_AGAIN = N_("没有对上，请再试一次")


@page(bp, "/account", roles=PEOPLE)
def account() -> str:
    """One's own account."""
    return render_template("access/account.html", found=ask(queries.mine, g.actor), staff=g.actor.role in STAFF)


@page(bp, "/account/password", roles=STAFF, methods=("GET", "POST"))
def password() -> Any:
    """Another password; the other sessions end."""
    if request.method == "GET":
        return render_template("access/password.html", errors={})
    try:
        act(accounts.change_password, g.actor, request.form.get("old", "")[:500], request.form.get("new", "")[:500])
    except Problem as wrong:
        return render_template("access/password.html", errors=wrong_fields(wrong, "new")), 422
    return redirect(url_for("access.account"), 303)


@page(bp, "/account/second", roles=STAFF, methods=("GET", "POST"), fresh=True)
def second() -> Any:
    """Set the second factor up, or move it to another phone."""
    secret = second_factor.offered(hashlib.sha256(f"{g.actor.account_id}|{g.actor.session_id}".encode()).digest())
    if request.method == "GET":
        return _second(secret, {}, 200)
    try:
        act(_set_up, secret, "".join(typed("digits")["digits"].split()))
    except WrongCode as wrong:
        return _second(secret, wrong_fields(wrong, "digits"), 422)
    return redirect(url_for("access.once"), 303)


def _second(secret: str, errors: dict[str, str], status: int) -> Any:
    return render_template("access/second.html", secret=secret, drawn=qr(secret, g.actor.name), errors=errors), status


def _set_up(session: Session, secret: str, digits: str) -> None:
    _show(session, accounts.set_up_second(session, g.actor, secret, digits))


@page(bp, "/account/recovery", roles=STAFF, methods=("POST",), fresh=True)
def recovery() -> Response:
    """Fresh recovery codes."""
    act(_renew_codes)
    return redirect(url_for("access.once"), 303)


def _renew_codes(session: Session) -> None:
    _show(session, accounts.new_recovery(session, g.actor))


def _show(session: Session, codes: list[str]) -> None:
    notes.leave(session, g.actor.session_id, notes.Note("recovery", tuple(codes), url_for("access.account")))


@page(bp, "/account/sessions/end", roles=PEOPLE, methods=("POST",))
def end_session() -> Response:
    """End one of one's own sessions, or (without `key`) all others."""
    act(sessions.end_own, g.actor, request.form.get("key", "")[:64])
    return redirect(url_for("access.account"), 303)


@page(bp, "/account/sign-out-everywhere", roles=PEOPLE, methods=("POST",))
def sign_out_everywhere() -> Response:
    """End all of one's sessions, this one too."""
    act(sessions.end_own, g.actor, "", this_too=True)
    return sessions.forget(redirect(url_for("access.sign_in"), 303))  # type: ignore[arg-type]


@page(bp, "/step-up", roles=STAFF, methods=("GET", "POST"))
def step_up() -> Any:
    """Prove again who one is: by the second factor, else by the password."""
    second = ask(queries.mine, g.actor).second
    if request.method == "GET":
        return render_template("access/step_up.html", second=second, errors={})
    text = act(stepping.step_up, g.actor, request.form.get("proof", "")[:200])
    if text is None:
        return render_template("access/step_up.html", second=second, errors={"proof": gettext(WRONG_AGAIN)}), 422
    return entered(text, own_path(request.args.get("next", ""), url_for("access.account")))


@page(bp, "/once", roles=PEOPLE, methods=("GET", "POST"))
def once() -> Any:
    """A link, a token or recovery codes, until their reader has them."""
    if request.method == "POST":
        return redirect(own_path(act(notes.drop, g.actor.session_id or ""), url_for("access.home")), 303)
    note = ask(notes.read, g.actor.session_id or "")
    if note is None:
        return redirect(url_for("access.home"), 303)
    return render_template("access/once.html", note=note, heading=HEADINGS[note.kind])
