"""What every kind of file is turned into: sheets of rows of cells.

A text cell is a `str`; any other is a pair of its kind and its text: ("n", digits) a number cell, ("d", ISO date) a
date cell, ("f", cached text) a formula. Rows count from 1, as the spreadsheet program shows them, columns from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from charter.people.rules.text import clean, number_text
from charter.rosters.reader.limits import CELL_CHARACTERS

__all__ = ["DATE", "EPOCH_1900", "EPOCH_1904", "FORMULA", "NUMBER", "Book", "Cell", "Row", "Sheet", "Span",
           "cell_text", "is_blank", "is_date_format", "number_cell", "serial_day"]

NUMBER, DATE, FORMULA = "n", "d", "f"
EPOCH_1900, EPOCH_1904 = "1899-12-30", "1904-01-01"  # day 0 of serial numbers
Cell = str | tuple[str, str]


class Span(NamedTuple):
    """A merged area, by its first row: it stands in `Row.spans` of that row."""

    first_column: int
    last_column: int
    last_row: int


class Row(NamedTuple):
    """One row with content or merges. `filled` says that some cell holds something, read or not."""

    number: int
    cells: dict[int, Cell]
    filled: bool
    spans: tuple[Span, ...] = ()


class Sheet(Protocol):
    """One sheet of a book. `wanted` is None until the header is known; then cells of other columns may be left out."""

    name: str
    hidden: bool
    wanted: set[int] | None

    def rows(self) -> Iterator[Row]:
        """The rows from top to bottom, their numbers ascending; raises `Refusal`."""
        ...

    def about(self) -> int:
        """How many rows there are, near enough for a bar of progress; raises `Refusal`."""
        ...


class Book(NamedTuple):
    """A file that was opened. `epoch` is the ISO date of the workbook's own day 0; `plain_text` a file without cell
    types."""

    sheets: list[Sheet]
    epoch: str = EPOCH_1900
    plain_text: bool = False


def cell_text(cell: Cell | None) -> str:
    """What the cell shows, near enough; "" for none."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else cell[1]


def is_blank(cell: Cell | None) -> bool:
    """Whether nobody could see anything in the cell; a formula is never blank."""
    if cell is None or cell == "":
        return True
    if not isinstance(cell, str):
        return False
    return not cell[0].isalnum() and not clean(cell[:CELL_CHARACTERS]).trimmed


def number_cell(raw: str) -> Cell:
    """A number cell from its text in the file: digits where it is whole, as text where it is none."""
    raw = raw.strip()
    if raw.isascii() and raw.isdigit() and (raw[0] != "0" or raw == "0"):
        return (NUMBER, raw)
    try:
        value = float(raw)
    except ValueError:
        return raw
    return (NUMBER, number_text(value)) if value - value == 0 else raw


def serial_day(value: float, epoch_1904: bool) -> str | None:
    """The ISO date of a serial number, without its time of day; None before day 1 and after 9999."""
    if not 1 <= value < 2_958_466:
        return None
    days = int(value)
    if epoch_1904:
        return (date(1904, 1, 1) + timedelta(days=days)).isoformat() if days < 2_957_004 else None
    # Day 60 is 1900-02-29, which never was: days before it count from one day later.
    return (date(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)).isoformat()


BUILT_IN_DATES = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58})
NOT_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def is_date_format(number: int, code: str | None) -> bool:
    """Whether a number format shows a day (ECMA-376 part 1, 18.8.30; 27 to 58 are the Chinese built-in ones)."""
    if code is None:
        return number in BUILT_IN_DATES
    letters = NOT_LETTERS.sub("", code.split(";")[0]).lower()
    if "general" in letters:
        return False
    return "y" in letters or "d" in letters or ("m" in letters and "h" not in letters and "s" not in letters)
