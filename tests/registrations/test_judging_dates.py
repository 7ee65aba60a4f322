"""Dates as lists write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.registrations.rules.dates import EPOCH_1900, EPOCH_1904, judge_date, judge_window

TODAY = date(2026, 1, 20)
DAY = date(2026, 2, 12)


def judge(value: object, epoch: date = EPOCH_1900):  # type: ignore[no-untyped-def]
    return judge_date(value, field="earliest", today=TODAY, epoch=epoch)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["2026-02-12", "2026/2/12", "2026/02/12", "2026.02.12",
"2026.2.12", DAY, datetime(2026, 2, 12, 8, 30)])
def test_plain_dates_are_no_repair(value: object) -> None:
    judged = judge(value)
    assert (judged.value, judged.repairs, judged.problem) == (DAY, (), None)


@pytest.mark.parametrize("value", [
    "2026年2月12日", "2026年2月12号", "2026年02月12日", "2026 年 2 月 12 日", "2026-2-12", "2026年2月12", "20260212",
    "二〇二六年二月十二日",
    "二零二六年二月十二日", "2026年二月十二号", "2月12日", "2月12号", "2月12", "二月十二日", "02月12日",
    "2月12日（周四）", "2月12日星期四", "2月12日 上午",
    "2026-02-12 00:00:00", "2026-02-12T08:30", "2026/2/12 8:30", "2/12".replace("2/12", "12 Feb 2026"), "Feb 12, 2026",
    "12 February",
])
def test_other_clear_spellings_are_repaired(value: str) -> None:
    judged = judge(value)
    assert judged.value == DAY
    assert [(repair.code, repair.before, repair.after) for repair in judged.repairs] == [("date_format", value,
    "2026-02-12")]


def test_common_repairs_stand_beside_the_format() -> None:
    assert [repair.code for repair in judge(" ２０２６年2月12日").repairs] == ["trimmed", "full_width", "date_format"]
    assert [repair.code for repair in judge("'2026-02-12").repairs] == ["apostrophe"]


@pytest.mark.parametrize(("value", "epoch"), [
    (46065, EPOCH_1900), (46065.0, EPOCH_1900), (46065.75, EPOCH_1900), ("46065", EPOCH_1900), (44603, EPOCH_1904),
    ("44603", EPOCH_1904),
])
def test_serial_numbers_follow_the_epoch_of_the_workbook(value: object, epoch: date) -> None:
    judged = judge(value, epoch)
    assert judged.value == DAY
    assert [repair.code for repair in judged.repairs] == ["excel_serial"]


@pytest.mark.parametrize("value", [
    "12/2/2026", "02-03-2026", "3/4", "2.12", "2-12", "26-02-12", "26/2/12", "26年2月12日", "12/02/26", "正月初八",
    "农历二月十二", "腊月廿八",
    "2月12日-2月15日", "2026-02-12至2026-02-15", "2月12、13日", "2月12日或13日", "2026-02-12 2026-02-15",
    "2026-02-12\n2026-02-15", "2026-02-30", "2026/13/1",
    "2月30日", "2026年2月", "2月中旬", "春节后", "明天", "尽快", "2026年2月29日", "2月12日（周五）", "0", "12", "2026",
    "2026-02-12 25:00", "20261350", 2.12, 12,
    1e12, float("inf"), float("nan"), -5, True, "2026-2-1 2", "2 月 1 2 日",
])
def test_doubtful_and_impossible_dates_are_invalid(value: object) -> None:
    judged = judge(value)
    assert judged.value is None
    assert judged.problem is not None
    assert (judged.problem.field, judged.problem.code) == ("earliest", "date_invalid")


@pytest.mark.parametrize(("value", "expected"), [("2/13/2026", date(2026, 2, 13)), ("13/2/2026", date(2026, 2, 13)),
("3/3/2026", date(2026, 3, 3))])
def test_day_and_month_are_in_no_doubt_where_one_order_gives_a_day(value: str, expected: date) -> None:
    assert judge(value).value == expected


@pytest.mark.parametrize(("value", "expected"), [
    ("1月20日", date(2026, 1, 20)), ("1月19日", date(2027, 1, 19)), ("12月31日", date(2026, 12, 31)),
    ("2月29日", date(2028, 2, 29)),
    ("十二月三十一日", date(2026, 12, 31)), ("十月十日", date(2026, 10, 10)),
])
def test_without_a_year_the_first_such_day_not_before_today_is_meant(value: str, expected: date) -> None:
    assert judge(value).value == expected


def test_an_empty_date_is_none_and_an_endless_one_too_long() -> None:
    assert (judge(None).value, judge(" ").value, judge(" ").problem) == (None, None, None)
    assert judge("2" * 201).problem.code == "too_long"


def test_the_last_day_may_not_lie_before_the_first() -> None:
    problem = judge_window(DAY, DAY - timedelta(days=1))
    assert problem is not None
    assert (problem.field, problem.code) == ("latest", "date_order")
    assert judge_window(DAY, DAY) is None
    assert judge_window(None, DAY) is None


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_survives_every_plain_spelling(day: date) -> None:
    for text in (day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日",
    f"{day:%Y%m%d}"):
        assert judge(text).value == day
    assert judge((day - EPOCH_1900).days).value == day
    assert judge((day - EPOCH_1904).days, EPOCH_1904).value == day


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=30) | st.text(alphabet="0123456789年月日号-/. 十二三〇",
max_size=20) | st.floats(allow_nan=False, allow_infinity=False))
def test_any_cell_gets_a_verdict(value: object) -> None:
    judged = judge(value)
    assert judged.value is None or judged.problem is None
