"""The list for search: it opens for the PIN at the server, five tries, or by the printed card; by nothing else."""

from __future__ import annotations

import base64
import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from access import pages
from boarding import factories as make
from boarding.phone import Phone
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select

from charter.boarding.people_list import PHONE
from charter.boarding.service import unlocking
from charter.bookings.models import Booking
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.passes.rules import base45
from charter.people.models import Worker

CITY = Actor(Role.CITY_ORGANIZER)
NAMES = ("张建国", "李秀英", "阿不都热合曼")


@pytest.fixture
def stand(database):
    with db.transaction() as session:
        world = make.world(session)
        on = make.departure(session, world)
        people = [make.booking(session, world, on, str(seat), name=name, tail=f"700{seat}")
                  for seat, name in enumerate(NAMES, 1)]
        for worker in session.scalars(select(Worker).where(Worker.name == "张建国")):
            worker.phone_sealed = PHONE.seal(worker.id, "+8613800001234")
        return world, on, people


@pytest.fixture
def phone(client, stand):
    return Phone(client, stand[1].id)


def key_of(secret, told, purpose):
    salt = int(told["departure_id"]).to_bytes(6, "big") + told["version"].to_bytes(4, "big")
    return HKDF(SHA256(), 32, salt=salt, info=purpose).derive(secret)


def open_box(key, box):
    raw = base64.b64decode(box)
    return AESGCM(key).decrypt(raw[:12], raw[12:], None)


def the_list(phone, more=""):
    return phone.get(f"{phone.place}/people{more}").json


def unlock(phone, pin, version):
    return phone.post(f"{phone.place}/unlock", {"pin": pin, "version": version})


def test_the_right_pin_opens_names_pinyin_seats_and_phones(phone):
    assert phone.post(f"{phone.place}/pin", {"pin": "402913"}).status_code == 200
    told = the_list(phone)
    key = base64.b64decode(unlock(phone, "402913", told["version"]).json["key"])
    people = json.loads(open_box(key, told["box"]))
    assert [(one["name"], one["last_four"], one["seat"]) for one in people] == [
        (name, f"700{seat}", str(seat)) for seat, name in enumerate(NAMES, 1)]
    assert people[0]["pinyin"] == "zhangjianguo zjg"
    assert [one["phone"] for one in people] == ["+8613800001234", None, None]
    assert told["by_card"] is None


def test_five_wrong_pins_end_it_even_for_the_right_one(phone):
    phone.post(f"{phone.place}/pin", {"pin": "402913"})
    told = the_list(phone)
    answers = [unlock(phone, f"00000{number}", told["version"]).json for number in range(1, 6)]
    assert [(one["code"], one.get("left")) for one in answers] == [
        ("pin_wrong", 4), ("pin_wrong", 3), ("pin_wrong", 2), ("pin_wrong", 1), ("pin_locked", None)]
    assert unlock(phone, "402913", told["version"]).json["code"] == "pin_locked"


def test_a_right_pin_gives_the_tries_back(phone):
    phone.post(f"{phone.place}/pin", {"pin": "402913"})
    for _ in range(3):
        assert [unlock(phone, pin, 1).status_code for pin in ("111112", "111113", "402913")] == [422, 422, 200]


def test_many_guesses_at_once_are_five_guesses(phone, app):
    phone.post(f"{phone.place}/pin", {"pin": "402913"})

    def guess(number):
        path, body = f"{phone.place}/unlock", {"pin": f"{number:06}", "version": 1}
        data = json.dumps(body).encode()
        return app.test_client().post(path, data=data, content_type="application/json",
                                      headers=phone.headers(phone.proof("POST", path, data))).json.get("left")
    with ThreadPoolExecutor(8) as pool:
        left = list(pool.map(guess, range(20)))
    assert sorted(one for one in left if one) == [1, 2, 3, 4]


def test_a_pin_is_set_once_and_soon_after_joining(client, stand, phone):
    for pin in ("12345", "1234567", "abcdef", "111111", "１２３４５６"):
        assert phone.post(f"{phone.place}/pin", {"pin": pin}).status_code == 422
    assert phone.post(f"{phone.place}/pin", {"pin": "402913"}).status_code == 200
    assert phone.post(f"{phone.place}/pin", {"pin": "402914"}).json["code"] == "pin_too_late"
    found = Phone(client, stand[1].id)
    with clock.travel(timedelta(minutes=31)):
        assert found.post(f"{found.place}/pin", {"pin": "402913"}).json["code"] == "pin_too_late"
        assert unlock(found, "402913", 1).json["code"] == "pin_locked"


def test_the_card_opens_the_list_with_no_network_and_an_older_card_does_not(phone, stand):
    first, second = (db.act(unlocking.new_card, stand[1].id, CITY) for _ in range(2))
    assert first.startswith("CHARTER-CARD:")
    told = the_list(phone)
    secrets = [base45.decode(card.removeprefix("CHARTER-CARD:")) for card in (first, second)]
    assert len(secrets[1]) == 16
    key = open_box(key_of(secrets[1], told, b"card"), told["by_card"])
    assert "张建国" in open_box(key, told["box"]).decode()
    with pytest.raises(InvalidTag):
        open_box(key_of(secrets[0], told, b"card"), told["by_card"])


def test_who_has_one_version_open_opens_the_next(phone, stand):
    db.act(unlocking.new_card, stand[1].id, CITY)
    phone.post(f"{phone.place}/pin", {"pin": "402913"})
    before = the_list(phone)
    key = base64.b64decode(unlock(phone, "402913", before["version"]).json["key"])
    with db.transaction() as session:
        found = session.scalars(select(Booking).where(Booking.id == stand[2][1].id)).one()
        found.seat, found.slot = "40", 40
    after = the_list(phone, f"?before={before['version']}")
    assert after["version"] > before["version"]
    with pytest.raises(InvalidTag):
        open_box(key, after["box"])
    assert '"seat":"40"' in open_box(open_box(key, after["by_older"]), after["box"]).decode()


def test_no_pin_tail_or_id_opens_what_stands_on_the_phone(phone, stand):
    db.act(unlocking.new_card, stand[1].id, CITY)
    phone.post(f"{phone.place}/pin", {"pin": "402913"})
    told = the_list(phone)
    salt = int(told["departure_id"]).to_bytes(6, "big") + told["version"].to_bytes(4, "big")
    guesses = itertools.chain(["402913", phone.told["token"], phone.told["device_id"], str(stand[2][0].id)],
                              (f"{tail:04}" for tail in range(10_000)))
    boxes = [base64.b64decode(told[name]) for name in ("box", "by_card")]
    for guess in guesses:
        for info in (b"people", b"card"):
            key = AESGCM(HKDF(SHA256(), 32, salt=salt, info=info).derive(guess.encode()))
            for box in boxes:
                with pytest.raises(InvalidTag):
                    key.decrypt(box[:12], box[12:], None)


def test_a_plain_token_and_another_departure_have_no_list(client, stand, phone):
    with db.transaction() as session:
        plain = make.token(session, Role.SCANNER, "departure", stand[1].id)
        other = make.departure(session, stand[0], hours=5)
    assert client.get(f"{phone.place}/people", headers=plain).status_code == 404
    for path in (f"/api/v1/departures/{other.id}/people", f"/api/v1/departures/{other.id}/scanning"):
        assert phone.get(path).status_code == 404


def test_the_card_is_printed_by_those_who_see_the_departure(app, stand):
    on, campaign = stand[1], stand[0].campaign.id
    volunteer = pages.signed_in(app, pages.account(Role.VOLUNTEER, "volunteer1", kind="campaign", key=campaign))
    page = pages.post(volunteer, f"/boarding/{on.id}/card")
    assert page.status_code == 200
    assert "data:image" in page.text
    assert "CHARTER-CARD" not in page.text
    stranger = pages.signed_in(app, pages.account(Role.VOLUNTEER, "volunteer2", kind="campaign", key=uuid4()))
    assert pages.post(stranger, f"/boarding/{on.id}/card").status_code == 404


def test_calls_to_the_missing_are_kept_once_and_the_newest_counts(phone, stand):
    booking = str(stand[2][0].id)
    now = clock.now()
    first = {"id": str(uuid4()), "booking_id": booking, "outcome": "no_answer",
             "at": (now - timedelta(minutes=5)).isoformat()}
    second = {"id": str(uuid4()), "booking_id": booking, "outcome": "on_the_way", "at": now.isoformat(),
              "until": (now + timedelta(minutes=10)).isoformat()}
    path = f"{phone.place}/calls"
    assert phone.post(path, {"calls": [second, first]}).json == {"kept": 2}
    assert phone.post(path, {"calls": [first]}).json == {"kept": 0}
    (told,) = phone.get(f"{phone.place}/scanning").json["calls"]
    assert (told["booking_id"], told["outcome"]) == (booking, "on_the_way")
    for wrong in ({"booking_id": "5"}, {"outcome": "gone"}, {"booking_id": "x"}, {"at": "noon"}):
        assert phone.post(path, {"calls": [{**first, "id": str(uuid4()), **wrong}]}).status_code == 422
