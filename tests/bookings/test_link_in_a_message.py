"""The link in a message: four answers without a code, nothing more, and only for whom it was written."""

from __future__ import annotations

import re
from uuid import UUID

import bookings.factories as make
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from charter.access.models import Account
from charter.access.service import sessions
from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.core import clock, db, sealed
from charter.notices.queries import newest_to
from charter.passes import keys
from charter.planning.telling import tell_seated
from charter.registrations.links import code_of, opened
from charter.registrations.models import Registration, Reply


class Scene:
    """Two people with seats, each told of his own."""

    def __init__(self) -> None:
        with db.transaction() as session:
            self.made = make.scene(session)
            keys.ensure(session, self.made.campaign.id)
            self.ids = make.riders(session, self.made, 2)
            self.serials = place_many(session, self.made.campaign.id,
                                      [Placement(one, self.made.departure.id) for one in self.ids])
            tell_seated(session, self.made.campaign.id, self.serials)

    def state(self, which: int = 0) -> str:
        with db.transaction() as session:
            return session.scalars(select(Registration.state).where(Registration.id == self.ids[which])).one()


@pytest.fixture
def scene(database: str) -> Scene:
    return Scene()


def press(client: FlaskClient, page: str, address: str) -> int:
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get(page).text)
    assert token
    return client.post(address, data={"form_token": token[1]}).status_code


def test_the_message_carries_a_link_that_opens_its_own_trip_and_pass(app: Flask, scene: Scene) -> None:
    text = db.ask(newest_to, "15400000000", 1)[0]
    path = re.search(r"https?://[^/ ]+(/t/[\w-]{38})", text)
    assert path
    client = app.test_client()
    page = client.get(path[1]).text
    assert "您的座位确定了" in page
    assert "王甲" not in page
    shown = client.get(f"{path[1]}/pass/{scene.serials[0]}").text
    assert "data:image/svg+xml;base64," in shown
    assert client.get(f"{path[1]}/pass/{scene.serials[1]}").status_code == 404
    assert client.get(f"/pass/{scene.serials[0]}").status_code == 303


def test_coming_and_a_call_are_kept_once_and_the_hotline_sees_the_step(app: Flask, scene: Scene) -> None:
    client, address = app.test_client(), f"/t/{code_of(scene.ids[0])}"
    for _ in range(2):
        assert press(client, address, f"{address}/coming") == 303
        assert press(client, address, f"{address}/call") == 303
    page = client.get(address).text
    assert "您已回复：会来" in page
    assert "工作人员会打这个手机找您" in page
    with db.transaction() as session:
        assert sorted(one.kind for one in session.scalars(select(Reply))) == ["call_back", "coming"]
        account = Account(role="hotline", name="热线", scope_kind="campaign", scope_id=str(scene.made.campaign.id))
        session.add(account)
        session.flush()
        cookie = sessions.begin(session, account, second_factor=False)
    desk = app.test_client()
    desk.set_cookie("session", cookie)
    listed = desk.get("/desk/calls").text
    assert "王甲" in listed
    assert "已订座" in listed
    assert press(desk, "/desk/calls", f"/desk/calls/{scene.ids[0]}") == 303
    assert "王甲" not in desk.get("/desk/calls").text
    assert "工作人员会打这个手机找您" not in client.get(address).text


def test_who_does_not_come_gives_his_seat_to_others_at_any_hour(app: Flask, scene: Scene) -> None:
    client, address = app.test_client(), f"/t/{code_of(scene.ids[0])}"
    assert "确定不来了" in client.get(f"{address}/not-coming").text
    assert press(client, f"{address}/not-coming", f"{address}/not-coming") == 303
    assert [scene.state(0), scene.state(1)] == ["withdrawn", "booked"]
    with db.transaction() as session:
        assert {one.id: one.state for one in session.scalars(select(Booking))} == {
            scene.serials[0]: "cancelled", scene.serials[1]: "confirmed"}
    assert "我不来了" not in client.get(address).text


def test_a_link_opens_nothing_that_a_code_is_needed_for(app: Flask, scene: Scene) -> None:
    client = app.test_client()
    client.get(f"/t/{code_of(scene.ids[0])}")
    for closed in ("/trip", f"/trip/{scene.ids[0]}", f"/trip/{scene.ids[0]}/seat", f"/trip/{scene.ids[0]}/change"):
        assert client.get(closed).location.startswith("/sign-in")


def test_after_the_campaign_a_link_is_dead(app: Flask, scene: Scene) -> None:
    with clock.travel(scene.made.campaign.ends_on - clock.today()):
        assert app.test_client().get(f"/t/{code_of(scene.ids[0])}").status_code == 200
    with clock.travel(2 * (scene.made.campaign.ends_on - clock.today())):
        assert app.test_client().get(f"/t/{code_of(scene.ids[0])}").status_code == 404


@given(st.uuids(), st.integers(0, 37), st.sampled_from("abcXYZ019-_"))
def test_a_changed_letter_opens_nothing(key: UUID, place: int, letter: str) -> None:
    sealed.configure("1:" + "A" * 43 + "=")
    code = code_of(key)
    assert opened(code) == key
    changed = code[:place] + letter + code[place + 1:]
    assert opened(changed) == (key if changed == code else None)
    assert opened(code + "A") is None


def test_the_link_of_a_retired_key_is_dead() -> None:
    old, new = "1:" + "A" * 43 + "=", "2:" + "B" * 42 + "A="
    key = UUID(int=7)
    sealed.configure(old)
    code = code_of(key)
    sealed.configure(f"{new},{old}")
    assert opened(code) == key
    sealed.configure(new)
    assert opened(code) is None
