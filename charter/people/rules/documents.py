"""Identity documents: GB 11643 resident IDs, permits of Hong Kong, Macao and Taiwan people, permanent-resident cards,
travel permits, passports, birth certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from charter.people.rules.judged import Judged

__all__ = ["ID_TYPES", "Document", "IdType", "birth_date", "canonical", "check_character", "is_child", "judge_id", "last_four"]

IdType = Literal["resident_id", "hmt_permit", "permanent_resident", "travel_permit", "passport", "birth_certificate"]
ID_TYPES: tuple[IdType, ...] = ("resident_id", "hmt_permit", "permanent_resident", "travel_permit", "passport",
                                "birth_certificate")


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
    `float_text`, `upper_x`, `id_15_to_18`.
    """
    raise NotImplementedError


def check_character(first17: str) -> str:
    """The 18th character of a number by GB 11643 (ISO 7064 MOD 11-2): a digit or X."""
    raise NotImplementedError


def canonical(id_type: str, number: str) -> str:
    """The normal form that identifies: 18 digits with X upper; the first nine of an H or M travel permit. Two numbers
    of one person's document give one form. The keyed hash is taken over type and this form."""
    raise NotImplementedError


def birth_date(id_type: str, number: str) -> date | None:
    """The birth date that a number of 18 characters holds, else None."""
    raise NotImplementedError


def is_child(id_type: str, number: str, on: date) -> bool | None:
    """Whether the person is under 14 on that day (personal data law: a guardian consents); None where the number
    holds no birth date."""
    raise NotImplementedError


def last_four(number: str) -> str:
    """The last four characters, the only part that lists may show."""
    raise NotImplementedError
