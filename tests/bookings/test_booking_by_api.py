"""One worker, one coach: hold, confirm, move, cancel by API, with the codes of the contract."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bookings.factories import bearer, coach, riders, scene, worker_of

from charter.core import clock, db
from charter.core.actor import Role


@pytest.fixture
def world(database):
    with db.transaction() as session:
        made = scene(session)
        made.riders = riders(session, made, 10)
        made.organizer = bearer(session, Role.CITY_ORGANIZER)
        made.clerk = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
        made.stranger = bearer(session, Role.EMPLOYER, "employer", made.other.id)
        made.worker = bearer(session, Role.WORKER, "worker", worker_of(session, made.riders[0]))
    made.url = f"/api/v1/departures/{made.departure.id}/bookings"
    return made


def hold(client, world, rider=0, headers=None, **body):
    return client.post(world.url, json={"registration_id": str(world.riders[rider]), **body},
                       headers=headers or world.organizer)


def test_a_worker_holds_and_confirms_his_own_seat(client, world):
    held = hold(client, world, headers=world.worker, seat="3")
    assert held.status_code == 201
    assert held.json["seat"] == "3"
    assert held.json["state"] == "held"
    confirmed = client.post(f"/api/v1/bookings/{held.json['id']}/confirm", headers=world.worker)
    assert confirmed.json["state"] == "confirmed"
    again = client.post(f"/api/v1/bookings/{held.json['id']}/confirm", headers=world.worker)
    assert again.json == confirmed.json
    found = client.get(f"/api/v1/registrations/{world.riders[0]}", headers=world.worker).json
    assert found["state"] == "booked"
    assert [one["seat"] for one in found["bookings"]] == ["3"]


def test_a_taken_seat_and_an_unknown_one_are_named(client, world):
    hold(client, world, seat="3")
    assert hold(client, world, 1, seat="3").json["code"] == "seat_taken"
    assert hold(client, world, 1, seat="99").json["code"] == "seat_unknown"
    assert hold(client, world, 1, seat="99").status_code == 422


def test_nobody_sits_twice_at_the_same_time(client, world):
    hold(client, world, seat="1")
    assert hold(client, world, seat="2").json["code"] == "already_booked"


def test_a_full_coach_says_so(client, world):
    for rider in range(8):
        assert hold(client, world, rider).status_code == 201
    assert hold(client, world, 8).json["code"] == "departure_full"


def test_a_hold_expires_by_the_clock_and_its_seat_is_sold_again(client, world):
    held = hold(client, world, seat="1").json
    with clock.travel(timedelta(seconds=601)):
        assert client.get(f"/api/v1/bookings/{held['id']}", headers=world.organizer).json["state"] == "expired"
        late = client.post(f"/api/v1/bookings/{held['id']}/confirm", headers=world.organizer)
        assert (late.status_code, late.json["code"]) == (410, "hold_expired")
        assert hold(client, world, 1, seat="1").status_code == 201
        assert hold(client, world, 0, seat="2").status_code == 201


def test_a_party_sits_together_or_not_at_all(client, world):
    body = {"registration_ids": [str(key) for key in world.riders[:3]]}
    party = client.post(world.url, json=body, headers=world.clerk)
    assert [one["seat"] for one in party.json["items"]] == ["1", "2", "3"]
    rest = {"registration_ids": [str(key) for key in world.riders[3:10]]}
    assert client.post(world.url, json=rest, headers=world.clerk).json["code"] == "party_does_not_fit"
    assert client.get(world.url, headers=world.organizer).json["items"].__len__() == 3


def test_a_move_raises_the_revision_and_cancelling_frees_the_seat(client, world):
    held = hold(client, world, seat="1").json
    client.post(f"/api/v1/bookings/{held['id']}/confirm", headers=world.organizer)
    moved = client.post(f"/api/v1/bookings/{held['id']}/move", json={"seat": "5"}, headers=world.organizer)
    assert (moved.json["seat"], moved.json["revision"]) == ("5", 2)
    cancelled = client.post(f"/api/v1/bookings/{held['id']}/cancel", headers=world.organizer)
    assert cancelled.json["state"] == "cancelled"
    again = client.post(f"/api/v1/bookings/{held['id']}/move", json={"seat": "6"}, headers=world.organizer)
    assert again.json["code"] == "booking_cancelled"
    assert hold(client, world, 1, seat="5").status_code == 201


def test_a_move_to_another_coach_takes_a_seat_there(client, world):
    with db.transaction() as session:
        second = coach(session, world.campaign, world.corridor, world.vehicle, world.stop, 8, days=5)
    held = hold(client, world, seat="1").json
    client.post(f"/api/v1/bookings/{held['id']}/confirm", headers=world.organizer)
    moved = client.post(f"/api/v1/bookings/{held['id']}/move", json={"departure_id": str(second.id)},
                        headers=world.organizer)
    assert moved.status_code == 200
    assert moved.json["departure_id"] == str(second.id)
    assert moved.json["revision"] == 2


def test_a_foreign_person_is_not_found(client, world):
    assert hold(client, world, headers=world.stranger).json["code"] == "not_found"
    held = hold(client, world).json
    for act in ("confirm", "cancel"):
        answer = client.post(f"/api/v1/bookings/{held['id']}/{act}", headers=world.stranger)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert client.get(f"/api/v1/bookings/{held['id']}", headers=world.worker).status_code == 200


def test_the_same_key_gives_the_first_answer_and_another_body_is_refused(client, world):
    headers = world.organizer | {"Idempotency-Key": "key-1"}
    first = hold(client, world, headers=headers, seat="1")
    assert hold(client, world, headers=headers, seat="1").json == first.json
    other = hold(client, world, headers=headers, seat="2")
    assert (other.status_code, other.json["code"]) == (409, "idempotency_mismatch")


def test_somebody_whose_days_do_not_fit_is_not_eligible(client, world):
    with db.transaction() as session:
        late = coach(session, world.campaign, world.corridor, world.vehicle, world.stop, 8, days=13)
    answer = client.post(f"/api/v1/departures/{late.id}/bookings", json={"registration_id": str(world.riders[0])},
                         headers=world.organizer)
    assert (answer.status_code, answer.json["code"]) == (409, "registration_not_eligible")


def test_withdrawing_gives_the_seat_back(client, world):
    hold(client, world, seat="1")
    gone = client.post(f"/api/v1/registrations/{world.riders[0]}/withdraw", headers=world.clerk)
    assert gone.json["state"] == "withdrawn"
    assert hold(client, world, 1, seat="1").status_code == 201


def test_the_public_sees_departures_with_what_is_left(client, world):
    hold(client, world)
    shown = client.get(f"/api/v1/campaigns/{world.campaign.id}/departures").json["items"][0]
    assert (shown["seats_total"], shown["seats_left"], shown["stops"][0]["bay"]) == (8, 7, "7")
    assert client.get(f"/api/v1/campaigns/{world.campaign.id}/departures?limit=201").status_code == 422
    assert client.get(f"/api/v1/campaigns/{world.campaign.id}/departures?cursor=x").json["code"] == "bad_cursor"
