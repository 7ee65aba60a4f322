"""Mobile phones of the Chinese mainland: 11 digits, 1[3-9]."""

from __future__ import annotations

from charter.people.rules.judged import Judged

__all__ = ["canonical", "judge_phone", "last_four"]


def judge_phone(text: str, *, field: str = "phone") -> Judged[str]:
    """Problems `missing`, `too_long`, `phone_invalid`; repairs besides the common ones `separator`, `country_prefix`,
    `float_text`. A number cell is given as `text.number_text` writes it."""
    raise NotImplementedError


def canonical(phone: str) -> str:
    """The form that is hashed: "+86" and the 11 digits of a judged phone."""
    raise NotImplementedError


def last_four(phone: str) -> str:
    """What a volunteer may ask for."""
    raise NotImplementedError
