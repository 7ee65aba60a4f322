"""Scans by the API: every verdict that a caller can reach, sync in any order, and the count that must balance."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import boarding.factories as make
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from charter.access.models import ApiToken
from charter.access.service.tokens import revoke_token
from charter.app import create_app
from charter.boarding.models import Scan
from charter.bookings.models import Booking
from charter.bookings.travel import report_seen
from charter.core import clock, db, sealed
from charter.core.actor import SYSTEM, Actor, Role
from charter.passes import queries, service
from charter.passes.rules import base45
from charter.registrations.models import Registration

CITY = Actor(Role.CITY_ORGANIZER)


class Bench:
    """One departure with five seats, an other one, a phone and an organizer."""

    def __init__(self) -> None:
        sealed.configure(sealed.new_ring())
        self.client: FlaskClient = create_app(propagate_faults=True).test_client()
        with db.transaction() as session:
            self.world = make.world(session)
            self.on, self.other = make.departure(session, self.world), make.departure(session, self.world, hours=3)
            self.bookings = [make.booking(session, self.world, self.on, str(number + 1), lap_children=number % 2)
                             for number in range(5)]
            self.stranger = make.booking(session, self.world, self.other, "1")
            self.phones = [make.token(session, Role.SCANNER, "departure", self.on.id) for _ in range(3)]
            self.city = make.token(session, Role.CITY_ORGANIZER)

    def text(self, booking: Booking) -> str:
        return db.act(service.prepare, booking.id, CITY).text

    def send(self, *scans: Any, phone: int = 0, device_time: str | None = None) -> list[dict[str, Any]]:
        answer = self.client.post("/api/v1/scans", headers=self.phones[phone], json={
            "device_time": device_time or clock.now().isoformat(), "scans": list(scans)})
        assert answer.status_code == 200, answer.text
        return answer.json

    def codes(self, *scans: Any, phone: int = 0) -> list[tuple[str, str]]:
        return [(one["verdict"], one["code"]) for one in self.send(*scans, phone=phone)]

    def state(self) -> dict[str, Any]:
        return self.client.get(f"/api/v1/departures/{self.on.id}/boarding", headers=self.city).json

    def change(self, act: Callable[..., Any], booking: Booking, **values: Any) -> None:
        with db.transaction() as session:
            found = session.scalars(select(Booking).where(Booking.id == booking.id)).one()
            act(session, found, **values)


def set_values(_: Any, booking: Booking, **values: Any) -> None:
    for name, value in values.items():
        setattr(booking, name, value)


@pytest.fixture
def bench(database: str) -> Bench:
    return Bench()


def test_a_pass_boards_its_worker_once(bench: Bench) -> None:
    first = bench.bookings[0]
    text = bench.text(first)
    sent = make.scan(first, text)
    assert bench.codes(sent) == [("go", "ok")]
    again = bench.send(make.scan(first, text, shown="look"))[0]
    assert (again["verdict"], again["code"], again["first_scan"]) == ("look", "already_boarded", sent["scan_id"])
    assert set(again["detail"]) == {"at", "stop_id", "device"}
    state = bench.state()
    assert (state["expected"], state["boarded_by_scan"], state["boarded_by_hand"]) == (7, 1, 0)
    assert {"booking_id": str(first.id), "state": "boarded", "scan_id": sent["scan_id"]} in state["items"]
    assert state["conflicts"] == []
    with db.transaction() as session:
        assert session.scalars(select(Booking.boarded_at).where(Booking.id == first.id)).one() is not None
        assert session.get_one(Registration, (first.campaign_id, first.registration_id)).state == "boarded"
    bench.send(make.scan(None, kind="undo", departure_id=bench.on.id, undoes=sent["scan_id"]),
               make.scan(None, kind="undo", departure_id=bench.on.id, undoes=again["scan_id"]))
    with db.transaction() as session:
        assert session.scalars(select(Booking.boarded_at).where(Booking.id == first.id)).one() is None
        assert session.get_one(Registration, (first.campaign_id, first.registration_id)).state == "booked"


def test_every_bad_pass_gets_its_verdict(bench: Bench) -> None:
    one = bench.bookings[0]
    text = bench.text(one)
    data = base45.decode(text)
    forged = base45.encode(data[:40] + bytes([data[40] ^ 1]) + data[41:])
    foreign = base45.encode(bytes([1, 0xFF, 0xFE]) + data[3:])
    assert bench.codes(
        make.scan(one, text[:-1]), make.scan(one, text.lower()), make.scan(one, foreign), make.scan(one, forged),
        make.scan(None, bench.text(bench.stranger), departure_id=bench.on.id),
        make.scan(one, text, stop_id=str(bench.world.stops[1].id)),
        make.scan(one, bench.text(bench.bookings[1]), departure_id=bench.other.id)) == [
        ("stop", "unreadable"), ("stop", "unreadable"), ("stop", "unknown_key"), ("stop", "bad_signature"),
        ("stop", "wrong_departure"), ("look", "wrong_stop"), ("stop", "device_not_allowed")]


def test_the_wrong_bus_is_told_where_the_right_one_stands(bench: Bench) -> None:
    answer = bench.send(make.scan(None, bench.text(bench.stranger), departure_id=bench.on.id))[0]
    assert answer["detail"]["departure_id"] == str(bench.other.id)
    assert answer["detail"]["bay"] == "7号车位"
    assert answer["detail"]["still_here"] is True


def test_old_cancelled_and_reported_passes_are_told_apart(bench: Bench) -> None:
    moved, ended, seen = bench.bookings[:3]
    texts = [bench.text(one) for one in (moved, ended, seen)]
    bench.change(set_values, moved, seat="40", slot=40)
    bench.change(set_values, ended, state="cancelled")
    bench.change(lambda session, found: report_seen(session, found), seen)
    answers = bench.send(*(make.scan(one, text) for one, text in zip((moved, ended, seen), texts, strict=True)))
    assert [(one["verdict"], one["code"]) for one in answers] == [
        ("look", "superseded"), ("stop", "cancelled"), ("stop", "revoked")]
    assert answers[0]["detail"] == {"revision": 2, "seat": "40"}
    assert bench.codes(make.scan(seen, bench.text(seen))) == [("go", "ok")]


def test_times_are_judged_as_the_corrected_clock_says(bench: Bench) -> None:
    one = bench.bookings[0]
    text = bench.text(one)
    now = clock.now()
    early = make.scan(one, text, at=now - timedelta(days=3))
    late = make.scan(one, text, at=now + timedelta(days=5))
    answers = bench.send(early, late)
    assert [(one["verdict"], one["code"]) for one in answers] == [("look", "not_yet_valid"), ("look", "expired")]
    assert all(one["detail"]["time_doubtful"] for one in answers)
    ahead = now + timedelta(days=9)  # a clock nine days fast, scan and sending alike
    assert bench.send(make.scan(bench.bookings[1], at=ahead), device_time=ahead.isoformat())[0]["code"] == "ok"


def test_one_broken_scan_harms_only_itself(bench: Bench) -> None:
    one = bench.bookings[0]
    good = make.scan(one)
    broken: list[Any] = [
        5, None, {}, {**good, "scan_id": "x"}, {**good, "scan_id": 7}, {**good, "kind": "hover"},
        {**good, "pass": "A"}, {**good, "booking_id": None}, {**good, "scanned_at": "yesterday"},
        {**good, "scanned_at": "2027-02-12T06:40:00"}, {**good, "scanned_at": "0001-01-01T00:00:00+14:00"},
        {**good, "reason": "x" * 501}, {**good, "pass": "x" * 201, "booking_id": None}, {**good, "more": 1},
        {**good, "stop_id": str(uuid4())}, {**good, "undoes": str(uuid4())}, {**good, "kind": "undo"}]
    answers = bench.send(*broken, good)
    assert [found["code"] for found in answers] == ["malformed"] * len(broken) + ["ok"]
    assert [found["scan_id"] for found in answers[:5]] == [None, None, None, "x", None]
    with db.transaction() as session:
        assert len(session.scalars(select(Scan)).all()) == 1


def test_the_same_scan_gets_its_first_answer_whatever_has_happened_since(bench: Bench) -> None:
    one = bench.bookings[0]
    sent = make.scan(one, bench.text(one))
    first = bench.send(sent)
    bench.change(set_values, one, state="cancelled")
    assert bench.send(sent) == first
    assert bench.send(sent, sent, phone=1) == first * 2


def test_a_batch_has_its_limits(bench: Bench) -> None:
    def status(body: dict[str, Any]) -> tuple[int, str]:
        answer = bench.client.post("/api/v1/scans", headers=bench.phones[0], json=body)
        return answer.status_code, answer.json["code"] if isinstance(answer.json, dict) else answer.json
    now = clock.now().isoformat()
    assert status({"device_time": now, "scans": [{}] * 1001}) == (413, "batch_too_large")
    assert status({"scans": []}) == (422, "invalid")
    assert status({"device_time": "noon", "scans": [{}]}) == (422, "invalid")
    assert status({"device_time": now, "scans": []}) == (200, [])
    answer = bench.client.post("/api/v1/scans", headers=bench.city, json={"device_time": now, "scans": []})
    assert answer.status_code == 403


def test_a_revoked_phone_gets_401_everywhere_and_its_scans_are_kept_as_evidence(bench: Bench) -> None:
    with db.transaction() as session:
        token = session.scalars(select(ApiToken).where(ApiToken.scope_id == str(bench.on.id))
                                .order_by(ApiToken.created_at)).first()
        assert token
        revoke_token(session, token.id)
    assert bench.codes(make.scan(bench.bookings[0])) == [("stop", "device_not_allowed")]
    assert bench.client.get(f"/api/v1/departures/{bench.on.id}/boarding", headers=bench.phones[0]).status_code == 401
    with db.transaction() as session:
        assert session.scalars(select(Scan.code)).all() == ["device_not_allowed"]
    assert all(one["state"] == "waiting" for one in bench.state()["items"])


def test_two_phones_that_boarded_one_pass_become_a_case_in_any_order_of_arrival(bench: Bench) -> None:
    one, two = bench.bookings[:2]
    now = clock.now()
    history = [
        (0, make.scan(one, bench.text(one), at=now - timedelta(minutes=9), shown="go")),
        (1, make.scan(one, bench.text(one), at=now - timedelta(minutes=5), shown="go")),
        (2, make.scan(two, at=now - timedelta(minutes=4))),
    ]
    history.append((1, make.scan(None, kind="undo", departure_id=bench.on.id, undoes=history[2][1]["scan_id"])))
    seen = []
    for order in itertools.permutations(history):
        with db.transaction() as session:
            for table in ("boarding_conflict", "scan"):
                session.connection().exec_driver_sql(f"DELETE FROM {table}")
        for phone, sent in order:
            bench.send(sent, phone=phone)
            bench.send(sent, phone=phone)
        seen.append(bench.state())
    assert all(state == seen[0] for state in seen)
    (case,) = seen[0]["conflicts"]
    assert case["scan_ids"] == [history[0][1]["scan_id"], history[1][1]["scan_id"]]
    assert case["state"] == "open"
    states = {item["booking_id"]: item["state"] for item in seen[0]["items"]}
    assert (states[str(one.id)], states[str(two.id)]) == ("boarded", "waiting")


def test_the_count_must_balance_before_the_departure_leaves(bench: Bench) -> None:
    place = f"/api/v1/departures/{bench.on.id}"
    bench.send(make.scan(bench.bookings[0], bench.text(bench.bookings[0])), make.scan(bench.bookings[1]))
    counted = bench.client.post(f"{place}/counts", headers=bench.phones[0], json={"stop_id": None, "counted": 2})
    assert (counted.status_code, counted.json["expected"], counted.json["difference"]) == (201, 3, -1)
    refused = bench.client.post(f"{place}/depart", headers=bench.phones[0])
    assert (refused.status_code, refused.json["code"]) == (409, "count_differs")
    stop = str(bench.world.stops[0].id)
    bench.client.post(f"{place}/counts", headers=bench.phones[0], json={"stop_id": stop, "counted": 3})
    left = bench.client.post(f"{place}/depart", headers=bench.phones[0])
    assert left.status_code == 200
    assert bench.client.post(f"{place}/depart", headers=bench.phones[0]).json == left.json
    state = bench.state()
    assert state["boarded_by_scan"] + state["boarded_by_hand"] - state["alighted"] == state["counted"] == 3
    assert sorted(item["state"] for item in state["items"]) == ["boarded", "boarded", "no_show", "no_show", "no_show"]
    late = bench.send(make.scan(bench.bookings[2]), make.scan(bench.bookings[0], kind="alight"),
                      make.scan(bench.bookings[3], at=clock.now() - timedelta(minutes=5)))
    assert [one["code"] for one in late] == ["departure_closed", "ok", "ok"]


def test_a_difference_that_is_explained_lets_the_departure_leave(bench: Bench) -> None:
    place = f"/api/v1/departures/{bench.on.id}"
    bench.client.post(f"{place}/counts", headers=bench.city, json={"counted": 1, "reason": "一名家属同车"})
    assert bench.client.post(f"{place}/depart", headers=bench.city).status_code == 200
    assert bench.client.post(f"{place}/counts", headers=bench.city, json={"counted": -1}).status_code == 422


def test_foreign_departures_are_not_found(bench: Bench) -> None:
    for what in ("manifest", "boarding"):
        assert bench.client.get(f"/api/v1/departures/{bench.other.id}/{what}",
                                headers=bench.phones[0]).status_code == 404
    assert bench.client.post(f"/api/v1/departures/{bench.other.id}/depart", headers=bench.phones[0]).status_code == 404


def test_a_pass_that_was_reported_by_its_owner_is_replaced(bench: Bench) -> None:
    one = bench.bookings[0]
    old = bench.text(one)
    db.act(service.report, one.id, CITY)
    assert bench.text(one) != old
    assert db.ask(queries.pass_of, one.id, CITY).revision == 2
    assert SYSTEM.role is None
