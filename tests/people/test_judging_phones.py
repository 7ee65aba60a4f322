"""Phones as lists write them; no number here is anybody's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.people.rules import phones
from charter.people.rules.phones import judge_phone
from charter.people.rules.text import number_text


@pytest.mark.parametrize(("written", "codes"), [
    ("13800001234", []), (" 13800001234\t", ["trimmed"]), ("１３８００００１２３４", ["full_width"]),
    ("\u202d13800001234\u202c", ["invisible_characters"]), ("'13800001234", ["apostrophe"]),
    ("’13800001234", ["apostrophe"]),
    ("138-0000-1234", ["separator"]), ("138 0000 1234", ["separator"]), ("138\u00a00000\u30001234", ["separator"]),
    ("138－0000—1234", ["separator"]), ("138.0000.1234", ["separator"]), ("138\n00001234", ["separator"]),
    ("+8613800001234", ["country_prefix"]), ("008613800001234", ["country_prefix"]),
    ("8613800001234", ["country_prefix"]),
    ("＋８６１３８００００１２３４", ["full_width", "country_prefix"]),
    ("(+86) 138-0000-1234", ["separator", "country_prefix"]),
    ("（86）13800001234", ["full_width", "country_prefix"]), ("13800001234.0", ["float_text"]),
    ("13800001234.00", ["float_text"]),
    ("8613800001234.0", ["country_prefix", "float_text"]), ("1.3800001234E10", ["float_text"]),
    ("1.3800001234e+10", ["float_text"]),
])
def test_a_phone_is_read_through_its_disguises(written: str, codes: list[str]) -> None:
    judged = judge_phone(written)
    assert judged.value == "13800001234"
    assert [repair.code for repair in judged.repairs] == codes
    assert all((repair.before, repair.after) == (written, "13800001234") for repair in judged.repairs)


@pytest.mark.parametrize("written", [
    "12800001234", "1380000123", "138000012345", "0592-5123456", "05925123456", "+85291234567", "+13800001234",
    "+1 380 000 1234",
    "13800001234/13900001234", "13800001234 13900001234", "13800001234、13900001234", "13800001234\n13900001234",
    "1.38E+10",
    "1.380000123E+10", "13800001234.5", "1380000123.4", "-13800001234", "013800001234", "电话13800001234",
    "١٣٨٠٠٠٠١٢٣٤", "无",
    "138000O1234", "8613800001234 13900001234",
])
def test_anything_else_is_no_mobile_phone_of_the_mainland(written: str) -> None:
    judged = judge_phone(written)
    assert judged.value is None
    assert judged.problem is not None
    assert judged.problem.code == "phone_invalid"


def test_an_empty_phone_is_missing_and_an_endless_one_too_long() -> None:
    assert [judge_phone(text).problem.code for text in (" ", "1" * 201)] == ["missing",
    "too_long"]  # type: ignore[union-attr]


def test_a_number_cell_is_its_digits_and_no_repair() -> None:
    judged = judge_phone(number_text(13800001234.0))
    assert (judged.value, judged.repairs) == ("13800001234", ())
    assert number_text(13800001234.5) == "13800001234.5"
    assert number_text(1.1010519491231e17) == "110105194912310000"


def test_the_hashed_form_has_the_country() -> None:
    assert phones.canonical("13800001234") == "+8613800001234"
    assert phones.last_four("13800001234") == "1234"


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(alphabet="0123456789+-.() eE'\u00a0\u200b＋１８６", max_size=24))
def test_a_repaired_phone_is_right_at_once(text: str) -> None:
    judged = judge_phone(text)
    if judged.value is not None:
        assert judge_phone(judged.value).repairs == ()
        assert all(repair.after == judged.value for repair in judged.repairs)
