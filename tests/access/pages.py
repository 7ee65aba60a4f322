"""Callers of pages: forms with their token, signed-in accounts, what a page shows once."""

from __future__ import annotations

import re
from uuid import UUID

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from charter.access.models import Account
from charter.access.service import sessions, staff
from charter.core import db
from charter.core.actor import Role
from charter.people.models import District, Employer, Union

PASSWORD = "kelp violin harbour nine"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def form_token(client: FlaskClient, url: str = "/sign-in/phone") -> str:
    """The token of a form that this browser has open."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get(url).text)
    assert found, url
    return found[1]


def post(client: FlaskClient, url: str, *, headers: dict[str, str] | None = None, **fields: str):
    """Send a form as a browser does."""
    return client.post(url, data={"form_token": form_token(client), **fields}, headers=headers)


def account(role: Role, username: str, *, kind: str | None = None, key: object = None,
            password: str = PASSWORD) -> UUID:
    """A staff account, with a second factor where the role needs one."""
    with db.transaction() as session:
        made = staff.create_account(session, role, username, password, scope_kind=kind, name=username,
                                    scope_id=None if key is None else str(key),
                                    totp_secret=SECRET if role in staff.NEEDS_SECOND else None)
        return made.id


def signed_in(app: Flask, account_id: UUID, *, fresh: bool = True, worker_id: UUID | None = None) -> FlaskClient:
    """A browser with a session of the account."""
    client = app.test_client()
    with db.transaction() as session:
        text = sessions.begin(session, session.get_one(Account, account_id), second_factor=fresh, worker_id=worker_id)
    client.set_cookie("session", text)
    return client


def shown_once(client: FlaskClient) -> str:
    """The link or token that the next page shows."""
    found = re.search(r'readonly value="([^"]+)"', client.get("/once").text)
    assert found
    return found[1]


def path_of(link: str) -> str:
    """A link without its host."""
    return "/" + link.split("/", 3)[3]


def district(code: str = "350206", name: str = "湖里区") -> UUID:
    """A district under a city federation."""
    with db.transaction() as session:
        union = Union(kind="city", name=f"市总工会{code}", name_en="City", hotline="059212351")
        session.add(union)
        session.flush()
        made = District(code=code, name=name, name_en=name, union_id=union.id)
        session.add(made)
        session.flush()
        return made.id


def employer(district_id: UUID, name: str = "厦门甲有限公司", code: str | None = "91350200MA34567832") -> UUID:
    """An employer of the district."""
    with db.transaction() as session:
        made = Employer(name=name, district_id=district_id, credit_code=code)
        session.add(made)
        session.flush()
        return made.id


def now_code(secret: str = SECRET) -> str:
    """What an authenticator shows now."""
    return pyotp.TOTP(secret).now()
