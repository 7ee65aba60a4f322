"""Pages of signing in: by phone or by password; signing out; and each role's first page."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from charter.access import forms
from charter.access.problems import StillWaiting
from charter.access.service import codes, sessions, staff
from charter.access.views.blueprint import bp, entered
from charter.core import audit
from charter.core.actor import ORGANIZERS, Actor, Role, acting
from charter.core.db import act
from charter.core.routes import PUBLIC, ROUTES, own_path, page, session_cookie
from charter.people.queries import workers

__all__ = ["bp", "challenge_and_code", "with_challenge"]

CHALLENGE = "challenge"
EVERYBODY = frozenset(Role)
FIRST = (("insight.overview", ORGANIZERS), ("insight.report", frozenset({Role.FUNDS_AUDITOR})),
         ("boarding.volunteer", frozenset({Role.VOLUNTEER})), ("bookings.my_trip", frozenset({Role.WORKER})),
         ("access.accounts", frozenset({Role.SECURITY_MANAGER})),
         ("access.system", frozenset({Role.ADMINISTRATOR})), ("access.audit_log", frozenset({Role.AUDITOR})),
         ("bookings_desk.people", frozenset({Role.EMPLOYER, Role.ORIGIN_PARTNER, Role.HOTLINE})))


@page(bp, "/sign-in", roles=PUBLIC)
def sign_in() -> str:
    """Two ways in."""
    return render_template("access/sign_in.html", next=_next())


@page(bp, "/sign-in/phone", roles=PUBLIC, methods=("GET", "POST"))
def phone() -> Any:
    """A phone, to which a code is sent."""
    if request.method == "GET":
        return render_template("access/phone.html", phone="", errors={})
    written = request.form.get("phone", "")[:40]
    number = forms.clean_phone(written)
    if number is None:
        return render_template("access/phone.html", phone=written, errors={"phone": forms.WRONG_PHONE}), 422
    challenge = act(codes.ask_code, number, request.remote_addr or "")
    return with_challenge(redirect(url_for("access.code", **_next()), 303), challenge)  # type: ignore[arg-type]


def with_challenge(response: Response, challenge: str) -> Response:
    """Bind the code that was asked for to this browser."""
    response.set_cookie(session_cookie(CHALLENGE), challenge, max_age=int(codes.LIFE.total_seconds()), httponly=True,
                        samesite="Lax", secure=request.is_secure, path="/")
    return response


def challenge_and_code() -> tuple[str, str]:
    """What this browser asked for, and what came by message."""
    return (request.cookies.get(session_cookie(CHALLENGE), "")[:64],
            forms.clean_code(request.form.get("code", "")[:20]))


def _next() -> dict[str, str]:
    onward = own_path(request.args.get("next", ""), "")
    return {"next": onward} if onward else {}


@page(bp, "/sign-in/code", roles=PUBLIC, methods=("GET", "POST"))
def code() -> Any:
    """The code that came by message."""
    if request.method == "GET":
        return render_template("access/code.html", errors={})
    opened = act(_open_phone, *challenge_and_code(), g.actor.session_id)
    if opened is None:
        return render_template("access/code.html", errors={"code": forms.WRONG_CODE}), 422
    text, known = opened
    if known:
        return entered(text, lasting=True)
    onward = redirect(url_for("access.who", **_next()), 303)  # type: ignore[arg-type]
    return sessions.remember(onward, text, lasting=True)  # type: ignore[arg-type]


def _open_phone(session: Session, challenge: str, digits: str, before: str | None) -> tuple[str, bool] | None:
    """A session of the phone that the code proves, and whether it is clear for which person it acts."""
    number = codes.check_code(session, challenge, digits)
    if number is None:
        return None
    _end_before(session, before)
    account = codes.worker_account(session, number)
    people = workers.of_phone(session, number)
    only = people[0].id if len(people) == 1 and people[0].phone_proven else None
    return sessions.begin(session, account, second_factor=False, worker_id=only), only is not None or not people


def _end_before(session: Session, before: str | None) -> None:
    """The session that this browser had is over: nobody else may go on with it."""
    if before is not None:
        sessions.end(session, before)


@page(bp, "/sign-in/staff", roles=PUBLIC, methods=("GET", "POST"))
def staff_sign_in() -> Any:
    """Name, password and, where the account has one, the code of the second factor."""
    if request.method == "GET":
        return render_template("access/staff.html", username="", errors={})
    username = request.form.get("username", "")[:64].strip()
    try:
        text = act(_open_staff, username, request.form.get("password", "")[:200], request.form.get("totp", "")[:20],
                   request.remote_addr or "", g.actor.session_id)
    except StillWaiting as waiting:
        return render_template("access/staff.html", username=username, errors={"password": waiting.message}), 403
    if text is None:
        return render_template("access/staff.html", username=username,
                               errors={"password": forms.WRONG_PASSWORD}), 422
    return entered(text)


def _open_staff(session: Session, username: str, password: str, totp: str, address: str,
                before: str | None) -> str | None:
    account = staff.by_password(session, username, password, address)
    if account is None:
        return None
    second = account.totp_sealed is not None or account.role in staff.NEEDS_SECOND
    if second and not staff.check_second(session, account, totp):
        audit.record(session, "sign_in.refused", "account", account.id, second_factor=True)
        return None
    _end_before(session, before)
    with acting(Actor(Role(account.role), account_id=str(account.id))):
        audit.record(session, "staff.signed_in", "account", account.id)
    return sessions.begin(session, account, second_factor=True)


@page(bp, "/sign-out", roles=EVERYBODY, methods=("POST",))
def sign_out() -> Response:
    """End this session."""
    if g.actor.session_id is not None:
        act(sessions.end, g.actor.session_id)
    return sessions.forget(redirect(url_for("access.sign_in"), 303))  # type: ignore[arg-type]


@page(bp, "/home", roles=EVERYBODY)
def home() -> Any:
    """Each role's first page; who has none yet is told so."""
    for endpoint, roles in FIRST:
        if g.actor.role in roles and endpoint in ROUTES:
            return redirect(url_for(endpoint), 303)
    return render_template("access/home.html")
