"""One phone with several people: which of them; and another phone number for oneself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g, redirect, render_template, request, url_for

from charter.access import forms
from charter.access.service import codes, persons, sessions
from charter.access.views.blueprint import bp, entered, typed
from charter.access.views.signing_in import challenge_and_code, with_challenge
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.i18n import N_, gettext
from charter.core.problems import NotFound
from charter.core.routes import page

__all__ = ["bp"]

WORKER = frozenset({Role.WORKER})
WRONG_PERSON = N_("姓名和证件号码对不上，请照证件再填一次")
WRONG_MOVE = N_("验证码或证件号码后六位不对，请再试一次")


@page(bp, "/who", roles=WORKER)
def who() -> Any:
    """Which person of this phone; whoever gave its number elsewhere says who he is first."""
    return _who({}, "", 200)


def _who(errors: dict[str, str], name: str, status: int) -> Any:
    proven, waiting = ask(persons.of_session, g.actor)
    if not proven and not waiting:
        return redirect(url_for("access.home"), 303)
    return render_template("access/who.html", proven=proven, waiting=waiting, errors=errors, name=name), status


@page(bp, "/who/<uuid:worker_id>", roles=WORKER, methods=("POST",))
def choose_person(worker_id: UUID) -> Response:
    """Act for this person."""
    return entered(act(persons.choose, g.actor, worker_id), lasting=True)


@page(bp, "/who/prove", roles=WORKER, methods=("POST",))
def prove_person() -> Any:
    """Name and last six of the document."""
    said = typed("name", "tail")
    text = act(persons.prove, g.actor, said["name"], said["tail"])
    if text is None:
        return _who({"name": gettext(WRONG_PERSON)}, said["name"], 422)
    return entered(text, lasting=True)


@page(bp, "/who/new", roles=WORKER, methods=("POST",))
def new_person() -> Response:
    """Somebody who has no data here yet: go on without a person."""
    return entered(act(sessions.without_worker, g.actor.session_id or ""), lasting=True)


@page(bp, "/me/phone", roles=WORKER, methods=("GET", "POST"))
def change_phone() -> Any:
    """Another number: a code goes to it."""
    if g.actor.scope("worker") is None:
        raise NotFound
    written = request.form.get("phone", "")[:40]
    number = forms.clean_phone(written)
    if request.method == "GET" or number is None:
        errors = {"phone": gettext(forms.WRONG_PHONE)} if request.method == "POST" else {}
        return render_template("access/change_phone.html", phone=written, errors=errors), 422 if errors else 200
    challenge = act(codes.ask_code, number, request.remote_addr or "")
    return with_challenge(redirect(url_for("access.change_phone_code"), 303), challenge)  # type: ignore[arg-type]


@page(bp, "/me/phone/code", roles=WORKER, methods=("GET", "POST"))
def change_phone_code() -> Any:
    """The code that came to the new number, and the last six of the document."""
    if g.actor.scope("worker") is None:
        raise NotFound
    if request.method == "GET":
        return render_template("access/change_phone_code.html", errors={})
    text = act(persons.move_by_worker, g.actor, *challenge_and_code(), typed("tail")["tail"])
    if text is None:
        return render_template("access/change_phone_code.html", errors={"code": gettext(WRONG_MOVE)}), 422
    return entered(text, lasting=True)
