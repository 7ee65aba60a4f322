"""One sheet of an .xlsx file, read as a stream: memory for one row, whatever size the sheet claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from charter.rosters.reader.cells import DATE, FORMULA, Cell, Row, Span, cell_text, number_cell, serial_day
from charter.rosters.reader.limits import CELL_CHARACTERS, COLUMNS, Refusal
from charter.rosters.reader.strings import SharedStrings, unescape
from charter.rosters.reader.xml import Attributes, elements, feed, make_parser, prefix_of
from charter.rosters.reader.zips import Parts

__all__ = ["Shared", "XlsxSheet", "area", "column_number"]

REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?\Z")
DIGITS = "0123456789"


@dataclass
class Shared:
    """What the sheets of a book have in common; the strings are read at their first use."""

    strings: Callable[[], SharedStrings]
    dates: bytearray
    epoch_1904: bool

    @cached_property
    def texts(self) -> SharedStrings:
        """The shared strings."""
        return self.strings()


def column_number(letters: str) -> int:
    """A is 0, XFD is 16383."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def area(reference: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row, last column of 'B2:C5' or 'B2'; None for anything else."""
    match = REFERENCE.match(reference)
    if match is None:
        return None
    row, column = int(match[2]), column_number(match[1])
    if match[3] is None:
        return row, column, row, column
    return row, column, int(match[4]), column_number(match[3])


class XlsxSheet:
    """A worksheet part; `rows` may be walked once or again."""

    def __init__(self, name: str, hidden: bool, parts: Parts, part: str, shared: Shared) -> None:
        self.name, self.hidden = name, hidden
        self.wanted: set[int] | None = None
        self.parts, self.part, self.shared = parts, part, shared
        self.scanned: tuple[bool, int] | None = None

    def rows(self) -> Iterator[Row]:
        """The rows with content or merges."""
        walk = _Walk(self, self._merges())
        for _ in feed(walk.parser, self.parts.chunks(self.part)):
            if walk.done:
                ready, walk.done = walk.done, []
                yield from ready

    def _merges(self) -> dict[int, list[Span]]:
        """Merged areas by first row. They stand after the cells that they cover, so they are looked for first; most
        sheets have none, which the bytes alone tell."""
        found: dict[int, list[Span]] = {}

        def seen(tag: str, attributes: Attributes) -> None:
            if tag == "mergeCell" and (place := area(attributes.get("ref", ""))) is not None:
                first_row, first_column, last_row, last_column = place
                found.setdefault(first_row, []).append(Span(first_column, last_column, last_row))

        if self._scanned()[0]:
            elements(self.parts.chunks(self.part), seen)
        return found

    def about(self) -> int:
        """Row elements, the blank ones too."""
        return self._scanned()[1]

    def _scanned(self) -> tuple[bool, int]:
        """Whether there may be merged cells, and how many rows there are at most: by the bytes alone."""
        if self.scanned is None:
            tail, merges, rows = b"", False, 0
            for chunk in self.parts.chunks(self.part):
                joined = tail + chunk
                merges = merges or b"mergeCell" in joined or (not tail and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"))
                rows += joined.count(b"</row>") + joined.count(b":row>")
                tail = chunk[-16:].rpartition(b">")[2]
            self.scanned = merges, rows
        return self.scanned


class _Walk:
    """The handlers of one walk over a sheet, and the row and cell at hand."""

    __slots__ = (
        "arrays",
        "buffer",
        "cell_tag",
        "cells",
        "column",
        "columns",
        "done",
        "f_tag",
        "filled",
        "formula",
        "kind",
        "length",
        "letters",
        "merges",
        "parser",
        "phonetic",
        "phonetic_tag",
        "prefix",
        "row",
        "row_tag",
        "shared",
        "sheet",
        "style",
        "t_tag",
        "v_tag",
        "value",
    )

    def __init__(self, sheet: XlsxSheet, merges: dict[int, list[Span]]) -> None:
        self.sheet, self.shared, self.merges = sheet, sheet.shared, merges
        self.done: list[Row] = []
        self.row = self.length = self.phonetic = 0
        self.column = -1
        self.cells: dict[int, Cell] = {}
        self.columns: dict[str, int] = {}  # letters -> number, filled as they appear
        self.arrays: list[tuple[int, int, int, int]] = []
        self.buffer: list[str] = []
        self.filled = self.formula = False
        self.value: str | None = None
        self.prefix: str | None = None
        self.parser = make_parser()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins; the two of every cell come first."""
        if self.prefix is None:
            self.learn_prefix(tag)
        elif tag == self.cell_tag:
            self.begin_cell(attributes)
        elif tag == self.v_tag or tag == self.t_tag:
            if not self.phonetic:
                self.buffer, self.length = [], 0
                self.parser.CharacterDataHandler = self.text
        elif tag == self.row_tag:
            self.begin_row(attributes)
        elif tag == self.f_tag:
            self.begin_formula(attributes)
        elif tag == self.phonetic_tag:
            self.phonetic += 1

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == self.cell_tag:
            if self.value is not None or self.formula or self.arrays:
                self.end_cell()
        elif tag == self.v_tag or tag == self.t_tag:
            self.parser.CharacterDataHandler = None
            if not self.phonetic:
                text = "".join(self.buffer)
                self.value = text if self.value is None else self.value + text
        elif tag == self.row_tag:
            self.end_row()
        elif tag == self.phonetic_tag:
            self.phonetic -= 1

    def text(self, data: str) -> None:
        """Characters of a value; no more of them are kept than a cell can hold."""
        if self.length < CELL_CHARACTERS:
            self.buffer.append(data)
            self.length += len(data)

    def learn_prefix(self, root: str) -> None:
        """Some programs write <x:c> for <c>: the root element shows it."""
        self.prefix = prefix_of(root)
        self.cell_tag, self.v_tag, self.t_tag, self.row_tag, self.f_tag, self.phonetic_tag = (
            self.prefix + name for name in ("c", "v", "t", "row", "f", "rPh"))

    def begin_row(self, attributes: Attributes) -> None:
        """Rows without a number follow the row above; numbers that go back are damage."""
        number = attributes.get("r")
        before = self.row
        self.row = before + 1 if number is None else _row_number(number)
        if self.row <= before:
            raise Refusal("damaged")
        self.column, self.filled, self.cells = -1, False, {}
        if self.arrays:
            self.arrays = [place for place in self.arrays if place[2] >= self.row]

    def begin_cell(self, attributes: Attributes) -> None:
        """A cell without a reference stands right of the one before."""
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            letters = reference.rstrip(DIGITS)
            column = self.columns.get(letters)
            self.column = self.new_column(letters) if column is None else column
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s")
        self.value, self.formula = None, False

    def new_column(self, letters: str) -> int:
        """The number of a column seen for the first time."""
        bare = letters.replace("$", "")
        if not (bare.isascii() and bare.isalpha() and len(bare) <= 3):
            raise Refusal("damaged")
        self.columns[letters] = number = column_number(bare)
        return number

    def begin_formula(self, attributes: Attributes) -> None:
        """An array formula fills an area, whose other cells hold values only."""
        self.formula = True
        if attributes.get("t") in ("array", "dataTable") and (place := area(attributes.get("ref", ""))) is not None:
            self.arrays.append(place)

    def end_cell(self) -> None:
        """Keep the cell where its column is read."""
        row, column = self.row, self.column
        if self.arrays and any(place[0] <= row <= place[2] and place[1] <= column <= place[3] for place in self.arrays):
            self.formula = True
        elif self.value is None and not self.formula:
            return
        wanted = self.sheet.wanted
        if wanted is not None and column not in wanted:
            self.filled = self.filled or self.formula or bool(self.value)
        elif column < COLUMNS:
            cell = self.make_cell(self.value or "")
            if self.formula:
                cell = (FORMULA, cell_text(cell))
            if cell:
                self.cells[column] = cell
                self.filled = True

    def make_cell(self, value: str) -> Cell:
        """The cell by its type."""
        if self.kind == "s":
            return self.shared.texts.text(int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else ""
        if self.kind == "n":
            return self.number(value) if value else ""
        if self.kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if self.kind == "d":
            return (DATE, value[:10])
        return unescape(value[:CELL_CHARACTERS])

    def number(self, value: str) -> Cell:
        """A number, or a day where the cell's style shows one."""
        cell = number_cell(value)
        if self.style is None or isinstance(cell, str):
            return cell
        dates = self.shared.dates
        style = int(self.style) if self.style.isascii() and self.style.isdigit() and len(self.style) < 8 else 0
        if style < len(dates) and dates[style] and (day := serial_day(float(value), self.shared.epoch_1904)):
            return (DATE, day)
        return cell

    def end_row(self) -> None:
        """Hand the row on where it holds anything."""
        spans = tuple(self.merges.pop(self.row, ())) if self.merges else ()
        if self.filled or spans:
            self.done.append(Row(self.row, self.cells, self.filled, spans))


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise Refusal("damaged")
    return int(text)
