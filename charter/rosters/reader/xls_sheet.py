"""One sheet of an .xls file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from charter.people.rules.text import number_text
from charter.rosters.reader.biff import Record, narrow_text, packed_number, records, wide_text
from charter.rosters.reader.cells import DATE, FORMULA, NUMBER, Cell, Row, Span, cell_text, serial_day
from charter.rosters.reader.limits import CELL_CHARACTERS, Refusal

__all__ = ["XlsBook", "XlsSheet"]

BOF, EOF, MERGEDCELLS, STRING = 0x0809, 0x000A, 0x00E5, 0x0207
LABELSST, LABEL, RSTRING, NUMBER_RECORD, RK, MULRK, FORMULA_RECORD, BOOLERR = (
    0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205)
CELLS = frozenset({LABELSST, LABEL, RSTRING, NUMBER_RECORD, RK, MULRK, FORMULA_RECORD, BOOLERR})
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
PLACE = struct.Struct("<HHH")
DOUBLE = struct.Struct("<d")


@dataclass(frozen=True)
class XlsBook:
    """What the sheets have in common; `wide` is BIFF8, else BIFF5."""

    stream: bytes
    wide: bool
    codepage: str
    strings: list[str]
    dates: bytearray
    epoch_1904: bool


class XlsSheet:
    """A worksheet's part of the stream; `rows` may be walked once or again."""

    def __init__(self, name: str, hidden: bool, book: XlsBook, position: int) -> None:
        self.name, self.hidden = name, hidden
        self.wanted: set[int] | None = None
        self.book, self.position = book, position

    def about(self) -> int:
        """Rows with cells."""
        return len({record.data[:2] for record in self._records() if record.kind in CELLS})

    def rows(self) -> Iterator[Row]:
        """The rows with content or merges."""
        merges, ascending = self._look()
        cells = self._cells() if ascending else iter(sorted(self._cells(), key=lambda found: found[0]))
        for number, group in groupby(cells, key=lambda found: found[0]):
            row: dict[int, Cell] = {}
            filled = False
            for _, column, cell in group:
                filled = filled or bool(cell)
                if cell and (self.wanted is None or column in self.wanted):
                    row[column] = cell
            yield Row(number + 1, row, filled, tuple(merges.get(number, ())))

    def _records(self) -> Iterator[Record]:
        """The sheet's own records; embedded charts are stepped over."""
        depth = 0
        for record in records(self.book.stream, self.position):
            if record.kind == BOF:
                depth += 1
            elif record.kind == EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 1:
                yield record
            elif depth == 0:
                raise Refusal("damaged")

    def _look(self) -> tuple[dict[int, list[Span]], bool]:
        """Merged areas by first row, which stand after the cells that they cover, and whether the rows ascend."""
        merges: dict[int, list[Span]] = {}
        ascending, before = True, 0
        for record in self._records():
            if record.kind == MERGEDCELLS:
                count = int.from_bytes(record.data[:2], "little")
                for at in range(2, min(2 + 8 * count, len(record.data) - 7), 8):
                    first, last, left, right = struct.unpack_from("<HHHH", record.data, at)
                    merges.setdefault(first, []).append(Span(left, right, last + 1))
            elif record.kind in CELLS:
                row = int.from_bytes(record.data[:2], "little")
                ascending, before = ascending and row >= before, row
        return merges, ascending

    def _cells(self) -> Iterator[tuple[int, int, Cell]]:
        """Row and column from 0, and the cell. A formula's text follows it in a record of its own."""
        waiting: tuple[int, int] | None = None
        for record in self._records():
            if waiting is not None:
                text = self._text(record.data, 0) if record.kind == STRING else ""
                if record.kind == STRING or record.kind in CELLS:
                    yield (*waiting, (FORMULA, text))
                    waiting = None
            if record.kind not in CELLS:
                continue
            row, column, style = PLACE.unpack_from(record.data)
            if record.kind == MULRK:
                yield from self._many(row, column, record.data)
            elif record.kind == FORMULA_RECORD and record.data[12:14] == b"\xff\xff" and record.data[6] == 0:
                waiting = (row, column)
            else:
                yield row, column, self._cell(record, style)
        if waiting is not None:
            yield (*waiting, (FORMULA, ""))

    def _many(self, row: int, column: int, data: bytes) -> Iterator[tuple[int, int, Cell]]:
        for offset, at in enumerate(range(4, len(data) - 7, 6)):
            style, packed = struct.unpack_from("<HI", data, at)
            yield row, column + offset, self._number(packed_number(packed), style)

    def _cell(self, record: Record, style: int) -> Cell:
        kind, data = record.kind, record.data
        if kind == LABELSST:
            index = int.from_bytes(data[6:10], "little")
            return self.book.strings[index] if index < len(self.book.strings) else ""
        if kind in (LABEL, RSTRING):
            return self._text(data, 6)
        if kind == NUMBER_RECORD:
            return self._number(DOUBLE.unpack_from(data, 6)[0], style)
        if kind == RK:
            return self._number(packed_number(int.from_bytes(data[6:10], "little")), style)
        if kind == BOOLERR:
            return ERRORS.get(data[6], "#N/A") if data[7] else ("TRUE" if data[6] else "FALSE")
        return (FORMULA, self._computed(data, style))

    def _computed(self, data: bytes, style: int) -> str:
        """The cached value of a formula that gives no text (MS-XLS 2.5.133)."""
        if data[12:14] != b"\xff\xff":
            return cell_text(self._number(DOUBLE.unpack_from(data, 6)[0], style))
        if data[6] == 1:
            return "TRUE" if data[8] else "FALSE"
        return ERRORS.get(data[8], "#N/A") if data[6] == 2 else ""

    def _text(self, data: bytes, position: int) -> str:
        text = wide_text(data, position) if self.book.wide else narrow_text(data, position, self.book.codepage)
        return text[:CELL_CHARACTERS]

    def _number(self, value: float, style: int) -> Cell:
        if value - value != 0:
            return str(value)
        dates = self.book.dates
        if style < len(dates) and dates[style] and (day := serial_day(value, self.book.epoch_1904)):
            return (DATE, day)
        return (NUMBER, number_text(value))
