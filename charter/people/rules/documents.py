"""Identity documents: GB 11643 resident IDs, permits of Hong Kong, Macao and Taiwan people, permanent-resident cards,
travel permits, passports, birth certificates.

The region part of a number is never judged: it says where the household was when the number was given, and tables of
counties by year reject most real workers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal, cast

from charter.core.i18n import N_
from charter.people.rules.document_words import BY_FORM, declared_kind
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

__all__ = [
    "CHILD_BELOW", "ID_TYPES", "Document", "IdType", "age", "birth_date", "canonical", "check_character", "is_child",
    "judge_id", "last_four",
]

IdType = Literal["resident_id", "hmt_permit", "permanent_resident", "travel_permit", "passport", "birth_certificate"]
ID_TYPES: tuple[IdType, ...] = ("resident_id", "hmt_permit", "permanent_resident", "travel_permit", "passport",
                                "birth_certificate")
CHILD_BELOW = 14  # years: below, a guardian consents (personal data law, article 31)
FIRST_BIRTH = date(1900, 1, 1)

_MESSAGES = {
    "id_lost_digits": N_("表格软件改掉了证件号码的末几位，无法找回。请把这一列设为文本格式，重新填写完整的号码"),
    "id_type_unknown": N_("看不出是哪一种证件，请核对证件类型和号码"),
    "id_length": N_("证件号码的位数或写法不对"),
    "id_birthdate": N_("证件号码里的出生日期不对"),
    "id_checksum": N_("证件号码有误，请对照证件逐位核对"),
}
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ZEROS = ord("0") * sum(_WEIGHTS)
_CHECK = "10X98765432"  # by remainder of the weighted sum mod 11

_separator = re.compile(f"[{BLANKS}{HYPHENS}]+")
_outer_hyphen = re.compile(f"^[{HYPHENS}]|[{HYPHENS}]$")
_float = re.compile(r"([0-9]+)\.0+")
_scientific = re.compile(r"[0-9]+(?:\.[0-9]+)?E\+?[0-9]{1,3}")
_whole_part = re.compile(r"[0-9]+")
_LOST_FROM = 16  # digits: a spreadsheet's number holds 15

# Without a declared type, the first form that fits (roster contract, Judging).
_FORMS: tuple[tuple[IdType, re.Pattern[str]], ...] = (
    ("hmt_permit", re.compile(r"8[123].{16}")),
    ("permanent_resident", re.compile(r"9.{17}|[A-Z]{3}[0-9]{12}")),
    ("travel_permit", re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})")),
    ("passport", re.compile(r"[A-Z]{1,2}[0-9]{7,8}")),
    ("resident_id", re.compile(r"(?=.{9,20}$)[0-9]*X?[0-9]*")),
)
_modern = re.compile(r"[0-9]{17}[0-9X]")
_old_resident = re.compile(r"[0-9]{15}")
# The whole form of documents that have no check character.
_PLAIN_FORMS: dict[str, re.Pattern[str]] = {
    "travel_permit": re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})|[0-9]{8}"),
    "travel_permit:hm": re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})"),
    "travel_permit:tw": re.compile(r"[0-9]{8}"),
    "passport": re.compile(r"[A-Z0-9]{5,17}"),
    "birth_certificate": re.compile(r"[A-Z][0-9]{9}"),
}
_old_card = re.compile(r"[A-Z]{3}[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Document:
    """A judged document: its type and its number after repair, letters in upper case."""

    id_type: IdType
    number: str


def judge_id(text: str, declared_type: str | None = None, *, today: date, numeric: bool = False,
             field: str = "id_number") -> Judged[Document]:
    """Judge a document number as written.

    `declared_type` is a 证件类型 cell as written, or one of ID_TYPES; it wins over the form. `numeric` says that the
    text stood in a number cell (written by `text.number_text`): from 16 digits on its last digits are lost.
    Problems, the first that fits: `missing`, `too_long`, `id_lost_digits`, `id_type_unknown`, `id_length`,
    `id_birthdate`, `id_checksum` (`formula` is the reader's). Repairs besides the common ones: `separator`,
    `float_text`, `upper_x` (also other letters put in upper case), `id_15_to_18`.
    """
    cleaned = clean(text)
    if not cleaned.text:
        return missing(field)
    if len(cleaned.trimmed) > MAX_SHORT:
        return too_long(field, cleaned)
    codes = list(cleaned.codes)
    number = _normal(cleaned, codes)
    kind = _declared(declared_type)
    if _digits_lost(cleaned, number, numeric, kind):
        return wrong(field, cleaned, "id_lost_digits", _MESSAGES["id_lost_digits"])
    if kind == BY_FORM:
        kind = next((name for name, form in _FORMS if form.fullmatch(number)), None)
    code = "id_type_unknown" if kind is None else _fault(kind, number, today)
    if kind is None or code is not None:
        code = code or "id_type_unknown"
        return wrong(field, cleaned, code, _MESSAGES[code])
    id_type = cast(IdType, kind.partition(":")[0])
    if id_type == "resident_id" and len(number) == 15:
        number = _upgraded(number)
        codes.append("id_15_to_18")
    return Judged(Document(id_type, number), cleaned.trimmed, repairs_for(field, text, codes, number))


def check_character(first17: str) -> str:
    """The 18th character of a number by GB 11643 (ISO 7064 MOD 11-2): a digit or X."""
    return _CHECK[(sum(map(mul, first17.encode(), _WEIGHTS)) - _ZEROS) % 11]


def canonical(id_type: str, number: str) -> str:
    """The normal form that identifies: 18 digits with X upper; the first nine of an H or M travel permit. Two numbers
    of one person's document give one form. The keyed hash is taken over type and this form."""
    upper = narrow(number).upper()
    if id_type == "resident_id" and _old_resident.fullmatch(upper):
        return _upgraded(upper)
    if id_type == "travel_permit" and upper[:1] in ("H", "M"):
        return upper[:9]
    return upper


def birth_date(id_type: str, number: str) -> date | None:
    """The birth date that a number of 18 characters holds, else None."""
    if id_type not in ("resident_id", "hmt_permit", "permanent_resident") or not _modern.fullmatch(number):
        return None
    return _date(number[6:14])


def age(born: date, on: date) -> int:
    """Whole years lived on that day; somebody born on 29 February grows older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_child(id_type: str, number: str, on: date) -> bool | None:
    """Whether the person is under 14 on that day (personal data law: a guardian consents); None where the number
    holds no birth date. A birth certificate always is a child's."""
    if id_type == "birth_certificate":
        return True
    born = birth_date(id_type, number)
    return None if born is None else age(born, on) < CHILD_BELOW


def last_four(number: str) -> str:
    """The last four characters, the only part that lists may show."""
    return number[-4:]


def _normal(cleaned: Cleaned, codes: list[str]) -> str:
    """Without separators, width and decimal point, letters upper; `codes` gets what was done."""
    text = cleaned.text
    if text.isdigit() and text.isascii():
        return text
    joined = text if _outer_hyphen.search(text) else _separator.sub("", text)  # a sign stands before a number
    narrowed = narrow(joined)
    whole = _float.sub(r"\1", narrowed) if _float.fullmatch(narrowed) else narrowed
    upper = whole.upper()
    done = {"separator": joined != text, "full_width": narrowed != joined, "float_text": whole != narrowed,
            "upper_x": upper != whole}
    codes += [code for code, changed in done.items() if changed]
    return upper


def _declared(text: str | None) -> str | None:
    """The kind that the 证件类型 cell names: BY_FORM for an empty one, None for one that nobody knows."""
    shown = clean(text).text if text else ""
    return declared_kind(shown) if shown else BY_FORM


def _digits_lost(cleaned: Cleaned, number: str, numeric: bool, kind: str | None) -> bool:
    """Whether the number went through a spreadsheet's float: 16 digits or more in a number cell, scientific notation
    (which a declared passport like 12345E10 is not), or a decimal point after 16 digits that a float can hold."""
    if _scientific.fullmatch(number) and (kind != "passport" or "." in number or "+" in number):
        return True
    whole = _whole_part.match(number)
    if whole is None or len(whole[0]) < _LOST_FROM:
        return False
    pointed = number != cleaned.text and _float.fullmatch(narrow(_separator.sub("", cleaned.text)))
    return numeric or bool(pointed and _rounded(whole[0]))


def _rounded(digits: str) -> bool:
    """Whether these digits, 16 or more, are what a float leaves of a number: a multiple of its step, or 15 digits and
    zeros."""
    return digits.endswith("000") or int(float(digits)) == int(digits)


def _fault(kind: str, number: str, today: date) -> str | None:
    """What is wrong with a number of this kind, as a problem code; None if it is right."""
    if kind in _PLAIN_FORMS:
        return None if _PLAIN_FORMS[kind].fullmatch(number) else "id_length"
    if kind == "permanent_resident" and _old_card.fullmatch(number):
        return None
    if kind == "resident_id" and _old_resident.fullmatch(number):
        return None if _born(f"19{number[6:12]}", today) and number[12:] < "996" else "id_birthdate"
    if len(number) != 18:
        return "id_length"
    if not _born(number[6:14], today):
        return "id_birthdate"
    right = _modern.fullmatch(number) and check_character(number[:17]) == number[17]
    return None if right else "id_checksum"


def _upgraded(number: str) -> str:
    """15 digits to 18: the century 19 and the check character (orders 996 to 999 were people born before 1900)."""
    first17 = f"{number[:6]}19{number[6:]}"
    return first17 + check_character(first17)


def _born(text: str, today: date) -> bool:
    """Whether eight characters are a day from 1900-01-01 to today."""
    day = _date(text)
    return day is not None and FIRST_BIRTH <= day <= today


def _date(text: str) -> date | None:
    """The day that eight digits YYYYMMDD write, or None."""
    if not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
