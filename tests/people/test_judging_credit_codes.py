"""Unified social credit codes: made by the rule of the standard, not anybody's but the standard's own example."""

from __future__ import annotations

import pytest

from charter.people.rules.credit_codes import ALPHABET, check_character, judge_credit_code


def code(first17: str) -> str:
    return first17 + check_character(first17)


def test_the_example_of_the_standard_is_right() -> None:
    assert judge_credit_code("91350100M000100Y43").value == "91350100M000100Y43"  # GB 32100-2015, annex


@pytest.mark.parametrize("body", list(ALPHABET))
def test_every_one_of_the_31_letters_may_come_first(body: str) -> None:
    made = code(f"{body}2350200MA2XKQ8N1")
    assert judge_credit_code(made).value == made


@pytest.mark.parametrize("first17", ["N2350206MF0000001", "Y1350206MB0000002", "92350206MA2YYY004",
"81350200MD0000006"])
def test_rural_collectives_unions_and_small_shops_are_taken(first17: str) -> None:
    assert judge_credit_code(code(first17)).problem is None


def test_a_code_is_repaired_and_the_repairs_are_listed() -> None:
    judged = judge_credit_code(" ９1350100m000100y43-")
    assert judged.value == "91350100M000100Y43"
    assert [repair.code for repair in judged.repairs] == ["trimmed", "full_width", "separator", "upper_x"]


@pytest.mark.parametrize(("written", "problem"), [
    ("91350100M000100Y44", "credit_code_checksum"), ("91350100M000100Y4", "credit_code_invalid"),
    ("91350100I000100Y43", "credit_code_invalid"), ("9135010AM000100Y43", "credit_code_invalid"),
    ("x" * 201, "too_long"),
])
def test_a_wrong_code_is_refused(written: str, problem: str) -> None:
    judged = judge_credit_code(written)
    assert judged.problem is not None
    assert judged.problem.code == problem


def test_a_shop_without_a_code_is_no_problem() -> None:
    judged = judge_credit_code("  ")
    assert (judged.value, judged.problem) == (None, None)


def test_any_changed_character_is_caught() -> None:
    right = "91350100M000100Y43"
    for place in range(18):
        for letter in ALPHABET:
            if letter != right[place]:
                assert judge_credit_code(right[:place] + letter + right[place + 1:]).value is None
