"""Pages on which districts, origin partners and employers are written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from charter.access.queries import employers as employer_queries
from charter.access.queries import organizations as queries
from charter.access.service import organizations as service
from charter.access.views.blueprint import bp, typed, wrong_fields
from charter.core.actor import ORGANIZERS, Role
from charter.core.db import act, ask
from charter.core.problems import Problem
from charter.core.routes import page

__all__ = ["bp"]

CITY = frozenset({Role.CITY_ORGANIZER})


@page(bp, "/desk/organizations", roles=CITY)
def organizations() -> str:
    """Districts and origin partners."""
    return _page({}, {})


def _page(said: dict[str, str], errors: dict[str, str], tried: str = "") -> str:
    return render_template("access/organizations.html", districts=ask(queries.districts),
                           partners=ask(queries.partners), said=said, errors=errors, tried=tried)


@page(bp, "/desk/organizations/district", roles=CITY, methods=("POST",))
def add_district() -> Any:
    """A district with its federation."""
    said = typed("place", "hotline")
    try:
        act(service.add_district, said["place"], said["hotline"])
    except Problem as wrong:
        return _page(said, wrong_fields(wrong, "place"), "district"), 422
    return redirect(url_for("access.organizations"), 303)


@page(bp, "/desk/organizations/partner", roles=CITY, methods=("POST",))
def add_partner() -> Any:
    """An origin partner with its counties."""
    said = typed("name", "places")
    try:
        act(service.add_partner, said["name"], said["places"])
    except Problem as wrong:
        return _page(said, wrong_fields(wrong, "name"), "partner"), 422
    return redirect(url_for("access.organizations"), 303)


@page(bp, "/desk/employers/new", roles=ORGANIZERS, methods=("GET", "POST"))
def new_employer() -> Any:
    """An employer; then its clerk is invited."""
    if request.method == "GET":
        return _employer_page({}, {}, 200)
    said = typed("name", "credit_code", "district")
    try:
        made = act(_add_employer, said)
    except Problem as wrong:
        return _employer_page(said, wrong_fields(wrong, "name"), 422)
    return redirect(url_for("access.employer", employer_id=made), 303)


def _add_employer(session: Session, said: dict[str, str]) -> UUID:
    return service.add_employer(session, g.actor, said["name"], said["credit_code"], said["district"])


def _employer_page(said: dict[str, str], errors: dict[str, str], status: int) -> Any:
    asked = g.actor.role == Role.CITY_ORGANIZER
    return render_template("access/new_employer.html", said=said, errors=errors,
                           districts=ask(employer_queries.districts) if asked else []), status
