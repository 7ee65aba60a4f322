"""Cleaning that every typed field gets first, in one fixed order, with the repair codes of the roster contract."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Repair
from charter.people.rules.judged import Judged

__all__ = [
    "BLANKS", "HYPHENS", "MAX_LONG", "MAX_SHORT", "REPAIR_ORDER", "Cleaned", "clean", "judge_plain", "missing",
    "narrow", "number_text", "repairs_for", "too_long", "wrong",
]

MAX_SHORT = 200  # characters of any field
MAX_LONG = 1000  # characters of a note or of special needs
REPAIR_ORDER: tuple[str, ...] = (
    "invisible_characters", "trimmed", "apostrophe", "full_width", "separator", "country_prefix", "float_text",
    "upper_x", "id_15_to_18", "name_spacing", "name_dot", "excel_serial", "date_format", "origin_completed",
)

# For use inside a regular expression's brackets. Line breaks and tabs are blanks, the other control characters are not.
BLANKS = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
HYPHENS = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_invisible = re.compile(f"[{_INVISIBLE}]+")
_plain = re.compile("[0-9A-Za-z\u4e00-\u9fff/.-]+")  # most cells: nothing to remove
_outer = re.compile(f"^[{BLANKS}]+|[{BLANKS}]+$")
_APOSTROPHES = "'\u2018\u2019\uff07`"
_wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_has_wide = re.compile("[\uff01-\uff5e\u3000]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`raw` as written; `trimmed` without outer blanks and invisible characters; `text` also without the apostrophe by
    which spreadsheets mark text. `codes` are the repairs that made `text`, `trim_codes` those that made `trimmed`."""

    raw: str
    trimmed: str
    text: str
    codes: tuple[str, ...] = ()
    trim_codes: tuple[str, ...] = ()


def clean(raw: str) -> Cleaned:
    """Remove invisible characters, then outer blanks, then a leading apostrophe (and its partner at the end)."""
    if _plain.fullmatch(raw):
        return Cleaned(raw, raw, raw)
    seen = _invisible.sub("", raw)
    trimmed = _outer.sub("", seen)
    codes = ("invisible_characters",) * (seen != raw) + ("trimmed",) * (trimmed != seen)
    if not trimmed or trimmed[0] not in _APOSTROPHES:
        return Cleaned(raw, trimmed, trimmed, codes, codes)
    bare = trimmed[1:-1] if len(trimmed) > 1 and trimmed[-1] in _APOSTROPHES else trimmed[1:]
    return Cleaned(raw, trimmed, _outer.sub("", bare), (*codes, "apostrophe"), codes)


def narrow(text: str) -> str:
    """Full-width letters, digits, marks and blanks made narrow."""
    return text.translate(_wide) if _has_wide.search(text) else text


def number_text(value: float) -> str:
    """A number cell as its digits: 13800001234.0 gives "13800001234"; a fraction keeps its point."""
    whole = isinstance(value, int) or value.is_integer()
    return f"{int(value):d}" if whole else repr(value)


def repairs_for(field: str, raw: str, codes: Iterable[str], after: str) -> tuple[Repair, ...]:
    """One entry per code, in REPAIR_ORDER, from the text as written to the final value."""
    if not codes:
        return ()
    return tuple(Repair(field, raw, after, code) for code in sorted(set(codes), key=REPAIR_ORDER.index))


def wrong(field: str, cleaned: Cleaned, code: str, message: str, **params: Any) -> Judged[Any]:
    """The verdict on a wrong field: its trimmed text and what trimming repaired."""
    repairs = repairs_for(field, cleaned.raw, cleaned.trim_codes, cleaned.trimmed)
    return Judged(None, cleaned.trimmed, repairs, FieldProblem(field, code, message, params))


def missing(field: str) -> Judged[Any]:
    """The verdict on an empty required field; emptying it was no repair."""
    return Judged(None, "", (), FieldProblem(field, "missing", N_("这一项没有填写")))


def too_long(field: str, cleaned: Cleaned, limit: int = MAX_SHORT) -> Judged[Any]:
    """The verdict on a field over its limit of characters."""
    return wrong(field, cleaned, "too_long", N_("内容太长，最多 %(limit)s 个字"), limit=limit)


def judge_plain(text: str, *, field: str, limit: int = MAX_SHORT) -> Judged[str]:
    """Party, needs and note: trimmed text of at most `limit` characters; an empty one has the value None."""
    cleaned = clean(text)
    if len(cleaned.trimmed) > limit:
        return too_long(field, cleaned, limit)
    if not cleaned.trimmed:
        return Judged(None, "")
    return Judged(cleaned.trimmed, cleaned.trimmed, repairs_for(field, text, cleaned.trim_codes, cleaned.trimmed))
