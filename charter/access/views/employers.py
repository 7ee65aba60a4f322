"""Employers of a district: their clerks, invitations, claims to decide; and the public page by which a clerk claims."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from charter.access.queries import accounts as account_queries
from charter.access.queries import employers as queries
from charter.access.service import accounts, claims, notes
from charter.access.views.accounts import link
from charter.access.views.blueprint import PAGE, bp, page_number, typed, wrong_fields
from charter.core.actor import ORGANIZERS
from charter.core.db import act, ask
from charter.core.problems import NotFound, Problem
from charter.core.routes import PUBLIC, page

__all__ = ["bp"]


@page(bp, "/desk/employers", roles=ORGANIZERS)
def employers() -> str:
    """Employers, and what waits for a decision."""
    words, number = request.args.get("words", "")[:64].strip(), page_number()
    rows = ask(queries.employers, g.actor, words=words, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("access/employers.html", rows=rows[:PAGE], more=len(rows) > PAGE, page=number, words=words,
                           waiting=ask(queries.claims, g.actor))


@page(bp, "/desk/employers/<uuid:employer_id>", roles=ORGANIZERS)
def employer(employer_id: UUID) -> str:
    """One employer and its clerks."""
    return render_template("access/employer.html", found=ask(queries.employer, g.actor, employer_id),
                           clerks=ask(account_queries.clerks_of, g.actor, employer_id))


@page(bp, "/desk/employers/<uuid:employer_id>/invite", roles=ORGANIZERS, methods=("POST",))
def invite_clerk(employer_id: UUID) -> Response:
    """A link for one clerk."""
    act(_invite, employer_id, typed("name")["name"])
    return redirect(url_for("access.once"), 303)


def _invite(session: Session, employer_id: UUID, name: str) -> None:
    path = claims.invite_clerk(session, g.actor, employer_id, name)
    _show(session, path, employer_id)


def _show(session: Session, path: str, employer_id: UUID) -> None:
    back = url_for("access.employer", employer_id=employer_id)
    notes.leave(session, g.actor.session_id, notes.Note("invitation", (link(path),), back))


@page(bp, "/desk/employers/<uuid:employer_id>/clerks/<uuid:account_id>/<verb>", roles=ORGANIZERS, methods=("POST",))
def clerk(employer_id: UUID, account_id: UUID, verb: str) -> Response:
    """A clerk leaves, comes back, or is locked out."""
    if verb == "reset":
        act(_reset, employer_id, account_id)
        return redirect(url_for("access.once"), 303)
    done = {"deactivate": accounts.deactivate, "activate": accounts.activate}.get(verb)
    if done is None:
        raise NotFound
    act(done, g.actor, account_id)
    return redirect(url_for("access.employer", employer_id=employer_id), 303)


def _reset(session: Session, employer_id: UUID, account_id: UUID) -> None:
    _show(session, accounts.reset(session, g.actor, account_id), employer_id)


@page(bp, "/desk/claims/<uuid:claim_id>/accept", roles=ORGANIZERS, methods=("POST",))
def accept_claim(claim_id: UUID) -> Response:
    """The clerk is believed."""
    act(claims.accept, g.actor, claim_id)
    return redirect(url_for("access.employers"), 303)


@page(bp, "/desk/claims/<uuid:claim_id>/refuse", roles=ORGANIZERS, methods=("POST",))
def refuse_claim(claim_id: UUID) -> Response:
    """The clerk is not believed."""
    act(claims.refuse, g.actor, claim_id)
    return redirect(url_for("access.employers"), 303)


@page(bp, "/claim", roles=PUBLIC, methods=("GET", "POST"))
def claim() -> Any:
    """A clerk claims an employer by its credit code."""
    if request.method == "GET":
        return _claim_page({}, {}, 200)
    said = typed("credit_code", "employer_name", "district", "name", "username", "evidence")
    try:
        act(claims.claim, claims.ClaimIn(password=request.form.get("password", "")[:500], **said),
            request.remote_addr or "")
    except Problem as wrong:
        return _claim_page(said, wrong_fields(wrong, "credit_code"), wrong.status)
    return redirect(url_for("access.claimed"), 303)


def _claim_page(said: dict[str, str], errors: dict[str, str], status: int) -> Any:
    return render_template("access/claim.html", said=said, errors=errors, districts=ask(queries.districts)), status


@page(bp, "/claim/done", roles=PUBLIC)
def claimed() -> str:
    """What happens next."""
    return render_template("access/claimed.html")
