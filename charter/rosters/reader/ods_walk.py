"""The handlers of one walk over an .ods table."""

from __future__ import annotations

from typing import Protocol

from charter.rosters.reader.cells import DATE, FORMULA, Cell, Row, Span, cell_text, number_cell
from charter.rosters.reader.limits import CELL_CHARACTERS, COLUMNS, ROWS
from charter.rosters.reader.xml import Attributes, make_parser

__all__ = ["OFFICE", "STYLE", "TABLE", "OdsWalk", "whole"]

NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, STYLE, TABLE, TEXT = (f"{NAMES}{word}:1.0 " for word in ("office", "style", "table", "text"))
CELL, COVERED, ROW, TABLE_TAG = TABLE + "table-cell", TABLE + "covered-table-cell", TABLE + "table-row", TABLE + "table"
PARAGRAPH, SHEETS = TEXT + "p", OFFICE + "spreadsheet"
GAPS = {TEXT + "tab": "\t", TEXT + "line-break": "\n"}
# What stands in a cell or a table and is no content of it: comments, drawings, how to pronounce, tracked changes.
ASIDE = frozenset({OFFICE + "annotation", TEXT + "ruby-text", TABLE + "tracked-changes", TABLE + "shapes",
                   TEXT + "note", NAMES + "drawing:1.0 frame", NAMES + "drawing:1.0 custom-shape"})
NUMBERS = frozenset({"float", "percentage", "currency"})


class Wanting(Protocol):
    """The sheet, for the columns that are read."""

    wanted: set[int] | None


def whole(text: str | None, most: int) -> int:
    """A count of repeats or spans: at least 1, at most `most`."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        return 1
    return min(max(int(text), 1), most)


class OdsWalk:
    """Rows of the table with this index among the spreadsheet's tables; `over` once it has ended."""

    def __init__(self, sheet: Wanting, index: int) -> None:
        self.sheet, self.index = sheet, index
        self.done: list[Row] = []
        self.over = False
        self.depth = self.aside = 0
        self.sheet_depth = self.table_depth = -1
        self.tables = -1
        self.row = self.repeat = 0
        self.column = self.columns = 0
        self.cells: dict[int, Cell] = {}
        self.spans: list[Span] = []
        self.matrices: list[tuple[int, int, int]] = []
        self.filled = False
        self.cell: Attributes | None = None
        self.text: list[str] = []
        self.length = 0
        self.parser = make_parser(separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def take(self) -> list[Row]:
        """The rows completed since the last call."""
        ready, self.done = self.done, []
        return ready

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        self.depth += 1
        if self.aside or tag in ASIDE:
            self.aside += 1
        elif tag == SHEETS:
            self.sheet_depth = self.depth
        elif tag == TABLE_TAG and self.depth == self.sheet_depth + 1:
            self.tables += 1
            self.table_depth = self.depth if self.tables == self.index else -1
        elif self.table_depth > 0:
            self.start_inside(tag, attributes)

    def start_inside(self, tag: str, attributes: Attributes) -> None:
        """An element of the table that is read."""
        if tag == ROW:
            self.row += 1
            self.repeat = whole(attributes.get(TABLE + "number-rows-repeated"), 1 << 21)
            self.column, self.cells, self.spans, self.filled = 0, {}, [], False
        elif tag in (CELL, COVERED):
            self.cell, self.text, self.length = attributes, [], 0
            self.columns = whole(attributes.get(TABLE + "number-columns-repeated"), COLUMNS)
        elif tag == PARAGRAPH and self.cell is not None:
            if self.text:
                self.add("\n")
            self.parser.CharacterDataHandler = self.add
        elif tag in GAPS:
            self.add(GAPS[tag])
        elif tag == TEXT + "s":
            self.add(" " * whole(attributes.get(TEXT + "c"), CELL_CHARACTERS))

    def end(self, tag: str) -> None:
        """An element ends."""
        self.depth -= 1
        if self.aside:
            self.aside -= 1
        elif tag == TABLE_TAG and self.depth + 1 == self.table_depth:
            self.table_depth, self.over = -1, True
        elif self.table_depth > 0:
            self.end_inside(tag)

    def end_inside(self, tag: str) -> None:
        """An element of the table that is read."""
        if tag == PARAGRAPH:
            self.parser.CharacterDataHandler = None
        elif tag in (CELL, COVERED) and self.cell is not None:
            self.end_cell(self.cell, covered=tag == COVERED)
            self.cell = None
            self.column += self.columns
        elif tag == ROW:
            self.end_row()

    def add(self, data: str) -> None:
        """Characters of the cell, no more than a cell can hold; those of a comment beside it do not count."""
        if self.length < CELL_CHARACTERS and not self.aside:
            self.text.append(data)
            self.length += len(data)

    def end_cell(self, attributes: Attributes, *, covered: bool) -> None:
        """Keep the cell, as often as it is repeated, where its columns are read."""
        formula = TABLE + "formula" in attributes
        rows, columns = attributes.get(TABLE + "number-rows-spanned"), attributes.get(TABLE + "number-columns-spanned")
        if not covered and (rows or columns):
            last = self.column + whole(columns, COLUMNS) - 1
            self.spans.append(Span(self.column, last, self.row + whole(rows, 1 << 20) - 1))
        if formula and (deep := attributes.get(TABLE + "number-matrix-rows-spanned")) is not None:
            wide = whole(attributes.get(TABLE + "number-matrix-columns-spanned"), COLUMNS)
            self.matrices.append((self.column, self.column + wide - 1, self.row + whole(deep, 1 << 20) - 1))
        cell = "" if covered else self.make_cell(attributes)
        if cell or formula or self.matrices:
            self.keep(cell, formula)

    def keep(self, cell: Cell, formula: bool) -> None:
        """Put the cell into its columns."""
        last = min(self.column + self.columns, COLUMNS)
        wanted = self.sheet.wanted
        within = range(self.column, last) if wanted is None else [at for at in wanted if self.column <= at < last]
        for column in within:
            computed = formula or any(first <= column <= end and self.row <= deep for first, end, deep in self.matrices)
            if computed or cell:
                self.cells[column] = (FORMULA, cell_text(cell)) if computed else cell
        self.filled = self.filled or formula or bool(cell)

    def make_cell(self, attributes: Attributes) -> Cell:
        """The cell by its type."""
        kind = attributes.get(OFFICE + "value-type")
        if kind in NUMBERS:
            return number_cell(attributes.get(OFFICE + "value", ""))
        shown = "".join(self.text)[:CELL_CHARACTERS]
        if kind == "date":
            day = attributes.get(OFFICE + "date-value", "")[:10]
            return (DATE, day) if day else shown
        if kind == "boolean":
            return attributes.get(OFFICE + "boolean-value", shown).upper()
        return shown or attributes.get(OFFICE + "string-value", "")[:CELL_CHARACTERS]

    def end_row(self) -> None:
        """Hand the row on, as often as it is repeated; no more often than is read of a file."""
        self.matrices = [matrix for matrix in self.matrices if matrix[2] > self.row]
        spans = tuple(self.spans)
        if self.filled or spans:
            for number in range(self.row, self.row + min(self.repeat, ROWS + 1)):
                self.done.append(Row(number, self.cells, self.filled, spans))
        self.row += self.repeat - 1
