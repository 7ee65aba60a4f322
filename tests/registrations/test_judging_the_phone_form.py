"""The phone form's rules: ages and laps by mode, days of the campaign, consents that are asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.people.rules.documents import age, check_character
from charter.places import table
from charter.registrations.rules.joining import judge_agree, judge_companion, judge_way, judge_who, lap_limit

TODAY = date(2026, 2, 1)
DAYS = [TODAY + timedelta(days=day) for day in range(10)]


def number(born: date) -> str:
    body = f"511922{born:%Y%m%d}204"
    return body + check_character(body)


def companion(kind: str, born: date, modes: tuple[str, ...] = ("bus",)) -> set[str]:
    written = {"kind": kind, "name": "张小宝", "id_type": "household_book", "id_number": number(born)}
    found = judge_companion(written, today=TODAY, travel=TODAY, modes=modes)
    return {problem.code for problem in found.problems}


@given(st.dates(date(1950, 1, 1), TODAY), st.sampled_from([("bus",), ("train",), ("flight",), ("bus", "flight")]))
def test_exactly_one_kind_of_seat_fits_an_age_but_for_laps(born: date, modes: tuple[str, ...]) -> None:
    years = age(born, TODAY)
    assert companion("adult", born, modes) == (set() if years >= 14 else {"is_child"})
    assert companion("child", born, modes) == (set() if years < 14 else {"is_adult"})
    if years < 14:
        assert companion("lap", born, modes) == (set() if years < lap_limit(modes) else {"needs_seat"})


def test_a_birth_certificate_needs_the_birth_date() -> None:
    written = {"kind": "lap", "name": "张小宝", "id_type": "birth_certificate", "id_number": "T123456789"}
    wrong = judge_companion(written, today=TODAY, travel=TODAY, modes=("bus",))
    assert [problem.field for problem in wrong.problems] == ["birth_date"]
    right = judge_companion(written | {"birth_date": "2025-05-01"}, today=TODAY, travel=TODAY, modes=("bus",))
    assert right.problems == ()
    assert right.values["birth_date"] == date(2025, 5, 1)


def test_a_child_does_not_register_alone() -> None:
    written = {"name": "张小宝", "id_type": "resident_id", "id_number": number(date(2015, 1, 1)), "employer": "a"}
    assert [one.code for one in judge_who(written, today=TODAY, employers=["a"]).problems] == ["child_alone"]


@pytest.mark.parametrize(("changed", "codes"), [
    ({}, set()), ({"latest": "2026-01-31"}, {"missing"}), ({"earliest": "2026-02-05"}, {"date_order"}),
    ({"modes": ["rocket"]}, {"missing"}), ({"origin": "510000"}, {"missing"}), ({"reach": "walk"}, {"missing"})])
def test_days_lie_in_the_campaign_and_in_order(changed: dict[str, object], codes: set[str]) -> None:
    written = {"origin": "511922", "earliest": "2026-02-02", "latest": "2026-02-04", "modes": ["bus"], "reach": "self"}
    found = judge_way(written | changed, today=TODAY, table=table.load(), days=DAYS)
    assert {problem.code for problem in found.problems} == codes


def test_only_what_concerns_the_party_must_be_agreed_to() -> None:
    agreed = dict.fromkeys(("use", "sensitive", "sharing"), "yes")
    assert judge_agree(agreed, children=False, adults=False, health=False).problems == ()
    lacking = judge_agree(agreed, children=True, adults=True, health=True)
    assert [problem.field for problem in lacking.problems] == ["child", "family", "health"]
