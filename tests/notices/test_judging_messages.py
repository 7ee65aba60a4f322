"""Parts, quiet hours, bounded values, what an answer means: rules without a database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.core import clock
from charter.notices.receiving import said
from charter.notices.rules import VALUE_LETTERS, bounded, held_until, parts
from charter.notices.service import clean, templates, written


@pytest.mark.parametrize(("letters", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_a_text_is_paid_by_parts(letters, count):
    assert parts("字" * letters) == count


@given(st.datetimes(datetime(2030, 1, 1), datetime(2030, 3, 1)))
def test_nothing_that_can_wait_leaves_at_night(at):
    now = at.replace(tzinfo=clock.ZONE)
    then = held_until(now)
    assert 8 <= then.hour < 21
    assert now <= then <= now + timedelta(hours=11)
    if 8 <= now.hour < 21:
        assert then == now


@given(st.text(max_size=200))
def test_a_value_is_never_longer_than_providers_take(text):
    assert len(bounded("stop", text)) <= VALUE_LETTERS
    assert len(clean({"name": text})["name"]) <= VALUE_LETTERS


def test_a_link_is_not_cut_off_and_no_value_smuggles_one_in():
    assert bounded("link", "a" * 50) == "a" * 50
    text = written("seat_given", {"name": "http://evil.example/x", "departure": "巴中01", "moment": "2月", "stop": "站",
                                  "link": "A" * 38}, "zh")
    assert "http://evil" not in text
    assert "/t/" + "A" * 38 in text


@pytest.mark.parametrize(("words", "meaning"), [
    ("1", "yes"), (" １ ", "yes"), ("来。", "yes"), ("2", "no"), ("不来了", "no"), ("12", "other"), ("TD", "other"),
    ("1 或者 2", "other"), ("", "other")])
def test_only_a_plain_answer_counts(words, meaning):
    assert said(words) == meaning


def test_a_message_about_a_trip_says_that_it_alone_counts():
    for name in ("seat_given", "pass_again", "delayed", "called_off"):
        assert "为准" in templates()[name]["zh"], name
        assert "waits" not in templates()[name]
