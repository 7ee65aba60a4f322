"""Who is next and until when an offer holds, for any line and any hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from charter.bookings.rules.arranging import Spot, Together, arrange
from charter.bookings.rules.line import BEFORE, SHORTEST, in_turn, offer_until
from charter.core.clock import ZONE

NOON = datetime(2026, 2, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


def beside(size, among):
    """On one bench that is as long as the vehicle."""
    if size > len(among):
        return list(among)
    return arrange([Spot(slot, 1, slot) for slot in among], [Together(size)])[0]


@given(st.sets(st.integers(1, 60)), st.lists(st.integers(1, 5), max_size=30))
def test_nobody_gets_anothers_seat_and_a_party_gets_all_or_nothing(free, sizes):
    found = in_turn(sorted(free), sizes, beside)
    given_out = [slot for run in found for slot in run]
    assert len(given_out) == len(set(given_out))
    assert set(given_out) <= free
    assert all(len(run) in (0, size) for run, size in zip(found, sizes, strict=True))


@given(st.integers(0, 20), st.lists(st.integers(1, 5), max_size=30))
def test_who_is_passed_over_would_not_have_fitted_into_what_was_left(free, sizes):
    left = free
    for run, size in zip(in_turn(range(1, free + 1), sizes, beside), sizes, strict=True):
        assert bool(run) == (size <= left)
        left -= len(run)


@given(st.integers(0, 1439), st.integers(10, 2_880), st.integers(0, 20_000))
def test_an_offer_never_outlasts_its_departure_and_never_lapses_at_once(minute, minutes, ahead):
    now = NOON + timedelta(minutes=minute)
    departs = now + timedelta(minutes=ahead)
    until = offer_until(now, minutes, departs)
    if until is None:
        assert departs - BEFORE - now < SHORTEST
    else:
        assert now + SHORTEST <= until <= departs - BEFORE


def test_who_is_offered_a_seat_at_night_has_until_the_morning():
    far = NOON + timedelta(days=9)
    late = datetime(2026, 2, 10, 21, 0, tzinfo=ZONE)
    assert offer_until(late, 180, far) == datetime(2026, 2, 11, 8, 30, tzinfo=ZONE)
    assert offer_until(late.replace(hour=3), 180, far) == datetime(2026, 2, 10, 8, 30, tzinfo=ZONE)
    assert offer_until(NOON, 180, far) == NOON + timedelta(hours=3)
