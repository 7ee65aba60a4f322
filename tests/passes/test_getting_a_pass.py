"""The pass by API: who may have it, in which forms, and what stands in its way."""

from __future__ import annotations

import base64
import io
from datetime import datetime, timedelta
from typing import Any

import boarding.factories as make
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from charter.app import create_app
from charter.bookings.models import Booking
from charter.core import clock, db, sealed
from charter.core.actor import Actor, Role
from charter.passes import keys, service
from charter.passes.models import PassKey
from charter.passes.rules import codec
from charter.registrations.models import Registration

CITY = Actor(Role.CITY_ORGANIZER)


class Counter:
    """A campaign with one booked worker, and his employer and others with tokens."""

    def __init__(self) -> None:
        sealed.configure(sealed.new_ring())
        self.client = create_app(propagate_faults=True).test_client()
        with db.transaction() as session:
            self.world = make.world(session)
            self.on = make.departure(session, self.world, hours=50)
            self.booking = make.booking(session, self.world, self.on, "23")
            self.held = make.booking(session, self.world, self.on, "24", state="held")
            worker = session.scalars(select(Registration.worker_id)
                                     .where(Registration.id == self.booking.registration_id)).one()
            self.worker = make.token(session, Role.WORKER, "worker", worker)
            self.stranger = make.token(session, Role.WORKER, "worker", self.world.campaign.id)
            self.employer = make.token(session, Role.EMPLOYER, "employer", self.world.employer.id)
            self.scanner = make.token(session, Role.SCANNER, "departure", self.on.id)

    def get(self, what: str, headers: dict[str, str], booking: Booking | None = None) -> Any:
        return self.client.get(f"/api/v1/bookings/{(booking or self.booking).id}/{what}", headers=headers)

    def keys(self) -> dict[int, codec.VerifyKey]:
        items = self.client.get(f"/api/v1/campaigns/{self.world.campaign.id}/pass-keys").json["items"]
        plain = [base64.urlsafe_b64decode(one[part] + "=") for one in items for part in ("x", "y")]
        return {one["number"]: codec.VerifyKey(one["number"], plain[2 * at] + plain[2 * at + 1], one["revoked"])
                for at, one in enumerate(items)}


@pytest.fixture
def counter(database: str) -> Counter:
    return Counter()


def test_the_pass_says_what_the_booking_says_and_checks_by_the_public_keys(counter: Counter) -> None:
    body = counter.get("pass", counter.worker).json
    assert set(body) == {"pass", "revision", "departure_id", "seat", "stop", "gather_at", "bay", "valid_from",
                         "valid_until"}
    claims = codec.read(body["pass"], counter.keys()).claims
    assert (claims.serial, claims.departure, claims.revision, claims.seat) == (
        counter.booking.id, counter.on.id, body["revision"], 23)
    assert datetime.fromisoformat(body["valid_from"]) == claims.valid_from
    assert timedelta(0) <= counter.on.departs_at - timedelta(hours=24) - claims.valid_from < timedelta(minutes=1)
    assert claims.valid_until - claims.valid_from == timedelta(hours=72)
    assert counter.get("pass", counter.worker).json == body


def test_pictures_show_the_same_pass_and_are_stored_by_nobody(counter: Counter) -> None:
    text = counter.get("pass", counter.employer).json["pass"]
    for kind, mime in (("svg", "image/svg+xml"), ("png", "image/png"), ("pdf", "application/pdf")):
        answer = counter.get(f"pass.{kind}", counter.worker)
        assert (answer.status_code, answer.mimetype) == (200, mime)
        assert answer.headers["Cache-Control"] == "private, no-store"
    image = Image.open(io.BytesIO(counter.get("pass.png", counter.worker).data))
    assert [found.text for found in zxingcpp.read_barcodes(image.convert("L"))] == [text]


def test_only_those_whom_it_concerns_get_a_pass(counter: Counter) -> None:
    assert counter.get("pass", counter.stranger).status_code == 404
    assert counter.get("pass", counter.scanner).status_code == 403
    assert counter.get("pass", {}).status_code == 401


def test_held_and_cancelled_seats_have_no_pass(counter: Counter) -> None:
    held = counter.get("pass", counter.employer, counter.held)
    assert (held.status_code, held.json["code"]) == (409, "not_confirmed")
    with db.transaction() as session:
        session.scalars(select(Booking).where(Booking.id == counter.booking.id)).one().state = "cancelled"
    ended = counter.get("pass.png", counter.employer)
    assert (ended.status_code, ended.json["code"]) == (410, "booking_cancelled")


def test_after_a_rotation_old_pictures_stay_good_and_new_revisions_carry_the_new_key(counter: Counter) -> None:
    old = counter.get("pass", counter.worker).json["pass"]
    db.act(keys.rotate, counter.world.campaign.id)
    assert counter.get("pass", counter.worker).json["pass"] == old
    db.act(service.report, counter.booking.id, CITY)
    new = counter.get("pass", counter.worker).json["pass"]
    assert codec.read(old, counter.keys()).claims.key_number != codec.read(new, counter.keys()).claims.key_number


def test_a_revoked_key_ends_its_passes_and_a_fresh_one_signs_them_anew(counter: Counter) -> None:
    old = counter.get("pass", counter.worker).json["pass"]
    number = codec.read(old, counter.keys()).claims.key_number
    db.act(keys.revoke, counter.world.campaign.id, number)
    with pytest.raises(codec.Refused, match="revoked"):
        codec.read(old, counter.keys())
    assert codec.read(counter.get("pass", counter.worker).json["pass"], counter.keys()).claims.key_number != number


def test_private_halves_lie_wrapped(counter: Counter) -> None:
    with db.transaction() as session:
        key = session.scalars(select(PassKey)).one()
        private = keys.private_half(key)
        assert codec.verify_key(key.number, private.public_key()).point == key.public
        secret = private.private_numbers().private_value.to_bytes(32, "big")
        assert secret not in key.private_wrapped
        assert key.verify_until > clock.now() + timedelta(days=14)
