"""A table as a workbook: every cell is typed, and no text of it is ever run as a formula."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import IO

import xlsxwriter
from flask import Response

from charter.core import clock

__all__ = ["Cell", "attached", "long_table", "sent", "table"]

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | date | datetime | None
CHARACTER = 1.1  # a column's unit of width per letter
WIDEST = 40


OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
           "default_date_format": "yyyy-mm-dd"}
MEASURED = 500  # lines of a long table by which its columns are made wide
PORTION = 65_536  # bytes


def table(title: str, header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a bold, frozen header; moments are written on the campaign's clock."""
    out = io.BytesIO()
    _fill(xlsxwriter.Workbook(out, {"in_memory": True, **OPTIONS}), title, header, lines)
    return out.getvalue()


def long_table(title: str, header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """The same as a file on disk without a name that goes when it is closed: a line is forgotten once written."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        _fill(xlsxwriter.Workbook(out, {"constant_memory": True, **OPTIONS}), title, header, lines)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def _fill(book: xlsxwriter.Workbook, title: str, header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> None:
    try:
        _lines(book, title, header, lines)
    finally:
        book.close()  # its own files too, whatever happened among the lines


def _lines(book: xlsxwriter.Workbook, title: str, header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(title[:31])
    moments = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, book.add_format({"bold": True}))
    widths = [_wide(word) for word in header]
    for number, line in enumerate(lines, 1):
        for column, cell in enumerate(line):
            _write(sheet, number, column, cell, moments)
        if number <= MEASURED:
            widths = [max(width, _wide(cell)) for width, cell in zip(widths, line, strict=True)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width * CHARACTER + 2, WIDEST))


def _write(sheet: xlsxwriter.worksheet.Worksheet, number: int, column: int, cell: Cell, moments: object) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(number, column, clock.local(cell).replace(tzinfo=None), moments)
    elif isinstance(cell, date):
        sheet.write_datetime(number, column, cell)
    elif isinstance(cell, int):
        sheet.write_number(number, column, cell)
    elif cell:
        sheet.write_string(number, column, cell)


def _wide(cell: Cell) -> int:
    if isinstance(cell, str):
        return sum(2 if letter > "\u2e7f" else 1 for letter in cell)
    return 16 if isinstance(cell, datetime) else 10


def attached(content: bytes, name: str) -> Response:
    """The workbook as a file to keep."""
    return Response(content, content_type=KIND, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def sent(content: IO[bytes], name: str) -> Response:
    """A workbook on disk as a file to keep, sent in portions."""
    answer = Response(_portions(content), content_type=KIND,
                      headers={"Content-Disposition": f'attachment; filename="{name}"'})
    answer.call_on_close(content.close)
    return answer


def _portions(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        yield from iter(partial(content.read, PORTION), b"")
