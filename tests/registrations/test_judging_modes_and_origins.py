"""Modes and origins as lists write them."""

from __future__ import annotations

import pytest

from charter.places.table import load
from charter.registrations.rules.modes import judge_modes
from charter.registrations.rules.origins import judge_origin

TABLE = load()


@pytest.mark.parametrize(("text", "modes"), [
    ("大巴", ("bus",)), ("汽车", ("bus",)), ("客车", ("bus",)), ("火车", ("train",)), ("高铁", ("train",)),
    ("动车", ("train",)), ("列车", ("train",)),
    ("飞机", ("flight",)), ("航班", ("flight",)), ("bus", ("bus",)), ("Train", ("train",)),
    ("大巴、火车", ("bus", "train")),
    ("火车,大巴", ("bus", "train")), ("大巴/飞机", ("bus", "flight")), ("大巴 火车", ("bus", "train")),
    ("大巴或火车或飞机", ("bus", "train", "flight")),
    ("不限", ("bus", "train", "flight")), ("都可以", ("bus", "train", "flight")), ("大巴，高铁", ("bus", "train")),
    ("高铁/动车", ("train",)),
])
def test_modes_are_read_by_their_words(text: str, modes: tuple[str, ...]) -> None:
    judged = judge_modes(text)
    assert (judged.value, judged.repairs, judged.problem) == (modes, (), None)


@pytest.mark.parametrize("text", ["自驾", "大巴、自驾", "走路", "、", "大巴火车轮船", "123"])
def test_another_way_to_travel_is_unknown(text: str) -> None:
    assert judge_modes(text).problem.code == "mode_unknown"  # type: ignore[union-attr]


def test_no_modes_are_no_problem() -> None:
    assert (judge_modes(" ").value, judge_modes("").problem) == (None, None)
    assert judge_modes("大巴、" * 80).problem.code == "too_long"  # type: ignore[union-attr]


def test_a_full_origin_is_no_repair_and_a_short_one_is_completed() -> None:
    full = judge_origin("四川省巴中市南江县", TABLE)
    assert (full.value, full.repairs, full.text) == ("511922", (), "四川省巴中市南江县")
    short = judge_origin(" 南江\n", TABLE)
    assert (short.value, short.text) == ("511922", "南江")
    assert [(repair.code, repair.before, repair.after) for repair in short.repairs] == [
        ("trimmed", " 南江\n", "511922"), ("origin_completed", " 南江\n", "511922")]
    assert [repair.code for repair in judge_origin("５１１９２２", TABLE).repairs] == ["full_width"]


def test_an_ambiguous_origin_names_the_choices() -> None:
    problem = judge_origin("鼓楼区", TABLE).problem
    assert problem is not None
    assert (problem.field, problem.code) == ("origin", "origin_ambiguous")
    assert "福建省福州市鼓楼区" in problem.text()


@pytest.mark.parametrize(("text", "code"), [("", "missing"), ("火星", "origin_unknown"), ("四" * 201, "too_long")])
def test_a_wrong_origin_is_refused(text: str, code: str) -> None:
    assert judge_origin(text, TABLE).problem.code == code  # type: ignore[union-attr]
