"""A signed-in caller of the desk's pages, and the forms that he sends."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import sessions
from charter.core import db
from charter.core.actor import Role


def sign_in(client: FlaskClient, role: Role = Role.CITY_ORGANIZER, *, scope_kind: str | None = None,
            scope_id: str | None = None) -> FlaskClient:
    """This client calls as a fresh account of the role."""
    client.set_cookie("session", db.act(_session, role, scope_kind, scope_id))
    return client


def _session(session: Session, role: Role, scope_kind: str | None, scope_id: str | None) -> str:
    account = Account(role=role, username=f"{role}-{scope_id or 1}", name=str(role), scope_kind=scope_kind,
                      scope_id=scope_id)
    session.add(account)
    session.flush()
    return sessions.begin(session, account, second_factor=True)


def fields(page: str, action: str = "") -> dict[str, str]:
    """What the form of a page (the first one, or the one whose action ends so) would send as it stands."""
    for form in re.findall(r"<form\b.*?</form>", page, re.S):
        if 'method="post"' not in form or re.search('switch|role="search"', form.split(">")[0]):
            continue
        where = re.search(r'action="([^"]*)"', form.split(">")[0])
        if action and not (where and where[1].endswith(action)):
            continue
        return _inputs(form)
    raise AssertionError("no such form")


def _inputs(form: str) -> dict[str, str]:
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name = re.search(r'\bname="([^"]*)"', tag)
        value = re.search(r'\bvalue="([^"]*)"', tag, re.S)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent[unescape(name[1])] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = unescape(text)
    for name, options in re.findall(r'<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    return sent


def token(client: FlaskClient, page: str = "/desk/setup") -> dict[str, str]:
    """The form token of this client."""
    found = re.search(r'name="form_token" value="(\w+)"', client.get(page).text)
    assert found
    return {"form_token": found[1]}
