"""Unified social credit codes (GB 32100-2015) of employers."""

from __future__ import annotations

import re

from charter.core.i18n import N_
from charter.people.rules.judged import Judged
from charter.people.rules.text import BLANKS, HYPHENS, MAX_SHORT, clean, narrow, repairs_for, too_long, wrong

__all__ = ["ALPHABET", "check_character", "judge_credit_code"]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 characters: I, O, S, V and Z are left out
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
# 1 registering body, 2 kind, 3-8 region, 9-17 organization code, 18 check. Any of the 31 may be the body: N (farming)
# and Y (other) are in use, and the list grows.
_form = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_separator = re.compile(f"[{BLANKS}{HYPHENS}]+")


def judge_credit_code(text: str, *, field: str = "credit_code") -> Judged[str]:
    """An empty code has the value None (small shops have none at hand). Problems: `too_long`, `credit_code_invalid`
    (length or letters), `credit_code_checksum`."""
    cleaned = clean(text)
    if not cleaned.text:
        return Judged(None, "")
    if len(cleaned.trimmed) > MAX_SHORT:
        return too_long(field, cleaned)
    joined = _separator.sub("", cleaned.text)
    narrowed = narrow(joined)
    code = narrowed.upper()
    if not _form.fullmatch(code):
        return wrong(field, cleaned, "credit_code_invalid",
                     N_("统一社会信用代码是 18 位数字和大写字母，不含 I、O、S、V、Z"))
    if check_character(code[:17]) != code[17]:
        return wrong(field, cleaned, "credit_code_checksum", N_("统一社会信用代码有误，请对照营业执照核对"))
    done = {"separator": joined != cleaned.text, "full_width": narrowed != joined, "upper_x": code != narrowed}
    codes = (*cleaned.codes, *(name for name, changed in done.items() if changed))
    return Judged(code, cleaned.trimmed, repairs_for(field, text, codes, code))


def check_character(first17: str) -> str:
    """The 18th character of a code: 31 minus the sum of value times 3^place, mod 31 (GB 32100-2015, 4.6)."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]
