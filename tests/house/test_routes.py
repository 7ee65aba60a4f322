"""Every route as every role and as nobody. A route that is not in route_table.csv fails: permission is looked at."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from uuid import uuid4

import pytest

from charter.access.models import Account
from charter.access.service import sessions
from charter.access.service.tokens import SCOPE_OF_ROLE, create_token
from charter.core import db
from charter.core.actor import Role
from charter.core.routes import ROUTES

TABLE = Path(__file__).with_name("route_table.csv")
VALUES = {"departure": "1", "serial": "1", "uuid": "00000000-0000-4000-8000-000000000000", "int": "0", "path": "x",
          "default": "x", "string": "x"}


def written():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["endpoint"]: row for row in csv.DictReader(file)}


def as_row(endpoint):
    route = ROUTES[endpoint]
    return {"endpoint": endpoint, "methods": " ".join(sorted(route.methods)), "rule": route.rule,
            "roles": " ".join(sorted(route.roles)) or "anybody"}


def address(rule):
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: VALUES[found[1] or "default"], rule)


def scope_of(role):
    kind = SCOPE_OF_ROLE[role][0]
    return kind, None if kind is None else ("1" if kind == "departure" else str(uuid4()))


@pytest.fixture
def callers(database):
    """A bearer header and a session cookie for each role."""
    made = {}
    with db.transaction() as session:
        for role in Role:
            kind, key = scope_of(role)
            _, token = create_token(session, role, kind, key)
            account = Account(role=role, username=f"{role}-1", name=str(role), scope_kind=kind, scope_id=key)
            session.add(account)
            session.flush()
            made[role] = (token, sessions.begin(session, account, second_factor=True))
    return made


def test_every_route_stands_in_the_table(app):
    served = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert served == set(ROUTES)
    assert {endpoint: as_row(endpoint) for endpoint in sorted(ROUTES)} == written()


def test_nobody_gets_only_what_is_public(app):
    client = app.test_client()
    for route in ROUTES.values():
        for method in route.methods:
            answer = client.open(address(route.rule), method=method, data=b"{", content_type="application/json")
            if not route.roles:
                assert answer.status_code != 401, route.endpoint
            elif route.kind == "api":
                assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated"), route.endpoint
            else:
                assert answer.status_code == 303, route.endpoint


@pytest.mark.parametrize("role", list(Role))
def test_a_role_that_is_not_named_is_refused(app, callers, role):
    token, cookie = callers[role]
    for route in ROUTES.values():
        if not route.roles or role in route.roles:
            continue
        for method in route.methods:
            client = app.test_client()
            client.set_cookie("session", cookie)
            headers = {"Authorization": f"Bearer {token}"} if route.kind == "api" else {}
            answer = client.open(address(route.rule), method=method, headers=headers)
            assert answer.status_code == 403, f"{role} {method} {route.endpoint}"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_that_is_named_meets_no_fault_at_a_missing_thing(app, callers, role):
    app.config["PROPAGATE_FAULTS"] = False
    token, cookie = callers[role]
    for route in ROUTES.values():
        if role not in route.roles:
            continue
        for method in route.methods:
            client = app.test_client()
            client.set_cookie("session", cookie)
            headers = {"Authorization": f"Bearer {token}"} if route.kind == "api" else {}
            answer = client.open(address(route.rule), method=method, headers=headers)
            assert answer.status_code < 500, f"{role} {method} {route.endpoint}"
            assert answer.status_code != 401, f"{role} {method} {route.endpoint}"


def test_a_form_without_its_token_changes_nothing(app, callers):
    for route in ROUTES.values():
        if route.kind != "page" or route.methods == ("GET",):
            continue
        client = app.test_client()
        role = next(iter(sorted(route.roles)), None)
        if role is not None:
            client.set_cookie("session", callers[Role(role)][1])
        answer = client.post(address(route.rule), data={"form_token": "0" * 64})
        assert answer.status_code == 400, route.endpoint


def test_a_token_in_the_address_opens_nothing(app, callers):
    token = callers[Role.CITY_ORGANIZER][0]
    url = address("/api/v1/registrations/<uuid:x>")
    assert app.test_client().get(f"{url}?access_token={token}").status_code == 401
