"""The worker's pass page: what it shows, that it never shows an ID number, and one tap for a new pass."""

from __future__ import annotations

import re

import boarding.factories as make
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from charter.access.models import Account
from charter.access.service import sessions
from charter.app import create_app
from charter.bookings.models import Booking
from charter.core import db, sealed
from charter.people.models import Worker
from charter.registrations.models import Registration


@pytest.fixture
def worker(database: str) -> tuple[FlaskClient, Booking]:
    """A signed-in worker with a seat."""
    sealed.configure(sealed.new_ring())
    client = create_app(propagate_faults=True).test_client()
    with db.transaction() as session:
        world = make.world(session)
        booking = make.booking(session, world, make.departure(session, world, hours=30), "23", lap_children=1)
        account = Account(role="worker", name="张建国")
        session.add(account)
        session.flush()
        person = session.scalars(select(Registration.worker_id)
                                 .where(Registration.id == booking.registration_id)).one()
        client.set_cookie("session", sessions.begin(session, account, second_factor=False, worker_id=person))
    return client, booking


def test_the_page_shows_code_seat_time_bay_and_whom_to_call(worker: tuple[FlaskClient, Booking]) -> None:
    client, booking = worker
    page = client.get(f"/pass/{booking.id}", headers={"Accept-Language": "zh"})
    assert page.status_code == 200
    for words in ("data:image/svg+xml;base64,", "<dd>23</dd>", "巴州客运站 · 7号车位", "tel:057912351",
                  "怀抱儿童 1 名"):
        assert words in page.text
    assert not re.search(r"\b\d{17}[\dX]\b", page.text.replace(str(booking.id), ""))
    english = client.get(f"/pass/{booking.id}", headers={"Accept-Language": "en"}).text
    assert "Please bring" in english
    names = "张建国|巴中1线-03|巴州客运站|7号车位|中文|工会返岗直通车"
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(names, "", english))


def test_one_tap_gives_a_new_pass(worker: tuple[FlaskClient, Booking]) -> None:
    client, booking = worker
    before = client.get(f"/pass/{booking.id}").text
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', before)
    assert token
    answer = client.post(f"/pass/{booking.id}/seen", data={"form_token": token[1]}, headers={
        "Origin": "null", "Sec-Fetch-Site": "same-origin"})  # as Chromium sends it from a page without referrer
    assert (answer.status_code, answer.location) == (303, f"/pass/{booking.id}")
    qr = r"data:image/svg\+xml;base64,([^\"]+)"
    assert re.search(qr, before)[1] != re.search(qr, client.get(answer.location).text)[1]  # type: ignore[index]


def test_a_foreign_site_cannot_take_the_pass_away(worker: tuple[FlaskClient, Booking]) -> None:
    client, booking = worker
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get(f"/pass/{booking.id}").text)
    assert token
    for headers in ({"Origin": "null"}, {"Origin": "https://evil.example"},
                    {"Origin": "null", "Sec-Fetch-Site": "cross-site"}):
        answer = client.post(f"/pass/{booking.id}/seen", data={"form_token": token[1]}, headers=headers)
        assert answer.status_code == 400


def test_the_pass_is_nobody_elses(worker: tuple[FlaskClient, Booking]) -> None:
    client, booking = worker
    with db.transaction() as session:
        account = Account(role="worker", name="李秀英")
        stranger = Worker(name="李秀英")
        session.add_all([account, stranger])
        session.flush()
        client.set_cookie("session", sessions.begin(session, account, second_factor=False, worker_id=stranger.id))
    assert [client.get(f"/pass/{booking.id}{kind}").status_code for kind in ("", ".png", ".pdf")] == [404] * 3
