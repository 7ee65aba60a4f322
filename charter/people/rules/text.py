"""Cleaning that every typed field gets first, in one fixed order, with the repair codes of the roster contract."""

from __future__ import annotations

from dataclasses import dataclass

from charter.core.problems import FieldProblem, Repair

__all__ = ["MAX_LONG", "MAX_SHORT", "REPAIR_ORDER", "Cleaned", "clean", "judge_plain", "missing", "number_text", "repairs_for",
           "too_long"]

from charter.people.rules.judged import Judged

MAX_SHORT = 200  # characters of any field
MAX_LONG = 1000  # characters of a note or of special needs
REPAIR_ORDER: tuple[str, ...] = (
    "invisible_characters", "trimmed", "apostrophe", "full_width", "separator", "country_prefix", "float_text", "upper_x",
    "id_15_to_18", "name_spacing", "name_dot", "excel_serial", "date_format", "origin_completed",
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`raw` as written, `trimmed` without outer blanks and invisible characters, `text` also without a leading
    apostrophe and with full-width letters and digits made narrow; `codes` are the repairs that made `text`, and
    `trim_codes` those of them that made `trimmed`."""

    raw: str
    trimmed: str
    text: str
    codes: tuple[str, ...]
    trim_codes: tuple[str, ...]


def clean(raw: str) -> Cleaned:
    """Remove invisible characters and outer blanks, then the apostrophe and the full width."""
    raise NotImplementedError


def number_text(value: float) -> str:
    """A number cell as its digits: 13800001234.0 gives "13800001234"; a fraction keeps its point."""
    raise NotImplementedError


def repairs_for(field: str, cleaned: Cleaned, codes: tuple[str, ...], after: str) -> tuple[Repair, ...]:
    """One entry per code in REPAIR_ORDER, from the text as written to the final value."""
    raise NotImplementedError


def missing(field: str) -> FieldProblem:
    """The problem of an empty required field."""
    raise NotImplementedError


def too_long(field: str, limit: int = MAX_SHORT) -> FieldProblem:
    """The problem of a field over its limit of characters."""
    raise NotImplementedError


def judge_plain(text: str, *, field: str, limit: int = MAX_SHORT) -> Judged[str]:
    """Party, needs and note: trimmed text of at most `limit` characters; an empty one has the value None."""
    raise NotImplementedError
