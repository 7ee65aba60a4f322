"""The list on phones: a row opens by its own pass and by nothing else; the list in clear is for the desk."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import boarding.factories as make
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask.testing import FlaskClient
from sqlalchemy import select

from charter.app import create_app
from charter.bookings.models import Booking
from charter.bookings.travel import report_seen
from charter.core import db, sealed
from charter.core.actor import Actor, Role
from charter.passes import service
from charter.passes.rules import base45

CITY = Actor(Role.CITY_ORGANIZER)


class Desk:
    """A departure with four people, one phone, one organizer."""

    def __init__(self) -> None:
        sealed.configure(sealed.new_ring())
        self.client: FlaskClient = create_app(propagate_faults=True).test_client()
        with db.transaction() as session:
            self.world = make.world(session)
            self.on, self.other = make.departure(session, self.world), make.departure(session, self.world, hours=4)
            self.people = [make.booking(session, self.world, self.on, str(seat), name=f"旅客{seat}号",
                                        tail=f"77{seat}X") for seat in range(1, 5)]
            self.phone = make.token(session, Role.SCANNER, "departure", self.on.id)
            self.city = make.token(session, Role.CITY_ORGANIZER)

    def text(self, booking: Booking) -> str:
        return db.act(service.prepare, booking.id, CITY).text

    def fetch(self, headers: dict[str, str], **more: str) -> Any:
        return self.client.get(f"/api/v1/departures/{self.on.id}/manifest", headers=headers | more)

    def edit(self, booking: Booking, **values: object) -> None:
        with db.transaction() as session:
            found = session.scalars(select(Booking).where(Booking.id == booking.id)).one()
            for name, value in values.items():
                setattr(found, name, value)


def opened(body: dict[str, Any], text: str) -> dict[str, Any]:
    """The row of a pass, opened as the contract says."""
    signature = base45.decode(text)[28:]
    wanted = base64.b64encode(hashlib.sha256(b"row" + signature).digest()[:16]).decode()
    (row,) = [row for row in body["rows"] if row["row"] == wanted]
    box = base64.b64decode(row["box"])
    salt = int(body["departure_id"]).to_bytes(6, "big") + body["version"].to_bytes(4, "big")
    key = HKDF(SHA256(), 32, salt=salt, info=b"entry").derive(signature)
    found: dict[str, Any] = json.loads(AESGCM(key).decrypt(box[:12], box[12:], None))
    return found


@pytest.fixture
def desk(database: str) -> Desk:
    return Desk()


def test_each_row_opens_by_its_own_pass_alone(desk: Desk) -> None:
    body = desk.fetch(desk.phone).json
    assert body.keys() == {"departure_id", "version", "not_after", "rows"}
    assert len(body["rows"]) == 4
    assert len({len(row["box"]) for row in body["rows"]}) == 1
    for booking, seat in zip(desk.people, "1234", strict=True):
        entry = opened(body, desk.text(booking))
        assert (entry["name"], entry["last_four"], entry["seat"]) == (f"旅客{seat}号", f"77{seat}X", seat)
    foreign = dict(zip(("row", "box"), (body["rows"][0]["row"], body["rows"][1]["box"]), strict=True))
    for booking in desk.people:
        signature = base45.decode(desk.text(booking))[28:]
        if base64.b64encode(hashlib.sha256(b"row" + signature).digest()[:16]).decode() == foreign["row"]:
            with pytest.raises(InvalidTag):
                opened({**body, "rows": [foreign]}, desk.text(booking))


def test_nothing_in_the_sealed_list_names_anybody(desk: Desk) -> None:
    text = desk.fetch(desk.phone).text
    assert not any(str(part) in text for one in desk.people for part in (one.id, "旅客", "771X"))


def test_old_cancelled_reported_and_moved_passes_keep_their_rows(desk: Desk) -> None:
    texts = [desk.text(one) for one in desk.people]
    first = desk.fetch(desk.phone).json["version"]
    desk.edit(desk.people[0], seat="40", slot=40)
    desk.edit(desk.people[1], state="cancelled")
    with db.transaction() as session:
        report_seen(session, session.scalars(select(Booking).where(Booking.id == desk.people[2].id)).one())
    desk.edit(desk.people[3], departure_id=desk.other.id)
    body = desk.fetch(desk.phone).json
    assert body["version"] > first
    rows = [opened(body, text) for text in texts]
    assert [row["standing"] for row in rows] == ["superseded", "cancelled", "revoked", "superseded"]
    assert (rows[0]["seat"], rows[0]["revision"]) == ("40", 2)
    assert [row["own"] for row in rows] == [True, True, True, False]
    assert rows[3]["elsewhere"]["departure_id"] == str(desk.other.id)
    assert opened(body, desk.text(desk.people[0]))["standing"] == "current"


def test_an_unchanged_list_is_not_sent_again(desk: Desk) -> None:
    for headers in (desk.phone, desk.city):
        first = desk.fetch(headers)
        again = desk.fetch(headers, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert first.headers["Cache-Control"] == "private, no-store"
    desk.edit(desk.people[0], seat="41", slot=41)
    assert desk.fetch(desk.phone, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_organizers_read_the_list_in_clear(desk: Desk) -> None:
    body = desk.fetch(desk.city).json
    assert [item["name"] for item in body["items"]] == [f"旅客{seat}号" for seat in range(1, 5)]
    assert body["items"][0].keys() >= {"booking_id", "name", "seat", "stop", "party", "lap_children", "needs"}
    assert desk.client.get(f"/api/v1/departures/{desk.on.id}/manifest").status_code == 401
