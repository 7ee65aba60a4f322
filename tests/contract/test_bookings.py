"""What the API contract says of bookings: the states and their codes, parties, holds that end by the clock, moves."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from bookings.factories import bearer, coach, request, riders, scene, worker_of

from charter.campaigns.models import Departure
from charter.core import clock, db
from charter.core.actor import Role
from charter.registrations.models import Registration
from charter.registrations.service import register_many

API = "/api/v1"


@pytest.fixture
def world(database):
    with db.transaction() as session:
        made = scene(session)
        made.same_time = coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 8)
        made.later = coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 8, days=6)
        made.riders = riders(session, made, 10)
        made.organizer = bearer(session, Role.CITY_ORGANIZER)
        made.clerk = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
        made.worker = bearer(session, Role.WORKER, "worker", worker_of(session, made.riders[0]))
        outcomes = register_many(
            session, made.campaign.id, made.other.id, [request(500)], source="employer", source_id=""
        )
        made.foreign = outcomes[0].registration_id
    return made


def url(departure):
    return f"{API}/departures/{departure.id}/bookings"


def hold(client, world, rider=0, departure=None, headers=None, **body):
    sent = {"registration_id": str(world.riders[rider]), **body}
    return client.post(url(departure or world.departure), json=sent, headers=headers or world.organizer)


def act(client, world, found, what, headers=None, **body):
    key = found if isinstance(found, str) else found.json["id"]
    return client.post(f"{API}/bookings/{key}/{what}", json=body or None, headers=headers or world.organizer)


def get(client, world, found):
    return client.get(f"{API}/bookings/{found.json['id']}", headers=world.organizer).json


def refused(answer, status, code):
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text


def change(world, **values):
    with db.transaction() as session:
        session.query(Departure).filter(Departure.id == world.departure.id).update(values)


def test_a_hold_has_the_fields_of_the_contract(client, world):
    held = hold(client, world, seat="3")
    assert held.status_code == 201
    assert set(held.json) == {"id", "registration_id", "departure_id", "seat", "state", "revision", "hold_expires_at"}
    assert held.json["registration_id"] == str(world.riders[0])
    assert held.json["departure_id"] == str(world.departure.id)
    assert re.fullmatch("[1-9][0-9]{0,18}", held.json["id"])
    assert (held.json["seat"], held.json["state"], held.json["revision"]) == ("3", "held", 1)
    assert re.search(r"([+-]\d\d:\d\d|Z)$", held.json["hold_expires_at"])
    assert get(client, world, held) == held.json


def test_confirm_and_cancel_give_the_same_when_repeated(client, world):
    held = hold(client, world)
    confirmed = [act(client, world, held, "confirm") for _ in range(3)]
    assert {answer.status_code for answer in confirmed} == {200}
    assert [answer.json for answer in confirmed] == [confirmed[0].json] * 3
    assert (confirmed[0].json["state"], confirmed[0].json["hold_expires_at"]) == ("confirmed", None)
    cancelled = [act(client, world, held, "cancel") for _ in range(3)]
    assert {answer.status_code for answer in cancelled} == {200}
    assert [answer.json for answer in cancelled] == [cancelled[0].json] * 3
    assert cancelled[0].json["state"] == "cancelled"
    refused(act(client, world, held, "confirm"), 409, "booking_cancelled")
    refused(act(client, world, held, "move", seat="5"), 409, "booking_cancelled")
    assert client.get(f"{API}/registrations/{world.riders[0]}", headers=world.organizer).json["state"] == "confirmed"


def test_a_held_one_may_be_cancelled_and_held_again(client, world):
    first = hold(client, world, seat="1")
    assert act(client, world, first, "cancel").json["state"] == "cancelled"
    again = hold(client, world, seat="1")
    assert again.status_code == 201
    assert again.json["id"] != first.json["id"]


def test_a_hold_ends_by_the_clock(client, world):
    held = hold(client, world, seat="1")
    with clock.travel(timedelta(seconds=599)):
        assert get(client, world, held)["state"] == "held"
    with clock.travel(timedelta(seconds=601)):
        assert (get(client, world, held)["state"], get(client, world, held)["hold_expires_at"]) == ("expired", None)
        refused(act(client, world, held, "confirm"), 410, "hold_expired")
        refused(act(client, world, held, "move", seat="2"), 410, "hold_expired")
        gone = act(client, world, held, "cancel")
        assert (gone.status_code, gone.json["state"]) == (200, "expired")
        left = client.get(f"{API}/campaigns/{world.campaign.id}/departures").json["items"][0]["seats_left"]
        assert left == 8
        assert hold(client, world, 1, seat="1").status_code == 201
        refused(act(client, world, held, "confirm"), 410, "hold_expired")


def test_seats_left_follows(client, world):
    def left():
        found = client.get(f"{API}/campaigns/{world.campaign.id}/departures").json["items"]
        return next(one["seats_left"] for one in found if one["id"] == str(world.departure.id))

    held = hold(client, world)
    assert left() == 7
    act(client, world, held, "confirm")
    assert left() == 7
    act(client, world, held, "cancel")
    assert left() == 8


@pytest.mark.parametrize("seat", ["99", "0", "", " 3", "03", "３", "A1", "3'", "x" * 500, "null"])
def test_a_seat_that_is_not_there_is_unknown(client, world, seat):
    answer = hold(client, world, seat=seat)
    refused(answer, 422, "seat_unknown")
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("seat", "seat_unknown")]
    held = hold(client, world)
    refused(act(client, world, held, "move", seat=seat), 422, "seat_unknown")


def test_a_kept_seat_is_taken_and_not_counted(client, world):
    change(world, kept_seats=["1", "2"])
    found = client.get(f"{API}/campaigns/{world.campaign.id}/departures").json["items"]
    assert next(one["seats_left"] for one in found if one["id"] == str(world.departure.id)) == 6
    refused(hold(client, world, seat="1"), 409, "seat_taken")
    assert hold(client, world).json["seat"] == "3"
    for rider in range(1, 6):
        assert hold(client, world, rider).status_code == 201
    refused(hold(client, world, 6), 409, "departure_full")


def test_a_taken_seat(client, world):
    held = hold(client, world, seat="3")
    refused(hold(client, world, 1, seat="3"), 409, "seat_taken")
    other = hold(client, world, 1, seat="4")
    refused(act(client, world, other, "move", seat="3"), 409, "seat_taken")
    act(client, world, held, "cancel")
    moved = act(client, world, other, "move", seat="3")
    assert (moved.json["seat"], moved.json["revision"]) == ("3", 2)


def test_nobody_has_two_places_at_one_time(client, world):
    held = hold(client, world)
    refused(hold(client, world), 409, "already_booked")
    refused(hold(client, world, departure=world.same_time), 409, "already_booked")
    act(client, world, held, "confirm")
    refused(hold(client, world), 409, "already_booked")
    refused(hold(client, world, departure=world.same_time), 409, "already_booked")
    act(client, world, held, "cancel")
    assert hold(client, world, departure=world.same_time).status_code == 201


def test_who_has_a_seat_is_not_eligible_for_another_day(client, world):
    act(client, world, hold(client, world), "confirm")
    refused(hold(client, world, departure=world.later), 409, "registration_not_eligible")


def test_a_departure_that_sells_nothing(client, world):
    for state in ("closed", "called_off", "departed", "arrived", "boarding"):
        change(world, state=state)
        refused(hold(client, world, headers=world.worker), 409, "departure_closed")
    for state in ("called_off", "departed", "arrived"):
        change(world, state=state)
        refused(hold(client, world), 409, "departure_closed")
    change(world, state="open", departs_at=clock.now() - timedelta(minutes=1))
    refused(hold(client, world), 409, "departure_closed")
    change(world, state="planned", published_at=None)
    refused(hold(client, world), 404, "not_found")


def test_a_booking_of_a_departure_that_left_stays(client, world):
    held = hold(client, world)
    act(client, world, held, "confirm")
    change(world, state="departed")
    refused(act(client, world, held, "cancel"), 409, "departure_closed")
    refused(act(client, world, held, "move", departure_id=str(world.later.id)), 409, "departure_closed")
    assert get(client, world, held)["state"] == "confirmed"


def test_moving_raises_the_revision_and_frees_the_seat(client, world):
    held = hold(client, world, seat="1")
    act(client, world, held, "confirm")
    for revision, seat in enumerate(("2", "3", "1"), 2):
        moved = act(client, world, held, "move", seat=seat)
        assert (moved.status_code, moved.json["seat"], moved.json["revision"], moved.json["state"]) == (
            200,
            seat,
            revision,
            "confirmed",
        )
    moved = act(client, world, held, "move", departure_id=str(world.later.id))
    assert (moved.json["departure_id"], moved.json["revision"], moved.json["id"]) == (
        str(world.later.id),
        5,
        held.json["id"],
    )
    moved = act(client, world, held, "move", departure_id=str(world.same_time.id), seat="8")
    assert (moved.json["departure_id"], moved.json["seat"], moved.json["revision"]) == (str(world.same_time.id), "8", 6)
    assert hold(client, world, 1, seat="1").status_code == 201
    assert get(client, world, held) == moved.json


def test_a_move_that_cannot_be_changes_nothing(client, world):
    held = hold(client, world, seat="1")
    for body, status, code in (
        ({"departure_id": str(2**48)}, 404, "not_found"),
        ({"departure_id": "x"}, 404, "not_found"),
        ({"departure_id": "9" * 40}, 404, "not_found"),
        ({"departure_id": "１"}, 404, "not_found"),
        ({"departure_id": "77"}, 404, "not_found"),
        ({"departure_id": 5}, 422, "invalid"),
        ({"to": "5"}, 422, "invalid"),
    ):
        refused(act(client, world, held, "move", **body), status, code)
    with db.transaction() as session:
        session.query(Departure).filter(Departure.id == world.later.id).update({"state": "called_off"})
        session.query(Departure).filter(Departure.id == world.same_time.id).update({"origins": ["350200"]})
    refused(act(client, world, held, "move", departure_id=str(world.later.id)), 409, "departure_closed")
    refused(act(client, world, held, "move", departure_id=str(world.same_time.id)), 409, "registration_not_eligible")
    assert get(client, world, held) == held.json


def test_a_move_into_a_full_departure(client, world):
    for rider in range(1, 9):
        assert hold(client, world, rider, world.later).status_code == 201
    held = hold(client, world)
    refused(act(client, world, held, "move", departure_id=str(world.later.id)), 409, "departure_full")
    refused(act(client, world, held, "move", departure_id=str(world.later.id), seat="4"), 409, "seat_taken")


def party(client, world, first, size, headers=None, **more):
    ids = [str(key) for key in world.riders[first : first + size]]
    return client.post(url(world.departure), json={"registration_ids": ids, **more}, headers=headers or world.clerk)


def test_a_party_is_all_or_none(client, world):
    made = party(client, world, 0, 3, seats=["8", "1", "5"])
    assert made.status_code == 201
    assert set(made.json) == {"items"}
    assert [(one["registration_id"], one["seat"], one["state"]) for one in made.json["items"]] == [
        (str(world.riders[at]), seat, "held") for at, seat in enumerate(("8", "1", "5"))
    ]
    refused(party(client, world, 3, 3, seats=["2", "3", "1"]), 409, "seat_taken")
    refused(party(client, world, 3, 2, seats=["2", "2"]), 409, "seat_taken")
    refused(party(client, world, 3, 2, seats=["2", "99"]), 422, "seat_unknown")
    refused(party(client, world, 2, 2), 409, "already_booked")
    refused(party(client, world, 3, 6), 409, "party_does_not_fit")
    with db.transaction() as session:
        session.query(Registration).filter(Registration.id == world.riders[4]).update({"state": "received"})
    refused(party(client, world, 3, 2), 409, "registration_not_eligible")
    ids = {"registration_ids": [str(world.riders[3]), str(world.foreign)]}
    refused(client.post(url(world.departure), json=ids, headers=world.clerk), 404, "not_found")
    refused(
        client.post(url(world.departure), json={"registration_ids": [str(uuid4())]}, headers=world.clerk),
        404,
        "not_found",
    )
    assert len(client.get(url(world.departure), headers=world.organizer).json["items"]) == 3
    assert party(client, world, 5, 5).status_code == 201
    refused(hold(client, world, 3), 409, "departure_full")


def test_a_party_in_a_full_departure(client, world):
    assert party(client, world, 0, 8).status_code == 201
    refused(party(client, world, 8, 2), 409, "departure_full")


def test_a_carrier_gives_its_seats_later(client, world):
    change(world, seating="carrier")
    held = hold(client, world)
    assert (held.status_code, held.json["seat"]) == (201, None)
    refused(hold(client, world, 1, seat="1"), 422, "seat_unknown")
    for rider in range(1, 8):
        assert hold(client, world, rider).json["seat"] is None
    refused(hold(client, world, 8), 409, "departure_full")


def test_a_rush_sells_each_seat_once(app, world):
    answers = []

    def ask(rider):
        body = {"registration_id": str(world.riders[rider]), "seat": "1"}
        answers.append(app.test_client().post(url(world.departure), json=body, headers=world.organizer))

    threads = [Thread(target=ask, args=(rider,)) for rider in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {"seat_taken"}


def test_two_moves_to_one_seat(app, client, world):
    held = [hold(client, world, rider) for rider in range(4)]
    answers = []

    def ask(found):
        answers.append(act(app.test_client(), world, found, "move", seat="8"))

    threads = [Thread(target=ask, args=(found,)) for found in held]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


def test_each_role_books_for_its_own(client, world):
    assert hold(client, world, 0, headers=world.worker).status_code == 201
    refused(hold(client, world, 1, headers=world.worker), 404, "not_found")
    shown = client.get(url(world.departure), headers=world.worker).json["items"]
    assert [one["registration_id"] for one in shown] == [str(world.riders[0])]
