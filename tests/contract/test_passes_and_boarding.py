"""The boarding contract from outside: passes checked and lists opened by code of its own, scans, counts, departure.

Nothing of the product's codec is used here: base45, signature, window and the keys of the sealed list are written out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import itertools
import json
import struct
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import boarding.factories as make
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from PIL import Image

from charter.access.models import ApiToken
from charter.boarding.models import Scan
from charter.bookings.models import Booking
from charter.core import clock, db
from charter.core.actor import Role

API = "/api/v1"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def decoded(text):
    """RFC 9285."""
    values = [ALPHABET.index(letter) for letter in text]
    return b"".join((a + 45 * b + 2025 * c).to_bytes(2, "big") for a, b, c in zip(*[iter(values)] * 3, strict=True))


def encoded(data):
    text = ""
    for at in range(0, len(data), 2):
        number = int.from_bytes(data[at : at + 2], "big")
        text += ALPHABET[number % 45] + ALPHABET[number // 45 % 45] + ALPHABET[number // 2025]
    return text


def derived(secret, salt, info):
    """HKDF-SHA256 of 32 bytes (RFC 5869)."""
    key = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class World:
    """A departure with six seats, another one, two phones, an organizer."""

    def __init__(self, client):
        self.client = client
        with db.transaction() as session:
            self.world = make.world(session)
            self.on, self.other = make.departure(session, self.world), make.departure(session, self.world, hours=3)
            self.bookings = [
                make.booking(
                    session,
                    self.world,
                    self.on,
                    str(number + 1),
                    name=f"王{'甲乙丙丁戊己'[number]}",
                    lap_children=number % 2,
                    tail=f"00{number}X",
                )
                for number in range(6)
            ]
            self.stranger = make.booking(session, self.world, self.other, "1", name="李外")
            self.held = make.booking(session, self.world, self.other, "2", state="held")
            self.phones = [make.token(session, Role.SCANNER, "departure", self.on.id) for _ in range(3)]
            self.city = make.token(session, Role.CITY_ORGANIZER)
        self.stops = [str(stop.id) for stop in self.world.stops]

    def get(self, path, headers=None, **more):
        return self.client.get(API + path, headers=headers or self.city, **more)

    def post(self, path, body=None, headers=None):
        return self.client.post(API + path, json=body, headers=headers or self.city)

    def of(self, booking):
        answer = self.get(f"/bookings/{booking.id}/pass")
        assert answer.status_code == 200, answer.text
        return answer.json

    def text(self, booking):
        return self.of(booking)["pass"]

    def move(self, booking, seat):
        with db.transaction() as session:
            session.query(Booking).filter(Booking.id == booking.id).update({"seat": seat, "slot": int(seat)})

    def send(self, *scans, phone=0, device_time=None) -> list[dict[str, Any]]:
        answer = self.post(
            "/scans",
            {"device_time": (device_time or clock.now()).isoformat(), "scans": list(scans)},
            self.phones[phone],
        )
        assert answer.status_code == 200, answer.text
        assert [one["scan_id"] for one in answer.json] == [
            scan.get("scan_id") if isinstance(scan, dict) else None for scan in scans
        ]
        return answer.json

    def codes(self, *scans, **more):
        return [(one["verdict"], one["code"]) for one in self.send(*scans, **more)]

    def state(self):
        return self.get(f"/departures/{self.on.id}/boarding").json

    def item(self, booking):
        return next(one for one in self.state()["items"] if one["booking_id"] == str(booking.id))


@pytest.fixture
def world(client):
    return World(client)


def key_of(world, number):
    items = {
        key["number"]: key
        for key in world.client.get(f"{API}/campaigns/{world.world.campaign.id}/pass-keys").json["items"]
    }
    found = items[number]
    assert set(found) == {"number", "x", "y", "verify_until", "revoked"}
    point = ec.EllipticCurvePublicNumbers(
        int.from_bytes(unb64(found["x"]), "big"), int.from_bytes(unb64(found["y"]), "big"), ec.SECP256R1()
    )
    return point.public_key(), found


def test_a_pass_is_what_the_contract_lays_out(world):
    booking = world.bookings[1]
    found = world.of(booking)
    assert set(found) == {
        "pass",
        "revision",
        "departure_id",
        "seat",
        "stop",
        "gather_at",
        "bay",
        "valid_from",
        "valid_until",
    }
    assert (found["departure_id"], found["seat"], found["revision"]) == (str(world.on.id), "2", 1)
    assert len(found["pass"]) == 138
    raw = decoded(found["pass"])
    assert len(raw) == 92
    assert encoded(raw) == found["pass"]
    version, key, serial = struct.unpack_from(">BHQ", raw)
    revision, begins, minutes, seat, flags = struct.unpack_from(">HIHHB", raw, 17)
    assert (version, serial, int.from_bytes(raw[11:17], "big"), revision, seat, flags) == (
        1,
        booking.id,
        world.on.id,
        1,
        2,
        1,
    )
    start = datetime.fromtimestamp(begins * 60, UTC)
    assert abs(start - (world.on.departs_at - timedelta(hours=24))) < timedelta(minutes=1)
    assert minutes == 72 * 60
    assert datetime.fromisoformat(found["valid_from"]) == start
    assert datetime.fromisoformat(found["valid_until"]) == start + timedelta(minutes=minutes)
    r, s = int.from_bytes(raw[28:60], "big"), int.from_bytes(raw[60:], "big")
    assert 0 < r < ORDER
    assert 0 < s <= ORDER // 2
    public, listed = key_of(world, key)
    public.verify(encode_dss_signature(r, s), b"charter-pass-v1\0" + raw[:28], ec.ECDSA(SHA256()))
    assert listed["revoked"] is False
    assert datetime.fromisoformat(listed["verify_until"]) > datetime.fromisoformat(found["valid_until"])
    assert world.text(booking) == found["pass"]
    assert decoded(world.text(world.bookings[0]))[27] == 0


def test_the_pictures_are_read_by_a_foreign_reader(world):
    text = world.text(world.bookings[0])
    png = world.get(f"/bookings/{world.bookings[0].id}/pass.png")
    assert png.mimetype == "image/png"
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.data)))
    assert code.text == text
    assert "QR" in str(code.format)
    assert code.ec_level == "M"
    svg = world.get(f"/bookings/{world.bookings[0].id}/pass.svg")
    assert svg.mimetype == "image/svg+xml"
    assert b"<script" not in svg.data
    pdf = world.get(f"/bookings/{world.bookings[0].id}/pass.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    for answer in (png, svg, pdf):
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("ending", ["", ".svg", ".png", ".pdf"])
def test_a_booking_that_is_not_confirmed_has_no_pass(world, ending):
    for state, status, code in (("held", 409, "not_confirmed"), ("cancelled", 410, "booking_cancelled")):
        with db.transaction() as session:
            session.query(Booking).filter(Booking.id == world.held.id).update(
                {"state": state, "hold_expires_at": clock.now() + timedelta(minutes=5) if state == "held" else None}
            )
        answer = world.get(f"/bookings/{world.held.id}/pass{ending}")
        assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_seat_changes_the_revision_and_a_moved_time_does_not(world):
    booking = world.bookings[0]
    first = world.of(booking)
    world.move(booking, "9")
    second = world.of(booking)
    assert (second["revision"], second["seat"]) == (2, "9")
    assert second["pass"] != first["pass"]
    with db.transaction() as session:
        session.merge(world.on).departs_at = world.on.departs_at + timedelta(hours=5)
    assert world.of(booking)["pass"] == second["pass"]
    with db.transaction() as session:
        session.query(Booking).filter(Booking.id == booking.id).update({"stop_id": world.world.stops[1].id})
    third = world.of(booking)
    assert (third["revision"], third["stop"]) == (3, world.world.stops[1].name)


def opened(rows, listed, text):
    """The entry of a pass in a sealed list, or None."""
    signature = decoded(text)[28:]
    row = base64.b64encode(hashlib.sha256(b"row" + signature).digest()[:16]).decode()
    box = next((base64.b64decode(one["box"]) for one in rows if one["row"] == row), None)
    if box is None:
        return None
    salt = int(listed["departure_id"]).to_bytes(6, "big") + listed["version"].to_bytes(4, "big")
    return json.loads(AESGCM(derived(signature, salt, b"entry")).decrypt(box[:12], box[12:], None))


def test_each_row_of_the_sealed_list_opens_by_its_own_pass(world):
    texts = [world.text(booking) for booking in world.bookings]
    listed = world.get(f"/departures/{world.on.id}/manifest", world.phones[0]).json
    assert set(listed) == {"departure_id", "version", "not_after", "rows"}
    assert len(listed["rows"]) == 6
    assert all(set(row) == {"row", "box"} for row in listed["rows"])
    assert len({len(row["box"]) for row in listed["rows"]}) == 1
    assert [row["row"] for row in listed["rows"]] == sorted(row["row"] for row in listed["rows"])
    for booking, text in zip(world.bookings, texts, strict=True):
        entry = opened(listed["rows"], listed, text)
        assert (entry["booking_id"], entry["seat"]) == (str(booking.id), booking.seat)
    assert opened(listed["rows"], listed, world.text(world.stranger)) is None
    told = json.dumps(listed, ensure_ascii=False)
    assert not any(word in told for word in ("王甲", "000X", *[str(booking.id) for booking in world.bookings]))


def test_old_and_cancelled_passes_keep_their_rows_and_the_version_rises(world):
    first, gone = world.text(world.bookings[0]), world.text(world.bookings[1])
    before = world.get(f"/departures/{world.on.id}/manifest", world.phones[0]).json
    world.move(world.bookings[0], "9")
    with db.transaction() as session:
        session.query(Booking).filter(Booking.id == world.bookings[1].id).update(
            {"state": "cancelled", "cancelled_at": clock.now()}
        )
    after = world.get(f"/departures/{world.on.id}/manifest", world.phones[0]).json
    assert after["version"] > before["version"]
    assert len(after["rows"]) == 7
    assert opened(after["rows"], after, first)["standing"] == "superseded"
    assert opened(after["rows"], after, world.text(world.bookings[0]))["standing"] == "current"
    assert opened(after["rows"], after, gone)["standing"] == "cancelled"


def test_the_list_in_clear_and_its_mark(world):
    answer = world.get(f"/departures/{world.on.id}/manifest")
    assert set(answer.json) == {"departure_id", "version", "items"}
    assert [one["name"] for one in answer.json["items"]] == ["王甲", "王乙", "王丙", "王丁", "王戊", "王己"]
    assert {"booking_id", "name", "seat", "stop", "party", "lap_children", "needs"} <= set(answer.json["items"][0])
    for headers in (world.city, world.phones[0]):
        mark = world.get(f"/departures/{world.on.id}/manifest", headers).headers["ETag"]
        again = world.get(f"/departures/{world.on.id}/manifest", {**headers, "If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")
        assert world.get(f"/departures/{world.on.id}/manifest", {**headers, "If-None-Match": '"x"'}).status_code == 200
        world.move(world.bookings[0], "9" if headers is world.city else "10")
        changed = world.get(f"/departures/{world.on.id}/manifest", {**headers, "If-None-Match": mark})
        assert changed.status_code == 200
    assert world.get(f"/departures/{world.other.id}/manifest", world.phones[0]).json["code"] == "not_found"


def test_a_scan_boards_once_and_gives_its_first_answer_for_ever(world):
    booking = world.bookings[0]
    first = make.scan(booking, world.text(booking), stop_id=world.stops[0])
    assert world.send(first) == [{"scan_id": first["scan_id"], "verdict": "go", "code": "ok"}]
    (second,) = world.send(make.scan(booking, world.text(booking)), phone=1)
    assert (second["verdict"], second["code"], second["first_scan"]) == ("look", "already_boarded", first["scan_id"])
    assert {"at", "stop_id", "device"} <= set(second["detail"])
    assert second["detail"]["stop_id"] == world.stops[0]
    for changed in (first, first | {"kind": "deny"}, first | {"booking_id": "5", "pass": None}):
        assert world.send(changed)[0] == {"scan_id": first["scan_id"], "verdict": "go", "code": "ok"}
    world.move(booking, "9")
    assert world.codes(first) == [("go", "ok")]
    assert world.item(booking)["state"] == "boarded"
    assert [case["booking_id"] for case in world.state()["conflicts"]] == [str(booking.id)]
    assert set(world.state()["conflicts"][0]) == {"id", "booking_id", "scan_ids", "state"}


def test_twice_in_one_batch_tells_the_stop_of_the_first(world):
    text = world.text(world.bookings[0])
    made = [
        make.scan(world.bookings[0], text, at=clock.now() - timedelta(seconds=60 - at), stop_id=world.stops[0])
        for at in range(2)
    ]
    answers = world.send(*made)
    assert [one["code"] for one in answers] == ["ok", "already_boarded"]
    assert answers[1]["detail"]["stop_id"] == world.stops[0]


def forged(text, at, value):
    raw = bytearray(decoded(text))
    raw[at] ^= value
    return encoded(bytes(raw))


def high(text):
    raw = decoded(text)
    return encoded(raw[:60] + (ORDER - int.from_bytes(raw[60:], "big")).to_bytes(32, "big"))


TEXTS = {
    "empty": (lambda text: "", "unreadable"),
    "short": (lambda text: text[:-1], "unreadable"),
    "long": (lambda text: text + "0", "unreadable"),
    "lower case": (lambda text: text.lower(), "unreadable"),
    "a letter outside": (lambda text: "!" + text[1:], "unreadable"),
    "a pair over 65535": (lambda text: ":::" + text[3:], "unreadable"),
    "a space in front": (lambda text: " " + text[:-1], None),
    "full width": (lambda text: "０" + text[1:], "unreadable"),
    "201 letters": (lambda text: "0" * 201, "malformed"),
    "200 letters": (lambda text: "0" * 200, "unreadable"),
    "another version": (lambda text: forged(text, 0, 3), "unknown_key"),
    "another key": (lambda text: forged(text, 1, 0x40), "unknown_key"),
    "another serial": (lambda text: forged(text, 5, 1), "bad_signature"),
    "another departure": (lambda text: forged(text, 13, 1), "bad_signature"),
    "another seat": (lambda text: forged(text, 26, 1), "bad_signature"),
    "another flag": (lambda text: forged(text, 27, 2), "bad_signature"),
    "another r": (lambda text: forged(text, 30, 1), "bad_signature"),
    "another s": (lambda text: forged(text, 91, 1), "bad_signature"),
    "s high": (high, "bad_signature"),
    "r zero": (lambda text: encoded(decoded(text)[:28] + bytes(32) + decoded(text)[60:]), "bad_signature"),
    "s zero": (lambda text: encoded(decoded(text)[:60] + bytes(32)), "bad_signature"),
    "r of the order": (
        lambda text: encoded(decoded(text)[:28] + ORDER.to_bytes(32, "big") + decoded(text)[60:]),
        "bad_signature",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_every_broken_text_has_its_code(world, case):
    change, code = TEXTS[case]
    (answer,) = world.send(make.scan(world.bookings[0], change(world.text(world.bookings[0]))))
    assert answer["verdict"] == "stop"
    assert code in (None, answer["code"])


def test_times_departures_stops_and_standings(world):
    text, now = world.text(world.bookings[0]), clock.now()
    early = make.scan(world.bookings[0], text, at=now - timedelta(hours=23))
    late = make.scan(world.bookings[0], text, at=now + timedelta(hours=51))
    foreign_late = make.scan(None, world.text(world.stranger), at=now + timedelta(hours=60), departure_id=world.on.id)
    assert world.codes(early, late, foreign_late, device_time=now) == [
        ("look", "not_yet_valid"),
        ("look", "expired"),
        ("stop", "expired"),
    ]
    (wrong,) = world.send(make.scan(None, world.text(world.stranger), departure_id=world.on.id))
    assert (wrong["verdict"], wrong["code"]) == ("stop", "wrong_departure")
    assert wrong["detail"]["departure_id"] == str(world.other.id)
    assert set(wrong["detail"]) == {"departure_id", "bay", "departs_at", "still_here"}
    with db.transaction() as session:
        session.query(Booking).filter(Booking.id == world.bookings[1].id).update({"stop_id": world.world.stops[0].id})
    assert world.codes(make.scan(world.bookings[1], world.text(world.bookings[1]), stop_id=world.stops[1])) == [
        ("look", "wrong_stop")
    ]
    old = world.text(world.bookings[2])
    world.move(world.bookings[2], "9")
    (answer,) = world.send(make.scan(world.bookings[2], old))
    assert (answer["verdict"], answer["code"], answer["detail"]) == ("look", "superseded", {"revision": 2, "seat": "9"})
    with db.transaction() as session:
        session.query(Booking).filter(Booking.id == world.bookings[3].id).update(
            {"state": "cancelled", "cancelled_at": clock.now()}
        )
    gone = world.bookings[3]
    assert world.codes(make.scan(gone), make.scan(gone, departure_id=world.on.id)) == [("stop", "cancelled")] * 2
    unknown = make.scan(None, departure_id=world.on.id, booking_id="4611686018427387904")
    held = make.scan(None, departure_id=world.on.id, booking_id=str(world.held.id))
    assert world.codes(unknown, held) == [("stop", "not_on_manifest"), ("stop", "wrong_departure")]


def test_by_hand_and_another_departure_than_the_tokens(world):
    hand = make.scan(world.bookings[0])
    assert world.codes(hand) == [("go", "ok")]
    elsewhere = make.scan(world.stranger, world.text(world.stranger))
    assert world.codes(elsewhere) == [("stop", "device_not_allowed")]
    figures = world.state()
    assert (figures["boarded_by_hand"], figures["boarded_by_scan"], figures["expected"]) == (1, 0, 9)


MALFORMED = {
    "no object": lambda scan: 5,
    "null": lambda scan: None,
    "a list": lambda scan: [],
    "an empty object": lambda scan: {},
    "no scan_id": lambda scan: {key: value for key, value in scan.items() if key != "scan_id"},
    "a scan_id that is no UUID": lambda scan: scan | {"scan_id": "x"},
    "a number for a scan_id": lambda scan: scan | {"scan_id": 5},
    "both": lambda scan: scan | {"booking_id": "5"},
    "neither": lambda scan: {key: value for key, value in scan.items() if key != "pass"},
    "a bad time": lambda scan: scan | {"scanned_at": "yesterday"},
    "a time without offset": lambda scan: scan | {"scanned_at": "2027-02-12T06:40:00"},
    "no time": lambda scan: scan | {"scanned_at": None},
    "a number for a time": lambda scan: scan | {"scanned_at": 1_800_000_000},
    "a bad kind": lambda scan: scan | {"kind": "ride"},
    "no kind": lambda scan: scan | {"kind": None},
    "a list for a kind": lambda scan: scan | {"kind": ["board"]},
    "a long reason": lambda scan: scan | {"reason": "字" * 501},
    "a long shown": lambda scan: scan | {"shown": "go" * 500},
    "a long pass": lambda scan: scan | {"pass": "0" * 5000},
    "an unknown field": lambda scan: scan | {"verdict": "go"},
    "a strange stop": lambda scan: scan | {"stop_id": str(uuid4())},
    "no UUID for a stop": lambda scan: scan | {"stop_id": "1"},
    "an undo of nothing": lambda scan: scan | {"kind": "undo"},
    "a board that undoes": lambda scan: scan | {"undoes": str(uuid4())},
    "a time beyond all": lambda scan: scan | {"scanned_at": "9999-12-31T23:59:59+00:00"},
}


@pytest.mark.parametrize("case", MALFORMED)
def test_one_broken_scan_harms_only_itself_and_is_not_kept(world, case):
    scan = make.scan(world.bookings[0], world.text(world.bookings[0]))
    broken = MALFORMED[case](scan)
    good = make.scan(world.bookings[1], world.text(world.bookings[1]))
    answer = world.post("/scans", {"device_time": clock.now().isoformat(), "scans": [broken, good]}, world.phones[0])
    assert answer.status_code == 200
    first, second = answer.json
    assert (first["verdict"], first["code"]) == ("stop", "malformed")
    sent = broken.get("scan_id") if isinstance(broken, dict) else None
    assert first["scan_id"] == (sent if isinstance(sent, str) else None)
    assert second["code"] == "ok"
    assert world.codes(scan) == [("go", "ok")]


def test_a_batch_has_its_limits(world):
    now = clock.now().isoformat()
    many = [make.scan(world.bookings[0]) for _ in range(1001)]
    big = world.post("/scans", {"device_time": now, "scans": many}, world.phones[0])
    assert (big.status_code, big.json["code"]) == (413, "batch_too_large")
    whole = world.post("/scans", {"device_time": now, "scans": many[:1000]}, world.phones[0])
    assert whole.status_code == 200
    assert [one["scan_id"] for one in whole.json] == [scan["scan_id"] for scan in many[:1000]]
    for body in (
        {"scans": []},
        {"scans": [], "device_time": None},
        {"scans": [], "device_time": "x"},
        {"scans": [], "device_time": 5},
        {"device_time": now},
        {"scans": {}, "device_time": now},
        {"scans": [], "device_time": now, "x": 1},
        {"scans": [], "device_time": "2027-02-12T06:40:00"},
    ):
        assert world.post("/scans", body, world.phones[0]).status_code == 422, body
    empty = world.post("/scans", {"device_time": now, "scans": []}, world.phones[0])
    assert (empty.status_code, empty.json) == (200, [])


def test_clocks_are_corrected_by_the_batch(world):
    booking = world.bookings[0]
    ahead = timedelta(days=3)
    scan = make.scan(booking, world.text(booking), at=clock.now() + ahead)
    assert world.send(scan, device_time=clock.now() + ahead) == [
        {"scan_id": scan["scan_id"], "verdict": "go", "code": "ok"}
    ]
    with db.transaction() as session:
        kept = session.query(Scan).one()
        assert kept.scanned_at > kept.corrected_at + timedelta(days=2)
        assert kept.time_doubtful is False
    for at in (timedelta(minutes=5), timedelta(hours=-9)):
        (answer,) = world.send(make.scan(world.bookings[1], at=clock.now() + at), device_time=clock.now())
        assert answer["detail"]["time_doubtful"] is True


def test_a_revoked_phone_gets_401_but_its_scans_are_kept_as_evidence(world):
    with db.transaction() as session:
        session.query(ApiToken).filter(ApiToken.role == "scanner").update({"revoked_at": clock.now()})
    scan = make.scan(world.bookings[0], world.text(world.bookings[0]))
    assert world.codes(scan) == [("stop", "device_not_allowed")]
    assert world.codes(scan) == [("stop", "device_not_allowed")]
    for path in (f"/departures/{world.on.id}/manifest", f"/departures/{world.on.id}/boarding"):
        assert world.get(path, world.phones[0]).status_code == 401
    assert world.post(f"/departures/{world.on.id}/counts", {"counted": 1}, world.phones[0]).status_code == 401
    with db.transaction() as session:
        assert session.query(Scan).count() == 1
    assert world.item(world.bookings[0])["state"] == "waiting"


def test_a_revoked_key_ends_its_passes(world):
    from charter.passes import keys

    text = world.text(world.bookings[0])
    number = struct.unpack_from(">H", decoded(text), 1)[0]
    with db.transaction() as session:
        keys.revoke(session, world.world.campaign.id, number)
    assert world.codes(make.scan(world.bookings[0], text)) == [("stop", "revoked")]
    assert key_of(world, number)[1]["revoked"] is True
    fresh = world.text(world.bookings[0])
    assert struct.unpack_from(">H", decoded(fresh), 1)[0] != number
    assert world.codes(make.scan(world.bookings[0], fresh)) == [("go", "ok")]


def test_an_undo_works_before_and_after_its_scan(world):
    for at, order in enumerate(((0, 1), (1, 0))):
        booking = world.bookings[at]
        scan = make.scan(booking, world.text(booking))
        undo = dict(make.scan(booking, kind="undo").items()) | {
            "undoes": scan["scan_id"],
            "booking_id": str(booking.id),
        }
        for which in order:
            world.send((scan, undo)[which])
        assert world.item(booking)["state"] == "waiting"
        assert world.codes(make.scan(booking, world.text(booking))) == [("go", "ok")]


def test_any_order_of_arrival_gives_one_state(world):
    booking, now = world.bookings[0], clock.now()
    text = world.text(booking)
    board = make.scan(booking, text, at=now - timedelta(minutes=9))
    alight = make.scan(booking, text, at=now - timedelta(minutes=6), kind="alight")
    undone = make.scan(booking, text, at=now - timedelta(minutes=5))
    undo = make.scan(booking, kind="undo", at=now - timedelta(minutes=4)) | {
        "undoes": undone["scan_id"],
        "booking_id": str(booking.id),
    }
    seen = set()
    for at, order in enumerate(itertools.permutations((board, alight, undone, undo))):
        if at % 3:
            continue
        with db.transaction() as session:
            session.query(Scan).delete()
        for place, scan in enumerate(order):
            world.send(scan, scan, phone=place % 3)
        found = world.state()
        seen.add(
            (
                json.dumps(world.item(booking), sort_keys=True),
                found["boarded_by_scan"],
                found["alighted"],
                len(found["conflicts"]),
            )
        )
    assert {one[:3] for one in seen} == {
        (
            json.dumps(
                {"booking_id": str(booking.id), "state": "alighted", "scan_id": alight["scan_id"]}, sort_keys=True
            ),
            1,
            1,
        )
    }


def test_denied_alighted_and_no_show(world):
    texts = [world.text(booking) for booking in world.bookings]
    world.send(
        make.scan(world.bookings[0], texts[0]),
        make.scan(world.bookings[1], texts[1]),
        make.scan(world.bookings[2], texts[2], kind="deny", reason="票不对"),
    )
    world.send(make.scan(world.bookings[1], texts[1], kind="alight"))
    found = world.state()
    assert set(found) == {
        "version",
        "expected",
        "boarded_by_scan",
        "boarded_by_hand",
        "alighted",
        "counted",
        "items",
        "conflicts",
    }
    assert [
        one["state"]
        for one in sorted(found["items"], key=lambda one: [str(b.id) for b in world.bookings].index(one["booking_id"]))
    ] == ["boarded", "alighted", "denied", "waiting", "waiting", "waiting"]
    assert (found["boarded_by_scan"], found["boarded_by_hand"], found["alighted"], found["counted"]) == (3, 0, 2, None)
    assert world.post(f"/departures/{world.on.id}/depart").status_code == 200
    assert {one["state"] for one in world.state()["items"]} == {"boarded", "alighted", "denied", "no_show"}


def test_the_count_must_balance_before_the_departure_leaves(world):
    text = world.text(world.bookings[1])
    world.send(make.scan(world.bookings[1], text))
    counts, depart = f"/departures/{world.on.id}/counts", f"/departures/{world.on.id}/depart"
    for body in (
        {},
        {"counted": "2"},
        {"counted": True},
        {"counted": 1.5},
        {"counted": -1},
        {"counted": 10**20},
        {"counted": 2, "stop_id": "x"},
        {"counted": 2, "stop_id": str(uuid4())},
        {"counted": 2, "reason": "字" * 501},
        {"counted": 2, "driver": 1},
    ):
        assert world.post(counts, body, world.phones[0]).status_code == 422, body
    assert world.post(counts, {"stop_id": world.stops[0], "counted": 5}, world.phones[0]).status_code == 201
    assert world.state()["counted"] == 5
    differs = world.post(depart)
    assert (differs.status_code, differs.json["code"]) == (409, "count_differs")
    assert (
        world.post(
            counts, {"stop_id": world.stops[0], "counted": 5, "reason": "两名随行家属"}, world.phones[0]
        ).status_code
        == 201
    )
    assert world.post(counts, {"stop_id": None, "counted": 3}, world.phones[0]).status_code == 201
    assert world.post(depart).json["code"] == "count_differs"
    assert world.post(counts, {"counted": 2}, world.phones[0]).status_code == 201
    sealed = world.post(depart)
    assert sealed.status_code == 200
    assert world.post(depart).json == sealed.json


def test_scans_of_before_the_seal_may_come_after_it(world):
    texts = [world.text(booking) for booking in world.bookings]
    before = clock.now() - timedelta(minutes=1)
    assert world.post(f"/departures/{world.on.id}/depart").status_code == 200
    with clock.travel(timedelta(minutes=10)):
        assert world.codes(make.scan(world.bookings[0], texts[0], at=before)) == [("go", "ok")]
        assert world.codes(make.scan(world.bookings[1], texts[1])) == [("stop", "departure_closed")]
        assert world.codes(make.scan(world.bookings[0], texts[0], kind="alight")) == [("go", "ok")]
    assert world.item(world.bookings[1])["state"] == "no_show"


def test_a_phone_sees_its_own_departure_only(world):
    for path in ("manifest", "boarding"):
        assert world.get(f"/departures/{world.other.id}/{path}", world.phones[0]).json["code"] == "not_found"
    for path, body in (("counts", {"counted": 1}), ("depart", None)):
        assert world.post(f"/departures/{world.other.id}/{path}", body, world.phones[0]).json["code"] == "not_found"
    assert world.get(f"/campaigns/{uuid4()}/pass-keys").status_code == 404
