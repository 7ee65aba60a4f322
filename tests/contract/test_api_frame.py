"""The frame of the API contract: callers before bodies, strict JSON, problem documents, paging, idempotency keys."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from bookings.factories import bearer, coach, riders, scene, worker_of

from charter.core import clock, db
from charter.core.actor import Role
from charter.core.routes import ROUTES

API = "/api/v1"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def world(database):
    with db.transaction() as session:
        made = scene(session)
        made.riders = riders(session, made, 8)
        made.organizer = bearer(session, Role.CITY_ORGANIZER)
        made.clerk = bearer(session, Role.EMPLOYER, "employer", made.employer.id)
        made.stranger = bearer(session, Role.EMPLOYER, "employer", made.other.id)
        made.worker = bearer(session, Role.WORKER, "worker", worker_of(session, made.riders[0]))
        made.scanner = bearer(session, Role.SCANNER, "departure", made.departure.id)
    made.registrations = f"{API}/campaigns/{made.campaign.id}/registrations"
    made.bookings = f"{API}/departures/{made.departure.id}/bookings"
    return made


def is_problem(answer, status, code):
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["title"]
    assert "Traceback" not in answer.text
    return True


def body_of(made, rider=0, **more):
    return {"registration_id": str(made.riders[rider]), **more}


def post(client, url, headers, data, kind="application/json"):
    return client.post(url, data=data, headers=headers, content_type=kind)


def api_calls():
    return sorted((route for route in ROUTES.values() if route.kind == "api"), key=lambda route: route.endpoint)


@pytest.mark.parametrize("value", ["1", "x", UNKNOWN, "9" * 40, "０", "%00", "1'--", "null"])
def test_nobody_gets_401_on_every_call_that_is_not_public_whatever_the_id(client, world, value):
    for route in api_calls():
        url = re.sub("<[^<>]+>", value, route.rule)
        for method in route.methods:
            answer = client.open(url, method=method, data=b"{broken", content_type="text/plain")
            if route.roles:
                assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated"), (method, url)
                assert answer.headers["WWW-Authenticate"] == "Bearer"
            else:
                assert answer.status_code != 401, url
                assert answer.status_code < 500 or url == "/health/ready", url


def test_a_role_that_never_may_is_told_so_before_its_body_is_read(client, world):
    is_problem(post(client, f"{API}/scans", world.organizer, b"{broken"), 403, "forbidden")
    is_problem(post(client, world.bookings, world.scanner, b"{broken", "text/plain"), 403, "forbidden")
    is_problem(client.get(f"{API}/bookings/none", headers=world.scanner), 403, "forbidden")


TOKENS = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "Bearer chr_",
    "Basic Y2hyOmNocg==",
    "chr_abc",
    "Bearer chr_" + "a" * 43,
    "Bearer " + "a" * 5000,
    "Bearer chr_" + "é" * 20,
]


@pytest.mark.parametrize("header", TOKENS)
def test_a_wrong_token_is_nobody(client, world, header):
    is_problem(client.get(world.registrations, headers={"Authorization": header}), 401, "unauthenticated")


def test_a_token_counts_in_its_header_only(client, world):
    token = world.organizer["Authorization"].split()[1]
    for query in (f"access_token={token}", f"token={token}", f"Authorization=Bearer%20{token}"):
        is_problem(client.get(f"{world.registrations}?{query}"), 401, "unauthenticated")
    client.set_cookie("session", token)
    client.set_cookie("Authorization", f"Bearer {token}")
    is_problem(client.get(world.registrations), 401, "unauthenticated")
    lower = client.get(world.registrations, headers={"Authorization": f"bearer {token}"})
    assert lower.status_code == 200
    with clock.travel(timedelta(days=31)):
        is_problem(client.get(world.registrations, headers=world.organizer), 401, "unauthenticated")


ID = "11111111-1111-4111-8111-111111111111"
BROKEN = {
    "nothing": (b"", 400, "bad_json"),
    "not json": (b"{", 400, "bad_json"),
    "a bare number": (b"5", 400, "bad_json"),
    "a bare text": (b'"x"', 400, "bad_json"),
    "null": (b"null", 400, "bad_json"),
    "a list": (b"[]", 400, "bad_json"),
    "two objects": (b"{}{}", 400, "bad_json"),
    "a comma too many": (b'{"seat":"1",}', 400, "bad_json"),
    "a comment": (b'{/* */"seat":"1"}', 400, "bad_json"),
    "single quotes": (b"{'seat':'1'}", 400, "bad_json"),
    "NaN": (b'{"seat":NaN}', 400, "bad_json"),
    "Infinity": (b'{"seat":Infinity}', 400, "bad_json"),
    "minus Infinity": (b'{"seat":-Infinity}', 400, "bad_json"),
    "1e999": (b'{"seat":1e999}', 400, "bad_json"),
    "a number of a thousand digits": (b'{"seat":' + b"9" * 1000 + b"}", 400, "bad_json"),
    "a number of five thousand digits": (b'{"seat":' + b"9" * 5000 + b"}", 400, "bad_json"),
    "a key twice": (b'{"seat":"1","seat":"2"}', 400, "bad_json"),
    "a key twice, once escaped": (b'{"seat":"1","\\u0073eat":"2"}', 400, "bad_json"),
    "a key twice, inside": (b'{"seat":{"a":1,"a":1}}', 400, "bad_json"),
    "UTF-16": ('{"seat":"1"}'.encode("utf-16"), 400, "bad_json"),
    "UTF-32": ('{"seat":"1"}'.encode("utf-32"), 400, "bad_json"),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400, "bad_json"),
    "no UTF-8": (b'{"seat":"\xff"}', 400, "bad_json"),
    "GB18030": ('{"seat":"座"}'.encode("gb18030"), 400, "bad_json"),
    "a lone surrogate": (b'{"seat":"\\ud800"}', 400, "bad_json"),
    "a lone low surrogate": (b'{"seat":"\\udfff"}', 400, "bad_json"),
    "surrogates the wrong way round": (b'{"seat":"\\udc00\\ud800"}', 400, "bad_json"),
    "a surrogate in a key": (b'{"\\ud800":"1"}', 400, "bad_json"),
    "NUL": (b'{"seat":"\\u0000"}', 400, "bad_json"),
    "NUL in a key": (b'{"a\\u0000":"1"}', 400, "bad_json"),
    "a raw control character": (b'{"seat":"a\x01"}', 400, "bad_json"),
    "33 levels": (b'{"seat":' + b"[" * 32 + b"]" * 32 + b"}", 400, "bad_json"),
    "33 levels of objects": (b'{"seat":' * 33 + b"1" + b"}" * 33, 400, "bad_json"),
    "10,000 levels": (b'{"seat":' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400, "bad_json"),
    "10,000 levels, never closed": (b'{"seat":' + b"[" * 10_000, 400, "bad_json"),
    "32 levels": (b'{"seat":' + b"[" * 31 + b"]" * 31 + b"}", 422, "invalid"),
    "brackets in a text": (json.dumps({"seat": "[{" * 40, "registration_id": 5}).encode(), 422, "invalid"),
    "an unknown field": (json.dumps({"registration_id": ID, "state": "confirmed"}).encode(), 422, "invalid"),
    "a field of another call": (json.dumps({"registration_id": ID, "employer_id": ID}).encode(), 422, "invalid"),
    "a number for a text": (json.dumps({"registration_id": 5}).encode(), 422, "invalid"),
    "a truth value for a text": (json.dumps({"registration_id": True}).encode(), 422, "invalid"),
    "a list for a text": (json.dumps({"registration_id": [ID]}).encode(), 422, "invalid"),
    "an object for a text": (json.dumps({"registration_id": {"id": ID}}).encode(), 422, "invalid"),
    "a text for a list": (json.dumps({"registration_ids": ID}).encode(), 422, "invalid"),
    "null in a list": (json.dumps({"registration_ids": [None]}).encode(), 422, "invalid"),
    "an empty object": (b"{}", 422, "invalid"),
    "an empty party": (json.dumps({"registration_ids": []}).encode(), 422, "invalid"),
    "one and a party": (json.dumps({"registration_id": ID, "registration_ids": [ID]}).encode(), 422, "invalid"),
    "somebody twice in a party": (json.dumps({"registration_ids": [ID, ID]}).encode(), 422, "invalid"),
    "fewer seats than people": (json.dumps({"registration_ids": [ID], "seats": []}).encode(), 422, "invalid"),
    "an id that is none": (json.dumps({"registration_id": "x"}).encode(), 404, "not_found"),
    "an id that nobody has": (json.dumps({"registration_id": ID}).encode(), 404, "not_found"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_body_is_one_strict_object(client, world, case):
    raw, status, code = BROKEN[case]
    answer = post(client, world.bookings, world.organizer, raw)
    is_problem(answer, status, code)
    if status == 422:
        assert answer.json["errors"]
        assert all({"field", "code", "message"} == set(error) for error in answer.json["errors"])


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/merge-patch+json",
        "text/json",
        "",
        "json",
    ],
)
def test_a_body_is_application_json(client, world, kind):
    raw = json.dumps(body_of(world)).encode()
    answer = client.post(world.bookings, data=raw, headers={**world.organizer, "Content-Type": kind})
    is_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"'],
)
def test_a_body_may_name_utf8(client, world, kind):
    answer = post(client, world.bookings, world.organizer, json.dumps(body_of(world)).encode(), kind)
    assert answer.status_code == 201


def test_a_body_of_another_charset_is_refused(client, world):
    raw = json.dumps(body_of(world)).encode("utf-16")
    is_problem(post(client, world.bookings, world.organizer, raw, "application/json; charset=utf-16"), 400, "bad_json")


def test_a_body_that_is_too_large_is_refused(client, world):
    raw = b'{"seat":"' + b"x" * 5_000_000 + b'"}'
    is_problem(post(client, world.bookings, world.organizer, raw), 413, "too_large")


def test_a_post_without_a_body_needs_no_content_type_and_takes_none(client, world):
    held = client.post(world.bookings, json=body_of(world), headers=world.organizer).json
    confirm = f"{API}/bookings/{held['id']}/confirm"
    assert client.post(confirm, headers=world.organizer).status_code == 200
    assert post(client, confirm, world.organizer, b"{}").status_code == 200
    is_problem(post(client, confirm, world.organizer, b'{"seat":"2"}'), 422, "invalid")
    is_problem(post(client, confirm, world.organizer, b"["), 400, "bad_json")
    is_problem(post(client, confirm, world.organizer, b"x=1", "text/plain"), 415, "unsupported_media_type")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", "", "１", "99999999999", "1e2", "+5", " 5"])
def test_a_limit_is_1_to_200(client, world, limit):
    for url in (
        world.registrations,
        world.bookings,
        f"{API}/campaigns",
        f"{API}/campaigns/{world.campaign.id}/departures",
    ):
        is_problem(client.get(f"{url}?limit={limit}", headers=world.organizer), 422, "invalid")
    assert client.get(f"{world.registrations}?limit=200", headers=world.organizer).status_code == 200


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "a" * 40, "é", "%00", "../..", "=" * 8, "W10", "a" * 5000])
def test_a_cursor_that_was_not_given_is_refused(client, world, cursor):
    for url in (
        world.registrations,
        world.bookings,
        f"{API}/campaigns",
        f"{API}/campaigns/{world.campaign.id}/departures",
    ):
        answer = client.get(f"{url}?cursor={cursor}", headers=world.organizer)
        assert answer.status_code == 400, url
        assert answer.json["code"] == ("bad_request" if cursor == "%00" else "bad_cursor")


def pages(client, url, headers, limit):
    found, cursor = [], None
    while True:
        answer = client.get(f"{url}?limit={limit}{f'&cursor={cursor}' if cursor else ''}", headers=headers).json
        assert set(answer) == {"items", "next"}
        assert len(answer["items"]) <= limit
        found += answer["items"]
        cursor = answer["next"]
        if cursor is None:
            return found


def test_pages_join_to_the_whole_list(client, world):
    with db.transaction() as session:
        for day in range(4, 9):
            coach(session, world.campaign, world.corridor, world.vehicle, world.stop, 8, days=day)
    for rider in range(5):
        client.post(world.bookings, json=body_of(world, rider), headers=world.organizer)
    for url, number in (
        (world.registrations, 8),
        (world.bookings, 5),
        (f"{API}/campaigns/{world.campaign.id}/departures", 6),
    ):
        whole = client.get(f"{url}?limit=200", headers=world.organizer).json
        assert whole["next"] is None
        assert len(whole["items"]) == number
        for limit in (1, 2, 3, number):
            assert pages(client, url, world.organizer, limit) == whole["items"]


def test_a_cursor_belongs_to_its_caller_list_and_filter(client, world):
    cursor = client.get(f"{world.registrations}?limit=2", headers=world.organizer).json["next"]
    assert cursor
    is_problem(client.get(f"{world.registrations}?limit=2&cursor={cursor}", headers=world.clerk), 400, "bad_cursor")
    is_problem(client.get(f"{world.bookings}?cursor={cursor}", headers=world.organizer), 400, "bad_cursor")
    is_problem(client.get(f"{world.registrations}?cursor={cursor}&x=1", headers=world.organizer), 400, "bad_cursor")
    for at in range(0, len(cursor), 5):
        changed = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        is_problem(client.get(f"{world.registrations}?cursor={changed}", headers=world.organizer), 400, "bad_cursor")


IDS = [
    "0",
    "01",
    "-1",
    "+1",
    "1.0",
    "1e3",
    "０１",
    "１",
    "9" * 40,
    "9223372036854775808",
    "18446744073709551616",
    "x",
    "%00",
    "1%20",
    "281474976710656",
    UNKNOWN,
    "null",
    "1;DROP",
    "..%2f1",
]


@pytest.mark.parametrize("value", IDS)
def test_an_id_that_nothing_has_is_not_found(client, world, value):
    for rule in (
        "/departures/{}/bookings",
        "/departures/{}/manifest",
        "/departures/{}/boarding",
        "/bookings/{}",
        "/bookings/{}/pass",
        "/registrations/{}",
        "/campaigns/{}/registrations",
        "/campaigns/{}/departures",
        "/campaigns/{}/pass-keys",
        "/plans/{}",
        "/plans/{}/plan",
        "/plans/{}/instance",
    ):
        answer = client.get(API + rule.format(value), headers=world.organizer)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), rule
    for rule in (
        "/bookings/{}/confirm",
        "/bookings/{}/cancel",
        "/registrations/{}/confirm",
        "/registrations/{}/withdraw",
    ):
        answer = client.post(API + rule.format(value), headers=world.organizer)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), rule


def test_foreign_and_missing_are_the_same_answer(client, world):
    held = client.post(world.bookings, json=body_of(world), headers=world.clerk).json
    for rule, real, missing in (
        ("/bookings/{}", held["id"], "4611686018427387904"),
        ("/bookings/{}/pass", held["id"], "5"),
        ("/registrations/{}", world.riders[0], UNKNOWN),
    ):
        foreign = client.get(API + rule.format(real), headers=world.stranger)
        assert is_problem(foreign, 404, "not_found")
        assert foreign.json == client.get(API + rule.format(missing), headers=world.stranger).json
    for act in ("confirm", "cancel"):
        assert is_problem(client.post(f"{API}/bookings/{held['id']}/{act}", headers=world.stranger), 404, "not_found")
    is_problem(client.post(world.bookings, json=body_of(world, 1), headers=world.stranger), 404, "not_found")
    assert client.get(world.registrations, headers=world.stranger).json["items"] == []


def test_an_unknown_address_and_method_are_problems_too(client, world):
    is_problem(client.get(f"{API}/nothing", headers=world.organizer), 404, "not_found")
    is_problem(client.delete(world.bookings, headers=world.organizer), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "query", ["date=x", "date=2026-02-30", "mode=car", "state=gone", "state=", "mode=BUS"]
)
def test_a_filter_that_means_nothing_is_invalid(client, world, query):
    is_problem(client.get(f"{API}/campaigns/{world.campaign.id}/departures?{query}"), 422, "invalid")


def test_departures_are_found_by_each_filter(client, world):
    url = f"{API}/campaigns/{world.campaign.id}/departures"
    day = world.departure.date.isoformat()
    for query, number in (
        (f"date={day}", 1),
        ("date=2020-01-01", 0),
        ("mode=bus", 1),
        ("mode=train", 0),
        ("origin=511922", 1),
        ("origin=350200", 0),
        ("origin=x", 0),
        ("state=open", 1),
        ("state=closed", 0),
        (f"date={day}&mode=bus&origin=511922&state=open", 1),
    ):
        assert len(client.get(f"{url}?{query}").json["items"]) == number, query
    (found,) = client.get(url).json["items"]
    assert set(found) == {
        "id",
        "campaign_id",
        "mode",
        "direction",
        "corridor",
        "date",
        "departs_at",
        "arrives_at",
        "state",
        "seats_total",
        "seats_left",
        "seating",
        "origins",
        "stops",
    }
    assert found["id"] == str(world.departure.id)
    assert set(found["stops"][0]) == {"id", "name", "division", "gather_at", "departs_at", "bay"}
    for moment in (found["departs_at"], found["arrives_at"], found["stops"][0]["gather_at"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)", moment)


KEYS = ["", " ", "a b", "a\tb", "é", "a" * 201]


@pytest.mark.parametrize("key", KEYS)
def test_an_idempotency_key_is_1_to_200_visible_letters(client, world, key):
    answer = client.post(world.bookings, json=body_of(world), headers={**world.organizer, "Idempotency-Key": key})
    is_problem(answer, 422, "invalid")
    assert client.get(world.bookings, headers=world.organizer).json["items"] == []


def test_the_same_key_gives_the_first_answer_again_and_another_body_a_mismatch(client, world):
    keyed = {**world.organizer, "Idempotency-Key": "!" + "~" * 199}
    first = client.post(world.bookings, json=body_of(world, seat="3"), headers=keyed)
    assert first.status_code == 201
    client.post(f"{API}/bookings/{first.json['id']}/cancel", headers=world.organizer)
    again = client.post(world.bookings, json=body_of(world, seat="3"), headers=keyed)
    assert (again.status_code, again.json) == (201, first.json)
    is_problem(client.post(world.bookings, json=body_of(world, seat="4"), headers=keyed), 409, "idempotency_mismatch")
    is_problem(client.post(world.bookings, json=body_of(world, 1), headers=keyed), 409, "idempotency_mismatch")
    assert len(client.get(world.bookings, headers=world.organizer).json["items"]) == 1


def test_a_key_belongs_to_its_caller_and_route(client, world):
    with db.transaction() as session:
        other = coach(session, world.campaign, world.corridor, world.vehicle, world.stop, 8, days=6)
    key = {"Idempotency-Key": "k"}
    first = client.post(world.bookings, json=body_of(world, 0), headers={**world.organizer, **key})
    second = client.post(world.bookings, json=body_of(world, 1), headers={**world.clerk, **key})
    third = client.post(
        f"{API}/departures/{other.id}/bookings", json=body_of(world, 2), headers={**world.organizer, **key}
    )
    assert [answer.status_code for answer in (first, second, third)] == [201, 201, 201]
    assert len({answer.json["id"] for answer in (first, second, third)}) == 3


def test_a_refused_act_keeps_no_key(client, world):
    client.post(world.bookings, json=body_of(world, 1, seat="3"), headers=world.organizer)
    keyed = {**world.organizer, "Idempotency-Key": "k"}
    is_problem(client.post(world.bookings, json=body_of(world, seat="3"), headers=keyed), 409, "seat_taken")
    assert client.post(world.bookings, json=body_of(world, seat="4"), headers=keyed).status_code == 201


def test_a_second_request_with_a_key_in_flight_waits_for_the_first(app, world):
    answers = []

    def ask(key):
        headers = {**world.organizer, "Idempotency-Key": key}
        answers.append(app.test_client().post(world.bookings, json=body_of(world), headers=headers))

    for key in ("a", "b"):
        threads = [Thread(target=ask, args=(key,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {answer.status_code for answer in answers[:6]} == {201}
    assert len({answer.json["id"] for answer in answers[:6]}) == 1
    assert {answer.json["code"] for answer in answers[6:]} == {"already_booked"}


def test_every_created_thing_takes_a_key_and_the_document_says_so(client):
    shown = client.get(f"{API}/openapi.json")
    assert shown.status_code == 200
    assert shown.json["openapi"].startswith("3.1")
    creating = [
        "/campaigns/{campaign_id}/registrations",
        "/departures/{departure_id}/bookings",
        "/campaigns/{campaign_id}/plans",
        "/departures/{departure_id}/counts",
    ]
    for path in creating:
        names = [parameter["name"] for parameter in shown.json["paths"][API + path]["post"]["parameters"]]
        assert "Idempotency-Key" in names, path


def test_health_is_public_and_says_no_version(client):
    for path in ("/health/live", "/health/ready"):
        answer = client.get(path)
        assert answer.status_code in (200, 503)
        assert not re.search(r"\d+\.\d+\.\d+|postgresql:|/tmp|/var", answer.text)
    assert client.get("/health/live").status_code == 200


def test_a_key_of_one_role_is_never_read_from_the_body(client, world):
    for field in ("role", "scope", "employer_id", "status", "id", "state"):
        is_problem(client.post(world.registrations, json={field: str(uuid4())}, headers=world.clerk), 422, "invalid")
