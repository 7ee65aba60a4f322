"""What strangers send: bodies of any shape, forged forms, odd addresses; and what every answer carries."""

from __future__ import annotations

import json
import logging
import re

import pytest
from access import pages
from bookings.factories import bearer, scene
from cast import assemble
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from charter.access.service.tokens import SCOPE_OF_ROLE
from charter.app import create_app
from charter.core import db
from charter.core.actor import Role
from charter.core.logs import masked
from charter.core.routes import ROUTES

EVIL = {"role": "security_manager", "scope": None, "scope_kind": None, "employer_id": "x", "status": "confirmed",
        "state": "confirmed", "id": "00000000-0000-4000-8000-000000000000"}
VALUES = {"departure": "1", "serial": "1", "uuid": "00000000-0000-4000-8000-000000000000", "int": "0", "path": "x"}
SECRET_ID, SECRET_PHONE = "511922198001011234", "15400000001"
odd_text = some.text(max_size=30) | some.sampled_from(
    ["\0", "%00", "'; --", "{{ config }}", "../..", "０", "9" * 40, "\u202e", "=1+1", "<img src=x>", "null", "1e999"])
odd_json = some.recursive(some.none() | some.booleans() | some.integers() | some.floats() | odd_text,
                          lambda inner: some.lists(inner, max_size=4) | some.dictionaries(odd_text, inner, max_size=4),
                          max_leaves=12)


def address(rule, **known):
    def fill(found):
        return str(known.get(found[2], VALUES.get(found[1] or "", "x")))
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", fill, rule)


@pytest.fixture
def calls(database):
    """An application that turns faults into pages, and for each role a token whose scope exists."""
    app = create_app()
    with db.transaction() as session:
        made = scene(session)
        ids = {"campaign": made.campaign.id, "district": made.employer.district_id, "employer": made.employer.id,
               "departure": made.departure.id, "partner": made.campaign.id, "worker": made.campaign.id}
        headers = {role: bearer(session, role, SCOPE_OF_ROLE[role][0], ids.get(SCOPE_OF_ROLE[role][0] or ""))
                   for role in Role}
        known = {"campaign_id": made.campaign.id, "departure_id": made.departure.id}
    return app, headers, known


def api_posts():
    return sorted((route for route in ROUTES.values() if route.kind == "api" and "POST" in route.methods),
                  key=lambda route: route.endpoint)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=odd_json)
def test_no_body_brings_a_call_down(calls, body):
    app, headers, known = calls
    client = app.test_client()
    for route in api_posts():
        role = next(iter(sorted(route.roles)), None)
        names = list(route.body.model_fields) if route.body else []
        for sent in (body, dict.fromkeys(names, body)):
            answer = client.post(address(route.rule, **known), data=json.dumps(sent).encode("utf-8", "surrogatepass"),
                                 content_type="application/json", headers=headers[Role(role)] if role else {})
            assert answer.status_code < 500, (route.endpoint, sent, answer.text)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=some.binary(max_size=60), kind=some.sampled_from(["application/json", "text/plain", "multipart/form-data",
                                                             "application/json; charset=utf-16", ""]))
def test_no_bytes_bring_a_call_down(calls, raw, kind):
    app, headers, known = calls
    client = app.test_client()
    for route in api_posts():
        role = next(iter(sorted(route.roles)), None)
        answer = client.post(address(route.rule, **known), data=raw, content_type=kind,
                             headers=headers[Role(role)] if role else {})
        assert answer.status_code < 500, (route.endpoint, raw, kind)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=odd_text, other=odd_text)
def test_no_text_brings_a_page_down(app, database, cast, text, other):
    app.config["PROPAGATE_FAULTS"] = False
    for route in ROUTES.values():
        if route.kind != "page" or route.endpoint == "core.static_file":
            continue
        name = next((name for name in cast.cookies if cast.actors[name].role in route.roles), None)
        client = cast.client(app, name) if name else app.test_client()
        url = address(route.rule, campaign_id=cast.scene.campaign.id, departure_id=cast.scene.departure.id)
        if "GET" in route.methods:
            answer = client.get(url, query_string={"words": text, "page": other, "day": text, "campaign": other,
                                                   "next": text, "role": other, "before": text, "state": other})
            assert answer.status_code < 500, (route.endpoint, text, other, answer.text)
        if "POST" in route.methods:
            fields = dict.fromkeys(("name", "phone", "code", "tail", "reason", "password", "username", "scope", "days",
                                    "until", "day", "seat", "actual", "evidence", "credit_code", "key", "back"), text)
            answer = pages.post(client, url, **fields)
            assert answer.status_code < 500, (route.endpoint, text, answer.text)


@pytest.fixture
def cast(database):
    with db.transaction() as session:
        return assemble(session)


def test_no_call_takes_a_role_scope_state_or_id_from_its_body(calls):
    app, headers, known = calls
    tried = 0
    for route in api_posts():
        if route.body is None:
            continue
        role = next(iter(sorted(route.roles)), None)
        for name in set(EVIL) - set(route.body.model_fields):
            answer = app.test_client().post(address(route.rule, **known), json={name: EVIL[name]},
                                            headers=headers[Role(role)] if role else {})
            assert answer.status_code == 422, (route.endpoint, name, answer.text)
            assert (name, "unknown_field") in {(found["field"], found["code"]) for found in answer.json["errors"]}
            tried += 1
    assert tried > 30


def test_a_form_from_elsewhere_changes_nothing_whatever_it_carries(app):
    mine = pages.account(Role.CITY_ORGANIZER, "organizer1")
    client = pages.signed_in(app, mine)
    token = pages.form_token(client)
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                    {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://localhost.evil.example"}):
        answer = client.post("/account/sign-out-everywhere", data={"form_token": token}, headers=headers)
        assert answer.status_code == 400, headers
    plain = client.post("/account/sign-out-everywhere", data=f"form_token={token}", content_type="text/plain",
                        headers={"Origin": "https://evil.example"})
    assert plain.status_code == 400
    assert client.post("/account/sign-out-everywhere", data=f"form_token={token}",
                       content_type="text/plain").status_code == 400
    assert client.get("/account").status_code == 200, "still signed in"


def test_a_session_cookie_opens_no_call(app):
    client = pages.signed_in(app, pages.account(Role.CITY_ORGANIZER, "organizer1"))
    for route in ROUTES.values():
        if route.kind == "api" and route.roles:
            for method in route.methods:
                assert client.open(address(route.rule), method=method, json={}).status_code == 401, route.endpoint


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "/account\r\nX: y",
                                    "javascript:alert(1)", "/api/v1/campaigns", "/sign-out", "/nowhere", "evil", "",
                                    "/account\0", "http:/evil", "/%2f/evil.example", "///evil.example/account"])
def test_after_signing_in_one_stays_in_this_house(app, onward):
    pages.account(Role.HOTLINE, "hotline1", kind="campaign", key=VALUES["uuid"])
    client = app.test_client()
    answer = client.post("/sign-in/staff", query_string={"next": onward}, data={
        "form_token": pages.form_token(client), "username": "hotline1", "password": pages.PASSWORD})
    assert answer.status_code in (303, 400)
    assert answer.location in (None, "/home")


def test_after_signing_in_one_is_where_one_wanted_to_go(app):
    pages.account(Role.HOTLINE, "hotline1", kind="campaign", key=VALUES["uuid"])
    client = app.test_client()
    asked = client.get("/account?x=1")
    assert asked.location == "/sign-in?next=/account?x%3D1"
    page = client.get(asked.location).text
    way = re.search(r'href="(/sign-in/staff\?[^"]+)"', page)[1].replace("&amp;", "&")
    assert pages.post(client, way, username="hotline1", password=pages.PASSWORD).location == "/account?x=1"


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil", "/sign-out"])
def test_choosing_a_language_leads_nowhere_else(app, back):
    assert pages.post(app.test_client(), "/language/en", back=back).location == "/"


def test_every_answer_carries_its_headers(calls):
    app, headers, known = calls
    client = app.test_client()
    answers = [(route.endpoint, client.open(address(route.rule, **known), method=method,
                                            headers=headers[Role(sorted(route.roles)[0])] if route.roles else {}))
               for route in ROUTES.values() for method in route.methods]
    answers += [("missing", client.get("/nowhere")), ("method", client.put("/sign-in")),
                ("api", client.get("/api/v1/nowhere")), ("nobody", client.post("/api/v1/scans"))]
    assert {answer.status_code for _, answer in answers} >= {200, 303, 401, 404, 405, 422}
    for name, answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        framed = "*" if name == "briefs.figures" else "'none'"  # totals without people, made to stand in other sites
        assert f"frame-ancestors {framed}" in policy, name
        assert "unsafe-inline" not in policy, name
        assert "wasm-unsafe-eval" not in policy or answer.request.path.startswith("/scan/"), name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] == "no-referrer", name
        assert "Access-Control-Allow-Origin" not in answer.headers, name
        if name != "core.static_file":
            assert "no-store" in answer.headers["Cache-Control"], name
            assert "Cookie" in answer.headers["Vary"], name
        if answer.content_length and answer.mimetype.startswith("text/"):
            assert "charset" in answer.headers["Content-Type"].lower(), name


def test_https_answers_say_so_for_a_year(app):
    answer = app.test_client().get("/sign-in", base_url="https://charter.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def rooms_pages():
    """One page or call of each blueprint that can be read."""
    found = {}
    for route in sorted(ROUTES.values(), key=lambda route: route.endpoint):
        if "GET" in route.methods and route.endpoint != "core.static_file":
            found.setdefault(route.endpoint.split(".")[0], route)
    return found


def test_a_fault_in_any_room_shows_a_number_and_logs_no_secret(calls, cast_of_faults, caplog):
    app, headers, known = calls

    def broken(**_):
        raise RuntimeError(f"not {SECRET_ID} of {SECRET_PHONE} by chr_abcdefghijklmnop code=123456\nforged line")
    rooms = rooms_pages()
    assert len(rooms) >= 12
    for room, route in rooms.items():
        app.view_functions[route.endpoint] = broken
        client = app.test_client()
        role = Role(sorted(route.roles)[0]) if route.roles else None
        if role is not None and route.kind == "page":
            client.set_cookie("session", cast_of_faults(role))
        caplog.clear()
        answer = client.get(address(route.rule, **known),
                            headers=headers[role] if role and route.kind == "api" else {})
        assert answer.status_code == 500, room
        number = re.search(r'(?:：|"number": ")([0-9a-f]{8})\b', answer.text)[1]
        for shown in (answer.text, caplog.text):
            assert not any(secret in shown for secret in (SECRET_ID, SECRET_PHONE, "abcdefghijklmnop", "123456")), room
        assert "RuntimeError" not in answer.text
        assert "Traceback" not in answer.text
        assert number in caplog.text
        assert "Traceback" in caplog.text


@pytest.fixture
def cast_of_faults(database):
    def cookie(role):
        from charter.access.models import Account
        from charter.access.service import sessions
        with db.transaction() as session:
            made = Account(role=role, name=str(role))
            session.add(made)
            session.flush()
            return sessions.begin(session, made, second_factor=True)
    return cookie


@pytest.mark.parametrize("line", [SECRET_ID, f"id={SECRET_ID};", f"{SECRET_ID[:17]}X", f"+86{SECRET_PHONE}",
                                  SECRET_PHONE, "Bearer chr_0123456789abcdef", "GET /join/abcdefghijklmnop HTTP",
                                  "code: 123456", "验证码是 123456"])
def test_a_logged_line_shows_four_characters_at_most(line):
    shown = masked(line)
    assert "***" in shown
    assert not re.search(r"\d{6}|abcdefgh", shown)


@pytest.mark.parametrize("line", ["fault 12345678 at GET bookings.booking", "serial 1234567890123456789", "took 150000",
                                  "departure 281474976710655"])
def test_what_is_no_secret_is_logged_as_it_is(line):
    assert masked(line) == line


def test_a_forged_line_break_does_not_make_a_line(app, caplog):
    logging.getLogger("charter.web").error("name %s", "x\nERROR forged")
    assert caplog.records[-1].getMessage() == "name x\\nERROR forged"
