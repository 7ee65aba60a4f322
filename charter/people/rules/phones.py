"""Mobile phones of the Chinese mainland: 11 digits, 1[3-9]."""

from __future__ import annotations

import re

from charter.core.i18n import N_
from charter.people.rules.judged import Judged
from charter.people.rules.text import (
    BLANKS,
    HYPHENS,
    MAX_SHORT,
    Cleaned,
    clean,
    missing,
    narrow,
    repairs_for,
    too_long,
    wrong,
)

__all__ = ["canonical", "judge_phone", "last_four"]

_mobile = re.compile(r"1[3-9][0-9]{9}")
_outer_hyphen = re.compile(f"^[{HYPHENS}]|[{HYPHENS}]$")
_separator = re.compile(f"[{BLANKS}{HYPHENS}]+")
_dotted = re.compile(r"(?<=[0-9]{3})\.(?=[0-9]{4}\.[0-9]{4}$)|(?<=[0-9]{3}\.[0-9]{4})\.(?=[0-9]{4}$)")
_prefix = re.compile(r"\((?:\+|00)?86\)|(?:\+|00)86|86(?=1[0-9]{10}(?:$|\.))")
_float = re.compile(r"^([0-9]{11})\.0+$")
_scientific = re.compile(r"^([1-9])\.([0-9]{10})[Ee]\+?10$")


def judge_phone(text: str, *, field: str = "phone") -> Judged[str]:
    """Problems `missing`, `too_long`, `phone_invalid`; repairs besides the common ones `separator`, `country_prefix`,
    `float_text`. A number cell is given as `text.number_text` writes it."""
    cleaned = clean(text)
    if not cleaned.text:
        return missing(field)
    if len(cleaned.trimmed) > MAX_SHORT:
        return too_long(field, cleaned)
    codes = list(cleaned.codes)
    number = cleaned.text if _mobile.fullmatch(cleaned.text) else _repaired(cleaned, codes)
    if not _mobile.fullmatch(number):
        return wrong(field, cleaned, "phone_invalid", N_("请填写一个 11 位的中国大陆手机号码"))
    return Judged(number, cleaned.trimmed, repairs_for(field, text, codes, number))


def canonical(phone: str) -> str:
    """The form that is hashed: "+86" and the 11 digits of a judged phone."""
    return f"+86{phone}"


def last_four(phone: str) -> str:
    """What a volunteer may ask for."""
    return phone[-4:]


def _repaired(cleaned: Cleaned, codes: list[str]) -> str:
    """The number without separators, width, country prefix and decimal point; `codes` gets what was done."""
    if _outer_hyphen.search(cleaned.text):
        return ""
    joined = _separator.sub("", cleaned.text)
    narrowed = narrow(joined)
    undotted = _dotted.sub("", narrowed)
    bare = _prefix.sub("", undotted, count=1) if _prefix.match(undotted) else undotted
    number = _float.sub(r"\1", _scientific.sub(r"\1\2", bare))
    done = {"separator": joined != cleaned.text or undotted != narrowed, "full_width": narrowed != joined,
            "country_prefix": bare != undotted, "float_text": number != bare}
    codes += [code for code, changed in done.items() if changed]
    return number
