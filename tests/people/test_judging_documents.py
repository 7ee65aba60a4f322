"""Documents as lists write them; numbers are synthetic, with right check characters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.people.rules import documents
from charter.people.rules.documents import check_character, judge_id

TODAY = date(2026, 11, 24)


def number(region: str = "511922", born: str = "19900101", order: str = "001") -> str:
    first17 = region + born + order
    return first17 + check_character(first17)


def codes(judged: object) -> list[str]:
    return [repair.code for repair in judged.repairs]  # type: ignore[attr-defined]


def test_the_example_of_the_standard_has_its_check_character() -> None:
    assert check_character("11010519491231002") == "X"  # GB 11643-1999, example
    assert judge_id("11010519491231002X", today=TODAY).value == documents.Document("resident_id", "11010519491231002X")


@pytest.mark.parametrize("region", ["511922", "429004", "460400", "659012", "330114", "133100", "000000", "999999"])
def test_the_region_part_is_not_judged(region: str) -> None:
    judged = judge_id(number(region), "身份证", today=TODAY)
    assert judged.value == documents.Document("resident_id", number(region))
    assert judged.repairs == ()


@pytest.mark.parametrize(("written", "declared", "id_type"), [
    (number("810000"), None, "hmt_permit"), (number("820000"), None, "hmt_permit"),
    (number("830000"), None, "hmt_permit"),
    (number("911840"), None, "permanent_resident"), ("USA123456789012", None, "permanent_resident"),
    ("H12345678", None, "travel_permit"), ("M1234567801", None, "travel_permit"),
    ("E12345678", None, "passport"), ("EA1234567", None, "passport"), ("H1234567", None, "passport"),
    (number(), "户口簿", "resident_id"), (number("810000"), "身份证", "resident_id"),
    ("12345678", "台胞证", "travel_permit"), ("X1234", "护照", "passport"),
    ("A1B2C3D4E5F6G7H8I", "passport", "passport"),
    ("A123456789", "出生医学证明", "birth_certificate"), (number(), "居住证", "resident_id"),
    (number("830000"), "居 住 证（台湾）", "hmt_permit"), (number(), "", "resident_id"),
    (number(), "  ", "resident_id"),
    ("12345678", "travel_permit", "travel_permit"),
])
def test_the_type_is_the_declared_one_or_follows_from_the_form(
        written: str, declared: str | None, id_type: str) -> None:
    judged = judge_id(written, declared, today=TODAY)
    assert judged.problem is None
    assert judged.value == documents.Document(id_type, written)  # type: ignore[arg-type]
    assert judged.repairs == ()


@pytest.mark.parametrize(("written", "declared", "numeric", "code"), [
    ("", None, False, "missing"), (" \u3000\n", None, False, "missing"), ("'", None, False, "missing"),
    ("1" * 201, None, False, "too_long"), ("1" * 201, "军官证", False, "too_long"),
    ("110105194912310016", None, True, "id_lost_digits"), (number()[:17] + "0", None, True, "id_lost_digits"),
    ("1101051949123100", None, True, "id_lost_digits"), ("1.10105E+17", None, False, "id_lost_digits"),
    ("1.10105194912310E17", None, False, "id_lost_digits"), ("1.1e+17", "身份证", False, "id_lost_digits"),
    ("110105194912310016.0", None, False, "id_lost_digits"), ("1.1E+17", "军官证", False, "id_lost_digits"),
    (number(), "军官证", False, "id_type_unknown"), (number(), "香港身份证", False, "id_type_unknown"),
    ("12345678", None, False, "id_type_unknown"), ("张三", None, False, "id_type_unknown"),
    ("1" * 21, None, False, "id_type_unknown"), ("1101051949123100XX", None, False, "id_type_unknown"),
    ("A123456789", None, False, "id_type_unknown"), ("1234", None, True, "id_type_unknown"),
    (number()[:17], None, False, "id_length"), (number() + "1", None, False, "id_length"),
    ("123456789", None, False, "id_length"),
    ("12345678", "身份证", False, "id_length"), ("H12345678", "台胞证", False, "id_length"),
    ("12345678", "回乡证", False, "id_length"),
    ("1234", "护照", False, "id_length"), ("1" * 18, "护照", False, "id_length"),
    ("A12345678", "出生证", False, "id_length"),
    ("US1234567890123", "永久居留证", False, "id_length"),
    (number("810000")[:17], "港澳台居民居住证", False, "id_length"),
    ("11010519491331002X", None, False, "id_birthdate"), (number(born="18991231"), None, False, "id_birthdate"),
    (number(born="20261125"), None, False, "id_birthdate"), ("110105491331001", None, False, "id_birthdate"),
    (number("810000", "19900230"), None, False, "id_birthdate"),
    (number("911840", "19900230"), None, False, "id_birthdate"),
    ("110105250101997", None, False, "id_birthdate"),
    ("110105194912310021", None, False, "id_checksum"), ("X10105194912310021", None, False, "id_checksum"),
    ("81000019900101001A", None, False, "id_checksum"),
])
def test_what_is_wrong_is_named_by_the_first_code_that_fits(
        written: str, declared: str | None, numeric: bool, code: str) -> None:
    judged = judge_id(written, declared, today=TODAY, numeric=numeric)
    assert judged.value is None
    assert judged.problem is not None
    assert (judged.problem.field, judged.problem.code) == ("id_number", code)
    assert judged.problem.text()
    assert judged.text == written.strip(" \u3000\n'")


@pytest.mark.parametrize(("written", "final", "expected"), [
    ("11010519491231002x", "11010519491231002X", ["upper_x"]),
    ("'11010519491231002X", "11010519491231002X", ["apostrophe"]),
    (" 11010519491231002X\u00a0", "11010519491231002X", ["trimmed"]),
    ("110105 19491231 002X", "11010519491231002X", ["separator"]),
    ("110105\u00a019491231\n002X", "11010519491231002X", ["separator"]),
    ("110105-19491231—002X", "11010519491231002X", ["separator"]),
    ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", ["full_width"]),
    ("110105－19491231　002X", "11010519491231002X", ["separator"]),
    ("\u200e11010519491231002X\ufeff", "11010519491231002X", ["invisible_characters"]),
    ("110105491231002", "11010519491231002X", ["id_15_to_18"]),
    ("110105491231002.0", "11010519491231002X", ["float_text", "id_15_to_18"]),
    ("\u202d 'ｅ1234 5678", "E12345678", ["invisible_characters", "trimmed", "apostrophe", "full_width", "separator",
    "upper_x"]),
])
def test_a_safe_repair_is_listed_once_from_as_written_to_the_final_value(
        written: str, final: str, expected: list[str]) -> None:
    judged = judge_id(written, today=TODAY)
    assert judged.value is not None
    assert judged.value.number == final
    assert codes(judged) == expected
    assert {(repair.before, repair.after) for repair in judged.repairs} == {(written, final)}


def test_a_number_cell_of_fifteen_digits_is_upgraded() -> None:
    judged = judge_id("110105491231002", today=TODAY, numeric=True)
    assert judged.value == documents.Document("resident_id", "11010519491231002X")


def test_a_wrong_number_keeps_its_trimmed_text_and_lists_only_the_trimming() -> None:
    judged = judge_id(" '11010519491231003x ", today=TODAY)
    assert judged.text == "'11010519491231003x"
    assert codes(judged) == ["trimmed"]
    assert judged.repairs[0].after == judged.text


def test_a_declared_passport_that_looks_like_scientific_notation_is_a_passport() -> None:
    assert judge_id("12345E10", "护照", today=TODAY).value == documents.Document("passport", "12345E10")


def test_one_form_identifies_a_document() -> None:
    assert documents.canonical("travel_permit", "H1234567801") == documents.canonical("travel_permit", "H12345678")
    assert documents.canonical("resident_id", "110105491231002") == "11010519491231002X"
    assert documents.canonical("resident_id", "11010519491231002x") == "11010519491231002X"
    assert documents.canonical("travel_permit", "12345678") == "12345678"


def test_a_child_is_under_fourteen_until_the_birthday() -> None:
    child = number(born="20121124")
    assert documents.birth_date("resident_id", child) == date(2012, 11, 24)
    assert documents.is_child("resident_id", child, TODAY) is False
    assert documents.is_child("resident_id", child, TODAY - timedelta(days=1)) is True
    assert documents.is_child("passport", "E12345678", TODAY) is None
    assert documents.is_child("birth_certificate", "A123456789", TODAY) is True


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999_999), st.integers(0, 999))
def test_every_number_made_by_the_standard_is_right_and_every_changed_digit_is_caught(
        born: date, region: int, order: int) -> None:
    right = number(f"{region:06d}", f"{born:%Y%m%d}", f"{order:03d}")
    assert judge_id(right, "resident_id", today=TODAY).value == documents.Document("resident_id", right)
    for place in range(17):
        for digit in "0123456789":
            if digit != right[place]:
                changed = right[:place] + digit + right[place + 1:]
                assert judge_id(changed, "resident_id", today=TODAY).value is None


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=60), st.sampled_from([None, "身份证", "护照", "台胞证", "什么证"]), st.booleans())
def test_any_text_gets_a_verdict(text: str, declared: str | None, numeric: bool) -> None:
    judged = judge_id(text, declared, today=TODAY, numeric=numeric)
    assert (judged.value is None) == (judged.problem is not None)
