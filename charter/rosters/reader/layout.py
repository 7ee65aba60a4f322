"""From the rows of a sheet to the records of a list: header found, merged cells spread, blank rows left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from charter.rosters.reader.cells import Cell, Row, Sheet, Span, cell_text, is_blank
from charter.rosters.reader.headers import KEY_FIELDS, Columns, Words, find_columns
from charter.rosters.reader.limits import COLUMNS, HEADER_ROWS, ROWS, Refusal

__all__ = ["Header", "ListReader", "Record", "counter"]


class Header(NamedTuple):
    """Where the header of a sheet stands, and what it says."""

    row: int
    columns: Columns


class Record(NamedTuple):
    """One row that may be a person: its number and its cells by field."""

    row: int
    cells: dict[str, Cell]


class _Cover(NamedTuple):
    span: Span
    cell: Cell | None


class ListReader:
    """Reads one sheet; `header` is None until it was found. `count` is told each non-blank row and may refuse.

    With `columns` the sheet has no header (its row is 0) and every row may be a person.
    """

    def __init__(self, sheet: Sheet, words: Words, count: Callable[[], None], columns: Columns | None = None) -> None:
        self.sheet, self.words, self.count = sheet, words, count
        self.header: Header | None = None
        self.places: Mapping[str, int] = {}
        self.header_end = 0  # the last row of a header whose cells are merged downwards
        self.looked = 0
        self.above: Row | None = None
        self.covers: list[_Cover] = []
        if columns is not None:
            self.header, self.places = Header(0, columns), columns.places
            sheet.wanted = {*columns.places.values()}

    def records(self) -> Iterator[Record]:
        """The records below the header; none where the sheet is no list."""
        before = 0
        for row in self.sheet.rows():
            if self.covers and self.header is not None:
                yield from self._covered_only(before + 1, row.number)
            before = row.number
            cells = self._spread(row)
            if row.filled:
                self.count()
            if self.header is None or row.number <= self.header_end:
                if row.filled:
                    self._look(row, cells)
            elif (record := self._record(row.number, cells)) is not None:
                yield record
        if self.covers and self.header is not None:
            yield from self._covered_only(before + 1, before + 1 + ROWS + 1)

    def _look(self, row: Row, cells: dict[int, Cell]) -> None:
        """Is this the header? After fifty rows nothing more of the sheet is kept, but its rows still count."""
        if self.looked >= HEADER_ROWS or all(is_blank(cell) for cell in cells.values()):
            return
        self.looked += 1
        headings = {column: cell_text(cell) for column, cell in cells.items()}
        columns = find_columns(headings, self.words, self._foreign(row.number))
        self.above = row
        if columns is not None:
            self._settle(row, columns)
        elif self.looked == HEADER_ROWS and self.header is None:
            self.sheet.wanted = set()

    def _settle(self, row: Row, columns: Columns) -> None:
        """This is the header, or with a name merged over several rows its first row: the lower ones say more."""
        self.header = Header(self.header.row if self.header is not None else row.number, columns)
        self.places = columns.places
        self.header_end = max([self.header_end, *(span.last_row for span in row.spans
                                                  if span.first_column == self.places["name"])])
        if row.number >= self.header_end or self.header_end - row.number > HEADER_ROWS:
            self.header_end = row.number
            self.sheet.wanted = set(self.places.values())

    def _foreign(self, number: int) -> set[int]:
        """Columns under a merged heading such as 紧急联系人 in the row above."""
        if self.above is None or self.above.number != number - 1:
            return set()
        above = self.above
        spans = [span for span in above.spans if self.words.of_others(cell_text(above.cells.get(span.first_column)))]
        return {column for span in spans for column in range(span.first_column, min(span.last_column, COLUMNS) + 1)}

    def _spread(self, row: Row) -> dict[int, Cell]:
        """The row's cells, with the value of each merged cell in its first column and nothing in its other columns."""
        if not self.covers and not row.spans:
            return row.cells
        cells = dict(row.cells)
        self.covers = [cover for cover in self.covers if cover.span.last_row >= row.number]
        for span, cell in self.covers:
            _cover(cells, span, cell)
        for span in row.spans:
            cell = cells.get(span.first_column)
            _cover(cells, span, cell)
            if span.last_row > row.number and cell is not None:
                self.covers.append(_Cover(span, cell))
        return cells

    def _covered_only(self, first: int, end: int) -> Iterator[Record]:
        """Rows that hold nothing of their own, but lie under a merged name, number or phone."""
        keys = {self.places.get(name) for name in KEY_FIELDS}
        deepest = max((cover.span.last_row for cover in self.covers if cover.span.first_column in keys), default=0)
        for number in range(max(first, self.header_end + 1), min(end, deepest + 1)):
            self.count()
            if (record := self._record(number, self._spread(Row(number, {}, True)))) is not None:
                yield record

    def _record(self, number: int, cells: dict[int, Cell]) -> Record | None:
        """The row as a record; None for a row without a person and for the header repeated."""
        found = {name: cells[column] for name, column in self.places.items() if column in cells}
        keys = {name: found[name] for name in KEY_FIELDS if name in found and not is_blank(found[name])}
        if not keys or self._repeats_header(keys):
            return None
        return Record(number, found)

    def _repeats_header(self, keys: dict[str, Cell]) -> bool:
        if "name" not in keys:
            return False
        return all(isinstance(cell, str) and len(cell) < 60 and (self.words.meaning(cell) or "").lstrip("?") == name
                   for name, cell in keys.items())


def _cover(cells: dict[int, Cell], span: Span, cell: Cell | None) -> None:
    for column in [column for column in cells if span.first_column <= column <= span.last_column]:
        del cells[column]
    if cell is not None:
        cells[span.first_column] = cell


def counter() -> Callable[[], None]:
    """Counts the rows of a file and refuses it when they are too many."""
    rows = 0

    def count() -> None:
        nonlocal rows
        rows += 1
        if rows > ROWS:
            raise Refusal("too_many_rows")

    return count
