"""A person's name as printed on the document: Han characters with the middle dot, or Latin letters."""

from __future__ import annotations

import re
import unicodedata

from charter.core.i18n import N_
from charter.people.rules.judged import Judged
from charter.people.rules.text import BLANKS, MAX_SHORT, Cleaned, clean, missing, narrow, repairs_for, too_long, wrong

__all__ = ["MAX_NAME", "judge_name"]

MAX_NAME = 50  # characters, the dots counted

# Unified ideographs with all extensions (to J), the compatibility ideographs and the round zero of names.
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufad9\U00020000-\U0002fa1f\U00030000-\U0003347f"
# What lists hold in place of U+00B7: bullets, operators, katakana dots, circles, full stops.
_DOTS = (
    ".\u0387\u16eb\u2022\u2024\u2027\u2218\u2219\u22c5\u25cb\u25cf\u25e6\u26ab\u2981\u2e31\u2e33\u3002\u30fb\ua78f"
    "\u02d9\u1427\u2b24\u2e30\u318d\ufe52\uff0e\uff61\uff65\U00010101"
)
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"

_INVALID = N_("姓名只能是 1 到 %(limit)s 个汉字（可带间隔号 ·），或者外文字母")

_has_han = re.compile(f"[{_HAN}]")
_han_name = re.compile(f"[{_HAN}]+(?:·[{_HAN}]+)*")
_latin_name = re.compile(f"[{_LATIN}][{_LATIN} '\u2019-]*")
_blank = re.compile(f"[{BLANKS}]+")
_other_dot = re.compile(f"(?<=[{_HAN}])[{_DOTS}](?=[{_HAN}])")


def judge_name(text: str, *, field: str = "name") -> Judged[str]:
    """Problems `missing`, `too_long`, `name_invalid`; repairs besides the common ones `name_spacing`, `name_dot`."""
    cleaned = clean(text)
    if not cleaned.text:
        return missing(field)
    if len(cleaned.trimmed) > MAX_SHORT:
        return too_long(field, cleaned)
    codes = list(cleaned.codes)
    name = _han(cleaned, codes) if _has_han.search(cleaned.text) else _latin(cleaned, codes)
    if name is None or len(name) > MAX_NAME:
        return wrong(field, cleaned, "name_invalid", _INVALID, limit=MAX_NAME)
    return Judged(name, cleaned.trimmed, repairs_for(field, text, codes, name))


def _han(cleaned: Cleaned, codes: list[str]) -> str | None:
    """A Chinese name without blanks, every dot between two characters as U+00B7; None if anything else is in it."""
    if _han_name.fullmatch(cleaned.text):
        return cleaned.text
    joined = _blank.sub("", cleaned.text)
    dotted = _other_dot.sub("·", joined)
    codes += ["name_spacing"] * (joined != cleaned.text) + ["name_dot"] * (dotted != joined)
    return dotted if _han_name.fullmatch(dotted) else None


def _latin(cleaned: Cleaned, codes: list[str]) -> str | None:
    """A name in Latin letters, one ordinary blank between its words; None if anything else is in it."""
    spaced = _blank.sub(" ", cleaned.text)
    narrowed = narrow(spaced)
    codes += ["name_spacing"] * (spaced != cleaned.text) + ["full_width"] * (narrowed != spaced)
    name = unicodedata.normalize("NFC", narrowed)
    return name if _latin_name.fullmatch(name) else None
