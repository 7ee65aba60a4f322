"""Every state of a request has its words, in both languages, and never promises what is not there."""

from __future__ import annotations

import pytest

from charter.bookings.rules.way import WAY, standing
from charter.core import i18n
from charter.registrations.models import STATES


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_sentence_in_both_languages(state: str) -> None:
    found = standing(state)
    assert 1 <= found.done <= len(WAY)
    with i18n.reading("en"):
        for words in (found.sentence, found.then):
            assert not words or i18n.gettext(words) != words


def test_a_hold_asks_for_the_word_whatever_the_request_says() -> None:
    assert {standing(state, held=True).action for state in ("confirmed", "planned", "left_behind")} == {"confirm"}
    assert standing("boarded", held=True).action == "pass"


def test_a_seat_that_was_taken_back_is_not_called_sure() -> None:
    assert standing("booked", seated=False).sentence == standing("confirmed").sentence
    assert standing("booked", seated=True).action == "pass"
    assert standing("left_behind", seated=True).action == "pass"


def test_without_free_seats_nobody_is_sent_to_look_for_one() -> None:
    assert standing("confirmed", open_seats=False).action == ""
    assert standing("left_behind", open_seats=False).action == "call"
