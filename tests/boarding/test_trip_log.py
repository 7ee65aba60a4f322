"""The trip log: kept once, in any order; a pause ends with a right or explained count; driving has its limits."""

from __future__ import annotations

import random
from datetime import time, timedelta
from uuid import uuid4

import pytest
from boarding import factories as make
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from charter.boarding.models import TripEntry
from charter.boarding.rules import log
from charter.boarding.service import journal
from charter.campaigns.models import Rule
from charter.core import clock, db
from charter.core.actor import Role

START = clock.at_local(clock.today(), time(8)).astimezone(clock.ZONE)


def entry(kind, minutes, entry_id=None, **details):
    return log.Entry(entry_id or f"{kind}{minutes}", kind, START + timedelta(minutes=minutes), details=details)


def folded(*entries, minutes=600, aboard=40):
    return log.fold(entries, left_at=START, now=START + timedelta(minutes=minutes), driver="王师傅",
                    on_board=lambda _: aboard)


def test_a_pause_must_not_end_without_a_right_count():
    paused = folded(entry("rest_begun", 60), minutes=70)
    assert (paused.pause, paused.may_go_on) == ("rest_begun", False)
    short = folded(entry("rest_begun", 60), entry("counted", 65, counted=39), minutes=70)
    assert (short.may_go_on, [one.code for one in short.troubles]) == (False, ["count_differs"])
    right = folded(entry("rest_begun", 60), entry("counted", 65, counted=39), entry("counted", 68, counted=40),
                   minutes=70)
    assert (right.may_go_on, right.troubles) == (True, ())
    said = folded(entry("rest_begun", 60), entry("counted", 65, counted=39, reason="一人去医院"), minutes=70)
    assert said.may_go_on
    gone = folded(entry("rest_begun", 60), entry("rest_ended", 85), minutes=90)
    assert (gone.pause, [one.code for one in gone.troubles]) == (None, ["uncounted"])


def test_driving_too_long_is_seen_and_a_real_rest_ends_it():
    assert [one.code for one in folded(minutes=241).troubles] == ["driving_long"]
    assert folded(minutes=239).troubles == ()
    rested = [entry("rest_begun", 200), entry("counted", 201, counted=40), entry("rest_ended", 221)]
    assert folded(*rested, minutes=440).troubles == ()
    brief = [entry("rest_begun", 200), entry("counted", 201, counted=40), entry("rest_ended", 210)]
    assert [one.code for one in folded(*brief, minutes=260).troubles] == ["driving_long"]
    changed = folded(entry("driver_changed", 200, driver="李师傅"), minutes=430)
    assert (changed.driver, changed.troubles) == ("李师傅", ())
    night = log.fold([], left_at=START + timedelta(hours=14), now=START + timedelta(hours=16, minutes=10), driver="",
                     on_board=lambda _: 0)
    assert [one.code for one in night.troubles] == ["driving_long"]


def test_an_incident_stands_until_it_is_over():
    assert [one.code for one in folded(entry("incident", 5, "i", what="illness"), minutes=9).troubles] == ["incident"]
    assert folded(entry("incident", 5, "i", what="illness"), entry("incident_over", 8, incident="i"),
                  minutes=9).troubles == ()


entries = st.lists(st.builds(
    lambda kind, minute, number: log.Entry(f"e{number}", kind, START + timedelta(minutes=minute),
                                           details={"counted": 40, "driver": "x", "incident": f"e{number % 7}"}),
    st.sampled_from(log.KINDS), st.integers(0, 500), st.integers(0, 60)), max_size=20,
    unique_by=lambda one: one.entry_id)


@given(entries, st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_one_log(found, chance):
    again = found + [one for one in found if chance.random() < 0.5]
    chance.shuffle(again)
    assert folded(*again) == folded(*found)


class Stand:
    def __init__(self, client):
        self.client = client
        with db.transaction() as session:
            self.world = make.world(session)
            self.on = make.departure(session, self.world)
            self.people = [make.booking(session, self.world, self.on, str(seat)) for seat in (1, 2, 3)]
            self.phone = make.token(session, Role.SCANNER, "departure", self.on.id)
            self.city = make.token(session, Role.CITY_ORGANIZER)
        self.place = f"/api/v1/departures/{self.on.id}"

    def keep(self, *entries, headers=None, skew=timedelta(0)):
        answer = self.client.post(f"{self.place}/log", headers=headers or self.phone, json={
            "device_time": (clock.now() + skew).isoformat(), "entries": list(entries)})
        assert answer.status_code == 200, answer.text
        return [one["code"] for one in answer.json]

    def log(self):
        return self.client.get(f"{self.place}/log", headers=self.city).json

    def board(self, *people):
        self.client.post("/api/v1/scans", headers=self.phone, json={
            "device_time": clock.now().isoformat(), "scans": [make.scan(one) for one in people]})


@pytest.fixture
def stand(client, database):
    return Stand(client)


def sent(kind, minutes_ago=0, **more):
    at = clock.now() - timedelta(minutes=minutes_ago)
    return {"entry_id": str(uuid4()), "kind": kind, "at": at.isoformat()} | more


def test_entries_come_in_any_order_and_are_kept_once(stand):
    stand.board(*stand.people)
    stop = str(stand.world.stops[0].id)
    day = [sent("arrived_stop", 0, stop_id=stop), sent("counted", -1, counted=3), sent("left_stop", -2, stop_id=stop),
           sent("driver_changed", -3, driver="李师傅"), sent("incident", -4, what="delay", note="高速拥堵")]
    mixed = random.Random(3).sample(day, len(day))
    assert stand.keep(*mixed) == ["kept"] * 5
    first = stand.log()
    assert stand.keep(*reversed(day)) == ["kept"] * 5
    assert [one["kind"] for one in first["items"]] == [one["kind"] for one in day]
    assert stand.log()["items"] == first["items"]
    assert (first["driver"], [one["code"] for one in first["troubles"]]) == ("李师傅", ["incident"])


def test_a_wrong_clock_is_corrected_and_the_head_count_is_that_of_its_moment(stand):
    stand.board(stand.people[0])
    ahead = timedelta(hours=5)
    rest = {**sent("rest_begun"), "at": (clock.now() + ahead).isoformat()}
    count = {**sent("counted", counted=1), "at": (clock.now() + ahead + timedelta(seconds=1)).isoformat()}
    assert stand.keep(rest, count, skew=ahead) == ["kept", "kept"]
    found = stand.log()
    assert (found["pause"], found["counted"], found["may_go_on"]) == ("rest_begun", 1, True)


def test_a_broken_entry_harms_only_itself(stand):
    good = sent("rest_begun")
    broken = [5, None, {}, {**good, "entry_id": "x"}, {**good, "kind": "fly"}, {**good, "at": "now"},
              {**good, "stop_id": str(uuid4())}, sent("counted", counted="3"), sent("counted", counted=-1),
              sent("incident", what="magic"), sent("driver_changed"), sent("refused", reason="drunk"),
              sent("refused", reason="ugly", booking_id=str(stand.people[0].id)), sent("incident_over"),
              sent("handed_over", receiver="赵", employer_id="x", booking_ids=[]), sent("walk_on"),
              sent("walk_on", person={"name": "甲", "id_number": "1", "phone": "2"}), sent("walk_on", sealed="AAAA")]
    assert stand.keep(*broken, good) == ["malformed"] * len(broken) + ["kept"]
    assert stand.client.post(f"{stand.place}/log", headers=stand.phone,
                             json={"device_time": "noon", "entries": []}).status_code == 422
    assert stand.client.post(f"{stand.place}/log", headers=stand.phone, json={
        "device_time": clock.now().isoformat(), "entries": [{}] * 201}).status_code == 413


PERSON = {"name": "李小红", "id_number": "511902199003071220", "phone": "13800138000", "employer": "某某工具"}


def test_somebody_of_no_list_gets_on_only_where_a_rule_and_a_listed_stop_allow(stand):
    stop = str(stand.world.stops[0].id)
    assert stand.keep(sent("walk_on", stop_id=stop, person=PERSON)) == ["not_allowed"]
    with db.transaction() as session:
        session.add(Rule(campaign_id=stand.on.campaign_id, kind="walk_on", value={"allowed": True},
                         from_at=clock.now() - timedelta(minutes=5)))
    assert stand.keep(sent("walk_on", person=PERSON)) == ["not_allowed"]
    assert stand.keep(sent("walk_on", stop_id=stop, person=PERSON)) == ["kept"]
    state = stand.client.get(f"{stand.place}/boarding", headers=stand.city).json
    assert (state["expected"], state["boarded_by_hand"]) == (3, 1)
    with db.transaction() as session:
        kept = session.scalars(select(TripEntry).where(TripEntry.answer == "kept")).one()
        assert "李小红" not in str(kept.details)
        assert "李小红" in journal.PERSON.open_bytes(kept.entry_id, kept.person).decode()
    assert [one["code"] for one in stand.log()["troubles"]] == ["walk_on", "walk_on"]


def test_a_foreign_phone_reads_and_writes_nothing(stand):
    with db.transaction() as session:
        other = make.departure(session, stand.world, hours=9)
        stranger = make.token(session, Role.SCANNER, "departure", other.id)
    for answer in (stand.client.get(f"{stand.place}/log", headers=stranger),
                   stand.client.post(f"{stand.place}/log", headers=stranger,
                                     json={"device_time": clock.now().isoformat(), "entries": []})):
        assert answer.status_code == 404
