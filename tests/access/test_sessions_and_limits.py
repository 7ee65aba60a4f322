"""Cookies, sessions and their ends; limits that a header does not move; strangers who cannot tell who is known."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from access import pages
from bookings.factories import riders, scene
from flask import request as flask_request

from charter.access.service import codes, staff
from charter.app import create_app
from charter.core import clock, db
from charter.core.actor import Role
from charter.core.audit import AuditEvent
from charter.notices import queries as notices

CAMPAIGN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def hotline(database):
    return pages.account(Role.HOTLINE, "hotline1", kind="campaign", key=CAMPAIGN)


def sign_in(client, **more):
    return pages.post(client, "/sign-in/staff", username="hotline1", password=pages.PASSWORD, **more)


def cookies_of(answer):
    return [line for line in answer.headers.getlist("Set-Cookie") if "session=" in line]


def test_over_https_every_cookie_is_bound_to_the_host(app, hotline):
    client = app.test_client()
    secure = {"base_url": "https://charter.example"}
    first = client.get("/sign-in/staff", **secure)
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', first.text)[1]
    answer = client.post("/sign-in/staff", data={"form_token": token, "username": "hotline1",
                                                 "password": pages.PASSWORD}, **secure)
    assert answer.status_code == 303
    for line in (*first.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")):
        assert line.startswith("__Host-"), line
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in line, line
        assert "Domain" not in line


def test_over_http_the_cookie_is_the_same_without_prefix(app, hotline):
    line = cookies_of(sign_in(app.test_client()))[0]
    assert line.startswith("session=")
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Secure" not in line
    assert "Max-Age" not in line, "the desk's browser may be shared"


def test_a_cookie_that_was_planted_is_not_taken_over(app, hotline):
    client = app.test_client()
    planted = "A" * 43
    client.set_cookie("session", planted)
    assert sign_in(client).status_code == 303
    assert client.get_cookie("session").value != planted
    thief = app.test_client()
    thief.set_cookie("session", planted)
    assert thief.get("/account").status_code == 303


def test_the_old_cookie_is_dead_after_signing_in_again_and_after_signing_out(app, hotline):
    client = app.test_client()
    sign_in(client)
    first = client.get_cookie("session").value
    sign_in(client)
    second = client.get_cookie("session").value
    assert first != second
    out = pages.post(client, "/sign-out")
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    for old in (first, second):
        thief = app.test_client()
        thief.set_cookie("session", old)
        assert thief.get("/account").status_code == 303


def test_a_session_ends_after_30_idle_minutes_and_after_12_hours(app, hotline):
    client = app.test_client()
    sign_in(client)
    with clock.travel(timedelta(minutes=30, seconds=5)):
        assert client.get("/account").status_code == 303
    for quarter in range(1, 48):
        with clock.travel(timedelta(minutes=15) * quarter):
            assert client.get("/account").status_code == 200, quarter
    with clock.travel(timedelta(hours=12, seconds=1)):
        assert client.get("/account").status_code == 303


def test_one_sees_where_one_is_signed_in_and_ends_it(app, hotline):
    here, there, third = (app.test_client() for _ in range(3))
    agents = ("Mozilla/5.0 (Windows NT 10.0) Chrome/120", "Mozilla/5.0 (Android) Firefox/9", "MicroMessenger iPhone")
    for client, agent in zip((here, there, third), agents, strict=True):
        client.environ_base["HTTP_USER_AGENT"] = agent
        sign_in(client)
    page = here.get("/account").text
    for words in ("Chrome · Windows", "Firefox · Android", "WeChat · iPhone", "就是这里"):
        assert words in page
    keys = re.findall(r'name="key" value="([0-9a-f]{64})"', page)
    assert len(keys) == 2
    assert pages.post(here, "/account/sessions/end", key=keys[0]).status_code == 303
    assert sorted((there.get("/account").status_code, third.get("/account").status_code)) == [200, 303]
    assert pages.post(here, "/account/sessions/end").status_code == 303
    assert {there.get("/account").status_code, third.get("/account").status_code} == {303}
    assert here.get("/account").status_code == 200
    assert pages.post(here, "/account/sign-out-everywhere").status_code == 303
    assert here.get("/account").status_code == 303


def test_nobody_ends_a_session_that_is_not_his(app, hotline):
    mine = pages.signed_in(app, hotline)
    other = pages.signed_in(app, pages.account(Role.AUDITOR, "auditor1"))
    from charter.access.service.sessions import id_of
    key = id_of(mine.get_cookie("session").value)
    pages.post(other, "/account/sessions/end", key=key)
    assert mine.get("/account").status_code == 200


def test_a_changed_password_ends_the_other_sessions_and_must_be_good(app, hotline):
    here, there = app.test_client(), app.test_client()
    sign_in(here)
    sign_in(there)
    better = "nine harbours of kelp"
    assert pages.post(here, "/account/password", old="wrong", new=better).status_code == 422
    assert pages.post(here, "/account/password", old=pages.PASSWORD, new="password1234").status_code == 422
    assert there.get("/account").status_code == 200
    assert pages.post(here, "/account/password", old=pages.PASSWORD, new=better).status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)
    assert sign_in(there).status_code == 422


def test_a_role_without_a_second_factor_may_set_one_up(app, hotline):
    client = app.test_client()
    sign_in(client)
    with clock.travel(timedelta(minutes=16)):
        assert client.get("/account/second").location.startswith("/step-up")
        assert pages.post(client, "/step-up", proof="wrong but long").status_code == 422
        assert pages.post(client, "/step-up", proof=pages.PASSWORD).status_code == 303
        assert client.get("/account/second").status_code == 200
    secret = re.search(r'class="secret">([A-Z2-7]+)<', client.get("/account/second").text)[1]
    assert pages.post(client, "/account/second", digits="000000").status_code == 422
    assert pages.post(client, "/account/second", digits=pages.now_code(secret)).location == "/once"
    assert sign_in(app.test_client()).status_code == 422, "the password alone no longer does"


def test_ten_wrong_passwords_make_the_right_one_wait_from_whatever_address(app, hotline):
    client = app.test_client()
    for number in range(10):
        assert pages.post(client, "/sign-in/staff", headers={"X-Forwarded-For": f"10.0.0.{number}"},
                          username="hotline1", password="wrong but long").status_code == 422
    assert sign_in(client).status_code == 422
    with clock.travel(timedelta(minutes=10)):
        assert sign_in(client).status_code == 303, "no lasting lock"


def test_a_known_and_an_unknown_name_get_equal_bytes_and_equal_work(app, hotline, monkeypatch):
    checked = []
    real = staff._verifies
    monkeypatch.setattr(staff, "_verifies", lambda known, password: checked.append(known[:30]) or real(known, password))
    answers = []
    for name in ("hotline1", "nobody99"):
        client = app.test_client()
        answer = pages.post(client, "/sign-in/staff", username=name, password="wrong but long")
        answers.append((answer.status_code, re.sub("[0-9a-f]{64}", "", answer.text.replace(name, ""))))
    assert answers[0] == answers[1]
    assert len(checked) == 2
    assert checked[0] == checked[1], "hashed by the same recipe"


def test_a_known_an_unknown_and_a_limited_phone_get_equal_bytes(app):
    with db.transaction() as session:
        riders(session, scene(session), 1)
    known, unknown = "15400000000", "15499999999"
    answers = []
    for phone in (known, unknown, known):
        client = app.test_client()
        answer = pages.post(client, "/sign-in/phone", phone=phone)
        after = re.sub("[0-9a-f]{64}", "", client.get("/sign-in/code").text)
        answers.append((answer.status_code, answer.location, answer.data, after))
    assert answers[0] == answers[1] == answers[2]
    assert len(db.ask(notices.newest_to, known, 9)) == 1


def test_an_address_that_pumps_starves_while_known_phones_still_get_codes(app):
    with db.transaction() as session:
        riders(session, scene(session), 1)
    client = app.test_client()
    for number in range(31):
        pages.post(client, "/sign-in/phone", headers={"X-Forwarded-For": f"10.0.{number}.1"},
                   phone=f"1541000{number:04d}")
    assert db.ask(notices.newest_to, "15410000029", 1)
    assert db.ask(notices.newest_to, "15410000030", 1) == []
    pages.post(client, "/sign-in/phone", phone="15400000000")
    assert db.ask(notices.newest_to, "15400000000", 1)


@pytest.mark.parametrize(("proxies", "header", "seen"), [
    (0, "6.6.6.6", "127.0.0.1"), (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"), (1, "9.9.9.9", "9.9.9.9"),
    (2, "6.6.6.6, 9.9.9.9, 10.0.0.1", "9.9.9.9")])
def test_the_caller_is_whom_as_many_proxies_name_as_there_are(database, proxies, header, seen):
    app = create_app(trusted_proxies=proxies)
    asked = []
    app.before_request_funcs.setdefault(None, []).append(
        lambda: asked.append(flask_request.remote_addr))
    app.test_client().get("/sign-in", headers={"X-Forwarded-For": header})
    assert asked == [seen]


def test_a_forwarded_host_or_scheme_is_not_believed_without_a_proxy(app):
    answer = app.test_client().get("/account", headers={"X-Forwarded-Proto": "https",
                                                        "X-Forwarded-Host": "evil.example"})
    assert answer.location == "/sign-in?next=/account"
    assert "Strict-Transport-Security" not in answer.headers


def test_one_authenticator_code_at_once_from_eight_browsers_lets_one_in(app):
    pages.account(Role.AUDITOR, "auditor1")
    digits = pages.now_code()
    with ThreadPoolExecutor(8) as hands:
        found = list(hands.map(lambda _: pages.post(app.test_client(), "/sign-in/staff", username="auditor1",
                                                    password=pages.PASSWORD, totp=digits).status_code, range(8)))
    assert found.count(303) == 1


def test_no_code_stands_in_the_trail(app):
    client = app.test_client()
    pages.post(client, "/sign-in/phone", phone="15400000000")
    code = re.search(r"\d{6}", db.ask(notices.newest_to, "15400000000", 1)[0])[0]
    pages.post(client, "/sign-in/code", code=code)
    with db.transaction() as session:
        rows = [f"{row.actor} {row.object_id} {row.details}" for row in session.query(AuditEvent)]
    assert rows
    assert not any(code in row or "15400000000" in row for row in rows)


def test_a_new_code_ends_the_one_before(database):
    first = db.act(codes.ask_code, "15400000000", "127.0.0.1")
    code = re.search(r"\d{6}", db.ask(notices.newest_to, "15400000000", 1)[0])[0]
    db.act(codes.ask_code, "15400000000", "127.0.0.1")
    assert db.act(codes.check_code, first, code) is None
