"""Pages of access: sign in by phone or by password, sign out, and each role's first page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access import forms
from charter.access.models import Account
from charter.access.service import codes, sessions, staff
from charter.core.actor import ORGANIZERS, Role
from charter.core.db import act
from charter.core.routes import PUBLIC, ROUTES, page, session_cookie
from charter.people.queries import workers

bp = Blueprint("access", __name__, template_folder="templates")
CHALLENGE = "challenge"
EVERYBODY = frozenset(Role)
FIRST = (("insight.overview", ORGANIZERS), ("insight.report", frozenset({Role.FUNDS_AUDITOR})),
         ("boarding.volunteer", frozenset({Role.VOLUNTEER})), ("bookings.my_trip", frozenset({Role.WORKER})),
         ("bookings_desk.people", frozenset({Role.EMPLOYER, Role.ORIGIN_PARTNER, Role.HOTLINE})))


@page(bp, "/sign-in", roles=PUBLIC)
def sign_in() -> str:
    """Two ways in."""
    return render_template("access/sign_in.html")


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
    response = redirect(url_for("access.code"), 303)
    response.set_cookie(session_cookie(CHALLENGE), challenge, max_age=int(codes.LIFE.total_seconds()), httponly=True,
                        samesite="Lax", secure=request.is_secure, path="/")
    return response


@page(bp, "/sign-in/code", roles=PUBLIC, methods=("GET", "POST"))
def code() -> Any:
    """The code that came by message."""
    if request.method == "GET":
        return render_template("access/code.html", errors={})
    challenge = request.cookies.get(session_cookie(CHALLENGE), "")[:64]
    number = act(codes.check_code, challenge, forms.clean_code(request.form.get("code", "")[:20]))
    if number is None:
        return render_template("access/code.html", errors={"code": forms.WRONG_CODE}), 422
    return _entered(act(_open_phone, number))


def _open_phone(session: Session, number: str) -> str:
    account = codes.worker_account(session, number)
    proven = [found for found in workers.of_phone(session, number) if found.phone_proven]
    return sessions.begin(session, account, second_factor=False,
                          worker_id=proven[0].id if len(proven) == 1 else None)


def _entered(text: str) -> Response:
    response = redirect(url_for("access.home"), 303)
    return sessions.remember(response, text)  # type: ignore[arg-type]


@page(bp, "/sign-in/staff", roles=PUBLIC, methods=("GET", "POST"))
def staff_sign_in() -> Any:
    """Name, password and, where the account has one, the code of the second factor."""
    if request.method == "GET":
        return render_template("access/staff.html", username="", errors={})
    username = request.form.get("username", "")[:64].strip()
    text = act(_open_staff, username, request.form.get("password", "")[:200],
               forms.clean_code(request.form.get("totp", "")[:20]), request.remote_addr or "")
    if text is None:
        return render_template("access/staff.html", username=username,
                               errors={"password": forms.WRONG_PASSWORD}), 422
    return _entered(text)


def _open_staff(session: Session, username: str, password: str, totp: str, address: str) -> str | None:
    account = staff.by_password(session, username, password, address)
    if account is None:
        return None
    second = account.totp_sealed is not None or account.role in staff.NEEDS_SECOND
    if second and not staff.check_totp(session, account, totp):
        return None
    return sessions.begin(session, session.scalars(select(Account).where(Account.id == account.id)).one(),
                          second_factor=second)


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
