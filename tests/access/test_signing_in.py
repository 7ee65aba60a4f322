"""Signing in: by a code that comes to the phone, by password and second factor; and what a stranger may not do."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest

from charter.access.service import codes, staff
from charter.core import clock, db
from charter.core.actor import Role
from charter.notices import queries as notices

PHONE = "15400000001"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def form_token(client, url):
    return re.search(r'name="form_token" value="([0-9a-f]+)"', client.get(url).get_data(as_text=True))[1]


def post(client, url, **fields):
    return client.post(url, data={"form_token": form_token(client, url), **fields})


def newest_code():
    return re.search(r"\d{6}", db.ask(notices.newest_to, PHONE, 1)[0])[0]


def test_a_worker_signs_in_by_the_code_that_came(client):
    assert post(client, "/sign-in/phone", phone="+86 154 0000 0001").status_code == 303
    entered = post(client, "/sign-in/code", code=newest_code())
    assert entered.status_code == 303
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=5184000" in cookie, "a phone's browser is closed all the time"
    assert client.get("/home").status_code in (200, 303)
    client.post(
        "/sign-out", data={"form_token": form_token(client, "/sign-in/phone")})
    assert client.get("/home").headers["Location"].startswith("/sign-in")


def test_another_browser_cannot_use_the_code(app, client):
    post(client, "/sign-in/phone", phone=PHONE)
    stranger = app.test_client()
    assert post(stranger, "/sign-in/code", code=newest_code()).status_code == 422


def test_a_wrong_phone_keeps_what_was_typed(client):
    answer = post(client, "/sign-in/phone", phone="12345")
    assert answer.status_code == 422
    assert 'value="12345"' in answer.get_data(as_text=True)


def test_forty_guesses_at_once_are_five_comparisons(database):
    challenge = db.act(codes.ask_code, PHONE, "127.0.0.1")
    right = newest_code()
    guesses = [f"{number:06d}" for number in range(40) if f"{number:06d}" != right]
    with ThreadPoolExecutor(12) as hands:
        assert not any(hands.map(lambda guess: db.act(codes.check_code, challenge, guess), guesses))
    assert db.act(codes.check_code, challenge, right) is None


def test_a_code_works_once_and_for_five_minutes(database):
    challenge = db.act(codes.ask_code, PHONE, "127.0.0.1")
    with clock.travel(timedelta(minutes=5, seconds=1)):
        assert db.act(codes.check_code, challenge, newest_code()) is None
    assert db.act(codes.check_code, challenge, newest_code()) == PHONE
    assert db.act(codes.check_code, challenge, newest_code()) is None


def test_a_second_code_within_a_minute_is_not_sent_and_nobody_can_tell(client):
    first = post(client, "/sign-in/phone", phone=PHONE)
    second = post(client, "/sign-in/phone", phone=PHONE)
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert len(db.ask(notices.newest_to, PHONE, 9)) == 1


@pytest.fixture
def organizer(database):
    with db.transaction() as session:
        staff.create_account(session, Role.CITY_ORGANIZER, "city", "a long enough pass phrase", totp_secret=SECRET)


def test_an_organizer_needs_password_and_second_factor(client, organizer):
    wrong = {"username": "city", "password": "a long enough pass phrase"}
    assert post(client, "/sign-in/staff", **wrong).status_code == 422
    assert post(client, "/sign-in/staff", **wrong, totp=pyotp.TOTP(SECRET).now()).status_code == 303


def test_one_authenticator_code_works_once(app, client, organizer):
    fields = {"username": "city", "password": "a long enough pass phrase", "totp": pyotp.TOTP(SECRET).now()}
    assert post(client, "/sign-in/staff", **fields).status_code == 303
    assert post(app.test_client(), "/sign-in/staff", **fields).status_code == 422


def test_an_organizer_without_second_factor_cannot_be_made(database):
    with pytest.raises(ValueError, match="second factor"), db.transaction() as session:
        staff.create_account(session, Role.AUDITOR, "auditor", "a long enough pass phrase")
