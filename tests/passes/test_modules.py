"""The quick picture of a pass is the library's picture, module by module."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from charter.passes import rendering
from charter.passes.rules.base45 import ALPHABET
from charter.passes.rules.modules import LETTERS


# The library cannot draw a block of nothing but zeros, which no signature is.
@given(st.text(ALPHABET[1:], min_size=LETTERS, max_size=LETTERS))
@settings(max_examples=60, deadline=None)
def test_every_text_is_drawn_as_the_library_draws_it(text):
    assert rendering.matrix(text) == rendering._encoded(text)


def test_each_letter_in_each_place_is_drawn_as_the_library_draws_it():
    for shift in range(0, 45, 4):
        text = "".join(ALPHABET[(place * 7 + shift) % 45] for place in range(LETTERS))
        assert rendering.matrix(text) == rendering._encoded(text)
