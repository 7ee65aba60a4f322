"""The reader's language: Chinese message ids in code and templates, English in each room's translations/en.po."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.messages.pofile import read_po

from charter.core import clock

__all__ = ["LANGUAGES", "N_", "_", "catalogue", "date_words", "day", "gettext", "hour", "language", "moment",
           "reading", "use"]

LANGUAGES = {"zh": "中文", "en": "English"}
ROOMS = Path(__file__).resolve().parent.parent
_language: ContextVar[str] = ContextVar("charter_language", default="zh")


def language() -> str:
    """'zh' or 'en'."""
    return _language.get()


def use(code: str) -> None:
    """Read in this language from here on (in this request)."""
    _language.set(code if code in LANGUAGES else "zh")


@contextmanager
def reading(code: str) -> Iterator[None]:
    """Read in a language inside the block."""
    token = _language.set(code if code in LANGUAGES else "zh")
    try:
        yield
    finally:
        _language.reset(token)


@cache
def catalogue() -> dict[str, str]:
    """Chinese message id -> English, of all rooms."""
    found: dict[str, str] = {}
    for path in sorted(ROOMS.glob("*/translations/en.po")):
        with path.open("rb") as file:
            found.update({str(entry.id): str(entry.string) for entry in read_po(file, locale="en")
                          if entry.id and entry.string})
    return found


def gettext(message: str, **params: Any) -> str:
    """The message in the reader's language, its %(name)s places filled."""
    words = catalogue().get(message, message) if language() == "en" else message
    return words % params if params else words.replace("%%", "%")


_ = gettext


def N_(message: str) -> str:  # noqa: N802 - the name that extractors know
    """Mark a constant as a message id; it is translated where it is shown."""
    return message


WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
RELATIVE = {-1: N_("昨天"), 0: N_("今天"), 1: N_("明天"), 2: N_("后天")}


def day(value: date) -> str:
    """'2月12日 周四 · 明天' or 'Thu 12 Feb · tomorrow'."""
    if language() == "en":
        words = format_date(value, "EEE d MMM", locale="en_GB")
    else:
        words = f"{value.month}月{value.day}日 {WEEKDAYS[value.weekday()]}"
    near = RELATIVE.get((value - clock.today()).days)
    return f"{words} · {gettext(near)}" if near else words


def date_words(value: date) -> str:
    """'2月12日 周四' or 'Thu 12 Feb', for ranges."""
    return day(value).partition(" · ")[0]


def hour(value: datetime) -> str:
    """'06:40' on the campaign's clock."""
    return clock.local(value).strftime("%H:%M")


def moment(value: datetime) -> str:
    """'2月12日 周四 06:40 · 明天'."""
    words, dot, near = day(clock.local(value).date()).partition(" · ")
    return f"{words} {hour(value)}{dot}{near}"
