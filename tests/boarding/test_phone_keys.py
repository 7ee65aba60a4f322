"""A phone with a key of its own: a copied token, a changed or repeated request and a wrong clock open nothing."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import timedelta

import pytest
from boarding import factories as make
from boarding.phone import Phone
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from charter.access.models import ApiToken, Device
from charter.access.service.tokens import revoke_token
from charter.boarding.models import Scan
from charter.boarding.phones import phones
from charter.boarding.service import inviting
from charter.core import clock, db
from charter.core.actor import SYSTEM, Actor, Role

CITY = Actor(Role.CITY_ORGANIZER)


@pytest.fixture
def stand(database):
    with db.transaction() as session:
        world = make.world(session)
        on = make.departure(session, world)
        return on.id, make.booking(session, world, on, "1")


@pytest.fixture
def phone(client, stand):
    return Phone(client, stand[0])


def batch(booking):
    return {"device_time": clock.now().isoformat(), "scans": [make.scan(booking)]}


def test_signed_requests_are_served(phone, stand):
    assert phone.get(f"{phone.place}/manifest").status_code == 200
    assert phone.get(f"{phone.place}/people?before=3").status_code == 200
    assert phone.post("/api/v1/scans", batch(stand[1])).json[0]["code"] == "ok"
    with db.transaction() as session:
        (row,) = phones(session, stand[0], CITY)
        assert row.list_version == phone.get(f"{phone.place}/scanning").json["list_version"]


def test_the_token_alone_opens_nothing(phone):
    for headers in ({}, {"X-Device-Proof": "x"}, {"X-Device-Proof": "1.2.3"}, {"X-Device-Proof": "." * 500}):
        answer = phone.client.get(f"{phone.place}/manifest",
                                  headers={"Authorization": f"Bearer {phone.told['token']}", **headers})
        assert (answer.status_code, answer.json["code"]) == (401, "device_proof")
        assert answer.json["server_time"]


def test_a_proof_is_for_one_method_address_body_and_key(phone, stand):
    path, body = "/api/v1/scans", json.dumps(batch(stand[1])).encode()
    good = phone.proof("POST", path, body)
    stranger = ec.generate_private_key(ec.SECP256R1())
    for wrong in (phone.proof("GET", path, body), phone.proof("POST", path + "?a=1", body),
                  phone.proof("POST", path, body + b" "), phone.proof("POST", path, body, key=stranger),
                  good[:-2], good.replace(".", "..", 1)):
        answer = phone.client.post(path, data=body, content_type="application/json", headers=phone.headers(wrong))
        assert answer.json["code"] == "device_proof"
    assert phone.client.post(path, data=body, content_type="application/json",
                             headers=phone.headers(good)).status_code == 200


def test_a_recorded_request_is_not_taken_twice(phone, stand):
    path, body = "/api/v1/scans", json.dumps(batch(stand[1])).encode()
    headers = phone.headers(phone.proof("POST", path, body))
    first, again = (phone.client.post(path, data=body, content_type="application/json", headers=headers)
                    for _ in range(2))
    assert (first.status_code, again.json["code"]) == (200, "device_proof")


def test_the_clock_of_the_proof_may_be_five_minutes_off_and_not_six(phone):
    path, now = f"{phone.place}/manifest", int(clock.now().timestamp() * 1000)
    for minutes, status in ((-4, 200), (4, 200), (-6, 401), (6, 401)):
        proof = phone.proof("GET", path, b"", at=now + minutes * 60_000)
        assert phone.client.get(path, headers=phone.headers(proof)).status_code == status


def test_a_key_that_is_none_does_not_spend_the_invitation(client, stand):
    secret = db.act(inviting.invite, stand[0]).split("#")[1]
    for key in ("x", "AAAA", base64.b64encode(b"\0" * 64).decode(), base64.b64encode(b"\1" * 65).decode()):
        answer = client.post("/api/v1/scanners", json={"invitation": secret, "name": "", "key": key})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "key")
    assert client.post("/api/v1/scanners", json={"invitation": secret, "name": ""}).status_code == 201


def test_the_unsent_scans_of_a_phone_taken_out_are_evidence_and_still_have_to_be_its_own(phone, stand):
    with db.transaction() as session:
        revoke_token(session, session.scalars(select(ApiToken.id).where(ApiToken.device_id.is_not(None))).one())
    sent = batch(stand[1])
    other = ec.generate_private_key(ec.SECP256R1())
    stranger = phone.proof("POST", "/api/v1/scans", json.dumps(sent).encode(), key=other)
    assert phone.post("/api/v1/scans", sent, stranger).json["code"] == "device_proof"
    assert phone.post("/api/v1/scans", sent).json[0]["code"] == "device_not_allowed"
    assert phone.get(f"{phone.place}/manifest").status_code == 401
    with db.transaction() as session:
        assert session.scalars(select(Scan.code)).all() == ["device_not_allowed"]


def test_who_brings_scans_of_another_phone_brings_them_in_its_name(phone, stand, client):
    carrier = Phone(client, stand[0])
    scan = make.scan(stand[1])
    handed = carrier.post("/api/v1/handovers", {"bundle": phone.bundle([scan])})
    assert handed.json["answers"][0]["code"] == "ok"
    assert phone.post("/api/v1/scans", {"device_time": clock.now().isoformat(), "scans": [scan]}
                      ).json == handed.json["answers"]
    with db.transaction() as session:
        (kept,) = session.scalars(select(Scan))
        owner = session.scalar(select(ApiToken.id).join(Device).where(
            Device.id == phone.told["device_id"]))
        assert kept.device == str(owner)


def test_a_carried_scan_is_corrected_by_the_offset_that_its_phone_measured(phone, stand, client):
    ahead = clock.now() + timedelta(hours=9)
    with clock.travel(timedelta(hours=1)):
        carrier = Phone(client, stand[0])
        carrier.post("/api/v1/handovers", {"bundle": phone.bundle([make.scan(stand[1], at=ahead)], -9 * 3_600_000)})
    with db.transaction() as session:
        (kept,) = session.scalars(select(Scan))
        assert abs(kept.corrected_at - (ahead - timedelta(hours=9))) < timedelta(minutes=5)


def packed(text: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return b"\1" + stream.compress(text) + stream.flush()


def test_a_packed_bundle_is_unpacked_and_one_that_swells_is_refused(phone, stand, client):
    carrier = Phone(client, stand[0])
    bad = (lambda text: packed(b" " * 3_000_000 + text), lambda text: packed(text)[:-5], lambda text: b"\1" + text)
    for pack in bad:
        swollen = phone.bundle([make.scan(stand[1])], pack=pack)
        assert carrier.post("/api/v1/handovers", {"bundle": swollen}).json["code"] == "bundle_refused"
    good = phone.bundle([make.scan(stand[1])], pack=lambda text: packed(text) + b" ")
    assert carrier.post("/api/v1/handovers", {"bundle": good}).json["answers"][0]["code"] == "ok"


def test_a_bundle_that_is_changed_or_signed_by_another_is_refused(phone, stand, client):
    carrier = Phone(client, stand[0])
    good = base64.b64decode(phone.bundle([make.scan(stand[1])]))
    bad = [base64.b64encode(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:]).decode()
           for at in (0, 1, 5, 70, 80, len(good) - 1)]
    bad += ["", "x", base64.b64encode(good[:60]).decode(), phone.bundle([], key=carrier.key),
            phone.bundle([make.scan(stand[1])], offset_ms=10**12)]
    for bundle in bad:
        answer = carrier.post("/api/v1/handovers", {"bundle": bundle})
        assert (answer.status_code, answer.json["code"]) == (422, "bundle_refused")
    with db.transaction() as session:
        assert session.scalars(select(Scan)).all() == []
    assert SYSTEM.role is None
