"""What the API contract says of registrations: field codes as in a list, first states, who learns of an earlier one."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from bookings.factories import bearer, riders, scene, worker_of

from charter.core import clock, db
from charter.core.actor import Role
from charter.people.rules.credit_codes import check_character as credit_check
from charter.people.rules.documents import check_character
from charter.registrations.models import Registration

API = "/api/v1"
STATES = {
    "received",
    "needs_decision",
    "confirmed",
    "planned",
    "offered",
    "booked",
    "boarded",
    "arrived",
    "left_behind",
    "withdrawn",
    "rejected",
}


def number(order, born="19900101"):
    first = f"511922{born}{order:03d}"
    return first + check_character(first)


@pytest.fixture
def world(database):
    with db.transaction() as session:
        made = scene(session)
        made.riders = riders(session, made, 3)
        made.organizer = bearer(session, Role.CITY_ORGANIZER)
        made.of_campaign = bearer(session, Role.CITY_ORGANIZER, "campaign", made.campaign.id)
        made.district = bearer(session, Role.DISTRICT_ORGANIZER, "district", made.employer.district_id)
        made.far = bearer(session, Role.DISTRICT_ORGANIZER, "district", uuid4())
        made.partner = bearer(session, Role.ORIGIN_PARTNER, "partner", uuid4())
        made.hotline = bearer(session, Role.HOTLINE, "campaign", made.campaign.id)
        made.elsewhere = bearer(session, Role.HOTLINE, "campaign", uuid4())
        made.clerk = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
        made.stranger = bearer(session, Role.EMPLOYER, "employer", made.other.id)
        made.worker = bearer(session, Role.WORKER, "worker", worker_of(session, made.riders[0]))
        made.newcomer = bearer(session, Role.WORKER, "worker", uuid4())
        made.employer.credit_code = "91350200MA3456783" + credit_check("91350200MA3456783")
    made.url = f"{API}/campaigns/{made.campaign.id}/registrations"
    return made


def body(made, order=1, **changed):
    day = clock.today() + timedelta(days=3)
    return {
        "name": "王五",
        "id_type": "resident_id",
        "id_number": number(order),
        "phone": "13800001234",
        "employer": str(made.employer.id),
        "origin": "511922",
        "earliest": day.isoformat(),
        "latest": (day + timedelta(days=2)).isoformat(),
        "modes": ["bus"],
    } | changed


def state_of(client, made, found):
    return client.get(f"{API}/registrations/{found.json['id']}", headers=made.organizer).json


FIRST = {
    "clerk": "confirmed",
    "organizer": "confirmed",
    "of_campaign": "confirmed",
    "district": "confirmed",
    "partner": "confirmed",
    "newcomer": "received",
}


@pytest.mark.parametrize("who", FIRST)
def test_the_first_state_follows_from_who_hands_it_in(client, world, who):
    made = client.post(world.url, json=body(world), headers=getattr(world, who))
    assert made.status_code == 201, made.text
    assert made.json == {"id": made.json["id"], "state": FIRST[who]}
    assert state_of(client, world, made)["state"] == FIRST[who]


def test_a_worker_waits_until_the_employer_confirms(client, world):
    made = client.post(world.url, json=body(world), headers=world.newcomer).json
    confirm = f"{API}/registrations/{made['id']}/confirm"
    assert client.post(confirm, headers=world.newcomer).json["code"] == "forbidden"
    assert client.post(confirm, headers=world.stranger).json["code"] == "not_found"
    for _ in range(2):
        done = client.post(confirm, headers=world.clerk)
        assert (done.status_code, done.json) == (200, {"id": made["id"], "state": "confirmed"})


def test_a_worker_may_hand_in_for_somebody_who_travels_along(client, world):
    made = client.post(world.url, json=body(world, 77), headers=world.worker)
    assert (made.status_code, made.json["state"]) == (201, "received")
    assert client.get(f"{API}/registrations/{made.json['id']}", headers=world.worker).json["name"] == "王五"
    assert client.get(f"{API}/registrations/{made.json['id']}", headers=world.newcomer).json["code"] == "not_found"
    again = client.post(world.url, json=body(world, 77), headers=world.worker)
    assert (again.status_code, again.json["code"]) == (409, "already_registered")


def test_get_gives_all_of_it(client, world):
    sent = body(
        world,
        origin="四川省巴中市南江县长赤镇",
        party="三班",
        needs="轮椅",
        employer=world.employer.credit_code,
        modes=["train", "bus"],
    )
    made = client.post(world.url, json=sent, headers=world.clerk)
    found = client.get(f"{API}/registrations/{made.json['id']}", headers=world.clerk).json
    for field in ("name", "id_type", "employer", "earliest", "latest", "party", "needs"):
        assert found[field] == sent[field], field
    assert (found["origin"], found["origin_text"], found["modes"], found["bookings"]) == (
        "511922",
        sent["origin"],
        ["bus", "train"],
        [],
    )
    assert found["state"] in STATES
    assert sent["id_number"] not in str(found)
    assert sent["phone"] not in str(found)
    assert found["id_number"].endswith(sent["id_number"][-4:])


WRONG = {
    "no name": ({"name": None}, "name", "missing"),
    "blank name": ({"name": " 　"}, "name", "missing"),
    "emoji": ({"name": "王五😀"}, "name", "name_invalid"),
    "endless name": ({"name": "王" * 201}, "name", "too_long"),
    "no number": ({"id_number": None}, "id_number", "missing"),
    "no digit": ({"id_number": number(1)[:17] + "Q"}, "id_number", "id_checksum"),
    "wrong check": ({"id_number": number(1)[:17] + ("1" if number(1)[17] != "1" else "2")}, "id_number", "id_checksum"),
    "short": ({"id_number": number(1)[:17]}, "id_number", "id_length"),
    "not born yet": ({"id_number": number(1, "20990101")}, "id_number", "id_birthdate"),
    "unknown type": ({"id_type": "军官证"}, "id_number", "id_type_unknown"),
    "type and form": ({"id_type": "passport"}, "id_number", "id_length"),
    "lost digits": ({"id_number": "5.11922E+17"}, "id_number", "id_lost_digits"),
    "landline": ({"phone": "08278221234"}, "phone", "phone_invalid"),
    "no phone": ({"phone": ""}, "phone", "missing"),
    "no origin": ({"origin": None}, "origin", "missing"),
    "Mars": ({"origin": "火星"}, "origin", "origin_unknown"),
    "city alone": ({"origin": "四川省巴中市"}, "origin", "origin_ambiguous"),
    "unknown code": ({"origin": "511999"}, "origin", "origin_unknown"),
    "lunar": ({"earliest": "正月初八"}, "earliest", "date_invalid"),
    "no such day": ({"latest": "2027-02-30"}, "latest", "date_invalid"),
    "order": ({"latest": "2020-01-01"}, "latest", "date_order"),
    "own car": ({"modes": ["自驾"]}, "modes", "mode_unknown"),
    "a mode of its own": ({"modes": ["bus", "ship"]}, "modes", "mode_unknown"),
    "long party": ({"party": "组" * 201}, "party", "too_long"),
    "long needs": ({"needs": "字" * 1001}, "needs", "too_long"),
    "a foreign code": ({"employer": "91350200MA0000000X"}, "employer", None),
    "nobody's id": ({"employer": str(uuid4())}, "employer", None),
}


@pytest.mark.parametrize("case", WRONG)
def test_field_codes_are_those_of_a_list(client, world, case):
    changed, field, code = WRONG[case]
    answer = client.post(world.url, json=body(world, **changed), headers=world.organizer)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    (error,) = answer.json["errors"]
    assert error["field"] == field
    assert code in (None, error["code"])
    assert error["message"]
    assert "%(" not in error["message"]


def test_every_wrong_field_is_named_at_once(client, world):
    wrong = body(
        world,
        name="王5",
        id_number="1",
        phone="1",
        origin="火星",
        earliest="x",
        modes=["x"],
        party="组" * 201,
        employer=str(uuid4()),
    )
    errors = client.post(world.url, json=wrong, headers=world.organizer).json["errors"]
    assert {error["field"] for error in errors} == {
        "name",
        "id_number",
        "phone",
        "origin",
        "earliest",
        "modes",
        "party",
        "employer",
    }
    assert len(errors) == 8
    nothing = client.post(world.url, json={}, headers=world.organizer).json["errors"]
    assert {(error["field"], error["code"]) for error in nothing} == {
        (field, "missing") for field in ("name", "id_number", "phone", "origin", "employer")
    }


def test_safe_repairs_are_made_and_the_document_may_be_any(client, world):
    for order, changed in enumerate(
        (
            {"id_number": f" {number(31)[:6]} {number(31)[6:]}"},
            {"id_type": None, "id_number": "H12345678"},
            {"id_type": "passport", "id_number": "AB12345"},
            {"id_type": "travel_permit", "id_number": "12345678"},
            {"id_type": "birth_certificate", "id_number": "T123456789"},
            {"phone": "+86 138-0000-1234", "origin": "南江"},
        )
    ):
        made = client.post(world.url, json=body(world, 40 + order, **changed), headers=world.clerk)
        assert made.status_code == 201, (changed, made.text)


def test_an_employer_hands_in_for_nobody_else(client, world):
    assert client.post(world.url, json=body(world, employer=None), headers=world.clerk).status_code == 201
    foreign = client.post(world.url, json=body(world, 2, employer=str(world.other.id)), headers=world.clerk)
    assert (foreign.status_code, foreign.json["errors"][0]["field"]) == (422, "employer")
    assert client.post(world.url, json=body(world, 3), headers=world.far).status_code == 422


EARLIER = {
    # who came first, who comes again, whether the second sees the first
    "the employer again": ("clerk", "clerk", True),
    "the organizer after the employer": ("clerk", "organizer", True),
    "the district after the employer": ("clerk", "district", True),
    "the hotline after the employer": ("clerk", "hotline", True),
    "a partner after the employer": ("clerk", "partner", False),
    "another employer": ("clerk", "stranger", False),
    "a worker's account of its own": ("clerk", "newcomer", False),
    "the employer after a partner": ("partner", "clerk", True),
    "a partner after himself": ("partner", "partner", True),
    "the organizer of the campaign": ("partner", "of_campaign", True),
}


@pytest.mark.parametrize("case", EARLIER)
def test_only_who_may_see_the_earlier_one_is_told_of_it(client, world, case):
    first, second, sees = EARLIER[case]
    employers = {"stranger": str(world.other.id)}
    made = client.post(world.url, json=body(world), headers=getattr(world, first))
    assert made.json["state"] == "confirmed"
    again = client.post(
        world.url,
        json=body(world, employer=employers.get(second, str(world.employer.id))),
        headers=getattr(world, second),
    )
    if sees:
        assert (again.status_code, again.json["code"]) == (409, "already_registered")
    else:
        assert (again.status_code, again.json["state"]) == (201, "needs_decision")
        assert again.json["id"] != made.json["id"]
        third = client.post(
            world.url,
            json=body(world, employer=employers.get(second, str(world.employer.id))),
            headers=getattr(world, second),
        )
        assert third.status_code == 201 or third.json["code"] == "already_registered"
    assert state_of(client, world, made)["state"] == "confirmed"


def test_a_withdrawn_one_is_no_obstacle_and_withdrawing_again_is_the_same(client, world):
    made = client.post(world.url, json=body(world), headers=world.clerk).json
    for _ in range(2):
        gone = client.post(f"{API}/registrations/{made['id']}/withdraw", headers=world.clerk)
        assert (gone.status_code, gone.json) == (200, {"id": made["id"], "state": "withdrawn"})
    assert client.post(f"{API}/registrations/{made['id']}/confirm", headers=world.clerk).status_code == 409
    assert client.post(world.url, json=body(world), headers=world.clerk).status_code == 201


def test_withdrawing_gives_the_seat_back(client, world):
    url = f"{API}/departures/{world.departure.id}/bookings"
    held = client.post(url, json={"registration_id": str(world.riders[0]), "seat": "1"}, headers=world.clerk).json
    client.post(f"{API}/bookings/{held['id']}/confirm", headers=world.clerk)
    client.post(f"{API}/registrations/{world.riders[0]}/withdraw", headers=world.worker)
    assert client.get(f"{API}/bookings/{held['id']}", headers=world.clerk).json["state"] == "cancelled"
    assert (
        client.post(url, json={"registration_id": str(world.riders[1]), "seat": "1"}, headers=world.clerk).status_code
        == 201
    )


SEES = {
    "clerk": 3,
    "organizer": 3,
    "of_campaign": 3,
    "district": 3,
    "hotline": 3,
    "stranger": 0,
    "partner": 0,
    "far": 0,
    "newcomer": 0,
    "worker": 1,
}


@pytest.mark.parametrize("who", SEES)
def test_each_sees_its_own(client, world, who):
    assert len(client.get(world.url, headers=getattr(world, who)).json["items"]) == SEES[who]
    alone = client.get(f"{API}/registrations/{world.riders[0]}", headers=getattr(world, who))
    assert alone.status_code == (200 if SEES[who] else 404)


def test_another_campaign_is_not_there(client, world):
    assert client.get(world.url, headers=world.elsewhere).json["code"] == "not_found"
    assert client.post(world.url, json=body(world), headers=world.elsewhere).json["code"] == "not_found"
    assert (
        client.post(f"{API}/campaigns/{uuid4()}/registrations", json=body(world), headers=world.organizer).json["code"]
        == "not_found"
    )


@pytest.mark.parametrize("state", sorted(STATES))
def test_who_is_eligible_for_a_departure(client, world, state):
    with db.transaction() as session:
        session.query(Registration).filter(Registration.id == world.riders[0]).update({"state": state})
    answer = client.post(
        f"{API}/departures/{world.departure.id}/bookings",
        json={"registration_id": str(world.riders[0])},
        headers=world.organizer,
    )
    if state in ("confirmed", "planned", "left_behind"):
        assert answer.status_code == 201
        gone = client.post(f"{API}/bookings/{answer.json['id']}/cancel", headers=world.organizer)
        assert gone.json["state"] == "cancelled"
        assert client.get(f"{API}/registrations/{world.riders[0]}", headers=world.organizer).json["state"] == state
    else:
        assert (answer.status_code, answer.json["code"]) == (409, "registration_not_eligible")


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "350212"},
        {"earliest": date(2099, 1, 1), "latest": date(2099, 1, 2)},
        {"latest": date(2000, 1, 2), "earliest": date(2000, 1, 1)},
        {"modes": ["train", "flight"]},
    ],
)
def test_origin_window_and_mode_must_fit(client, world, wrong):
    with db.transaction() as session:
        session.query(Registration).filter(Registration.id == world.riders[0]).update(wrong)
    answer = client.post(
        f"{API}/departures/{world.departure.id}/bookings",
        json={"registration_id": str(world.riders[0])},
        headers=world.organizer,
    )
    assert (answer.status_code, answer.json["code"]) == (409, "registration_not_eligible")
