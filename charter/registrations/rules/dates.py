"""Travel dates as lists write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from charter.core.i18n import N_
from charter.core.problems import FieldProblem
from charter.people.rules.judged import Judged
from charter.people.rules.text import MAX_SHORT, Cleaned, clean, narrow, number_text, repairs_for, too_long, wrong

__all__ = ["EPOCH_1900", "EPOCH_1904", "judge_date", "judge_window"]

EPOCH_1900 = date(1899, 12, 30)  # day 0 of workbooks counted from 1900 (their day 60 never was)
EPOCH_1904 = date(1904, 1, 1)
FIRST_YEAR, LAST_YEAR = 1990, 2199  # serial numbers outside mean no travel day

_INVALID = N_("日期看不明白或不存在，请写成 2026-02-12 这样")
_iso = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_slashes = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_dots = re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})")
_year_first = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?")
_compact = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_chinese = re.compile(r"([0-9]{1,2})月([0-9]{1,2})[日号]?")
_two_numbers = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})(?:\2([0-9]{4}))?")
_clock = re.compile(r"(?<=[0-9日号])[T ]*(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.0+)?)?$")
_weekday = re.compile(r"\(?(?:星期|周|礼拜)([一二三四五六日天])\)?$")
_part_of_day = re.compile("(?:早上|上午|中午|下午|晚上)$")
_wide = re.compile("[０-９Ａ-Ｚａ-ｚ－／．]")  # a wide bracket around the weekday goes with the format
_serial = re.compile(r"[0-9]{5}(?:\.[0-9]{1,12})?")
_month_words = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)?[ -]*([a-z]{3,9})|([a-z]{3,9})\.? *([0-9]{1,2})(?:st|nd|rd|th)?)"
    r"(?:[ ,-]+([0-9]{4}))?")
_numerals = re.compile("[〇零○一二三四五六七八九十]+")
_MONTHS = {name: number for number, full in enumerate(
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december"], 1)
    for name in (full, full[:3])}
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


def judge_date(value: str | float | date | datetime | None, *, field: str, today: date,
               epoch: date = EPOCH_1900) -> Judged[date]:
    """A cell's value: text, a real date (no repair) or a serial number of the workbook's epoch (`excel_serial`).

    An empty cell has the value None. Problems `too_long`, `date_invalid`; any spelling but ISO, 2026/2/12 and
    2026.02.12 is repaired as `date_format`. Without a year: the first such day not before `today`. Where day and month
    may be either way round, the date is invalid.
    """
    if isinstance(value, datetime):
        return Judged(value.date(), value.date().isoformat())
    if isinstance(value, date):
        return Judged(value, value.isoformat())
    text = "" if value is None else value if isinstance(value, str) else number_text(value)
    cleaned = clean(text)
    if not cleaned.text:
        return Judged(None, "")
    if len(cleaned.trimmed) > MAX_SHORT:
        return too_long(field, cleaned)
    narrowed = narrow(cleaned.text)
    number = None if isinstance(value, str) or value is None else float(value)
    day, code = _serial_day(number, epoch) if number is not None else _read(narrowed, today, epoch)
    if day is None:
        return wrong(field, cleaned, "date_invalid", _INVALID)
    return _judged(field, cleaned, day, code, wide=bool(_wide.search(cleaned.text)))


def judge_window(earliest: date | None, latest: date | None, *, field: str = "latest") -> FieldProblem | None:
    """`date_order` where the last day lies before the first."""
    if earliest is None or latest is None or earliest <= latest:
        return None
    return FieldProblem(field, "date_order", N_("最晚日期早于最早日期"))


def _judged(field: str, cleaned: Cleaned, day: date, code: str, *, wide: bool) -> Judged[date]:
    codes = (*cleaned.codes, *("full_width",) * wide, *(code,) * bool(code))
    return Judged(day, cleaned.trimmed, repairs_for(field, cleaned.raw, codes, day.isoformat()))


def _serial_day(number: float, epoch: date) -> tuple[date | None, str]:
    """The day of a number cell: a serial number, or eight digits 20260212."""
    if not 0 < number < 100_000_000:  # also infinity and no number at all
        return None, ""
    if number == int(number) and (compact := _compact.fullmatch(str(int(number)))):
        return _day(*map(int, compact.groups())), "date_format"
    if number >= 100_000:
        return None, ""
    day = epoch + timedelta(days=int(number))
    return (day, "excel_serial") if FIRST_YEAR <= day.year <= LAST_YEAR else (None, "")


@lru_cache(maxsize=10_000)
def _read(text: str, today: date, epoch: date) -> tuple[date | None, str]:
    """The day that a narrow text writes and the repair's code ("" for the three plain spellings)."""
    for plain in (_iso, _slashes, _dots):
        if found := plain.fullmatch(text):
            return _day(*map(int, found.groups())), ""
    if _serial.fullmatch(text):
        return _serial_day(float(text), epoch)
    bare, weekday = _without_extras(text)
    day = _spelled(bare, today)
    if day is None or (weekday is not None and day.weekday() != weekday):
        return None, ""
    return day, "date_format"


def _without_extras(text: str) -> tuple[str, int | None]:
    """The text without clock time, part of the day, weekday and blanks; and the weekday (Monday 0) if it was named."""
    bare = _part_of_day.sub("", _clock.sub("", text).strip()).strip()
    named = _weekday.search(bare)
    if named:
        bare = bare[:named.start()].strip()
    weekday = "一二三四五六日".index(named[1].replace("天", "日")) if named else None
    return bare, weekday


def _spelled(text: str, today: date) -> date | None:
    """A date in any spelling that leaves no doubt, else None."""
    if words := _month_words.fullmatch(text.lower()):
        return _english(words, today)
    joined = re.sub(r"\s+", "", text)
    if joined.count(" ") == 0 and re.search(r"[0-9]\s+[0-9]", text):
        return None  # two numbers side by side may be two dates
    if "年" in joined or "月" in joined:
        joined = _numerals.sub(_arabic, joined)
    if found := _year_first.fullmatch(joined) or _compact.fullmatch(joined):
        return _day(*map(int, found.groups()))
    if found := _chinese.fullmatch(joined):
        return _next(int(found[1]), int(found[2]), today)
    if found := _two_numbers.fullmatch(joined):
        return _either_way(int(found[1]), int(found[3]), int(found[4]) if found[4] else None, today)
    return None


def _english(words: re.Match[str], today: date) -> date | None:
    """12 Feb 2026 or February 12."""
    month = _MONTHS.get(words[2] or words[3])
    day = int(words[1] or words[4])
    if month is None:
        return None
    return _day(int(words[5]), month, day) if words[5] else _next(month, day, today)


def _either_way(first: int, second: int, year: int | None, today: date) -> date | None:
    """Two numbers for day and month: the day if only one order gives one, or both give the same."""
    orders = {(first, second), (second, first)}
    days = {_day(year, *order) if year else _next(*order, today) for order in orders} - {None}
    return days.pop() if len(days) == 1 else None


def _arabic(found: re.Match[str]) -> str:
    """Chinese numerals as digits: 二〇二六, 十二, 二十三; unreadable ones stay as they are."""
    text = found[0]
    if "十" not in text:
        return "".join(str(_DIGITS[character]) for character in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or tens in ("〇", "零", "○"):
        return text
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))


def _next(month: int, day: int, today: date) -> date | None:
    """The first such day not before today; 29 February waits for a leap year."""
    for year in range(today.year, today.year + 9):
        found = _day(year, month, day)
        if found is not None and found >= today:
            return found
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
