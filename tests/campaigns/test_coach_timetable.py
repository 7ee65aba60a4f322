"""When a coach arrives that rests as charters must."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.campaigns.rules.timetable import coach_arrival

ZONE = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(f"2027-02-12 {text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(("leaves", "driving", "arrives"), [
    ("08:00", 0, "08:00"), ("08:00", 240, "12:00"), ("08:00", 241, "12:21"), ("08:00", 480, "16:20"),
    ("20:00", 240, "00:20"),  # two hours by day count when the night's limit of two hours begins
    ("01:00", 120, "06:00"),  # stands from two to five
    ("03:30", 30, "05:30"),
])
def test_breaks_and_the_night_s_stop_are_kept(leaves, driving, arrives):
    found = coach_arrival(at(leaves), driving)
    assert found.strftime("%H:%M") == arrives


def test_a_thousand_kilometres_from_eight_arrive_before_the_night_s_stop():
    assert coach_arrival(at("08:00"), 13 * 60).strftime("%d %H:%M") == "12 22:00"


@given(st.integers(0, 1439), st.integers(0, 4000))
def test_no_ride_is_shorter_than_its_driving_and_none_ends_between_two_and_five(minute, driving):
    leaves = at("00:00") + timedelta(minutes=minute)
    found = coach_arrival(leaves, driving)
    assert found - leaves >= timedelta(minutes=driving)
    if driving:
        assert not 2 * 60 < found.hour * 60 + found.minute < 5 * 60
