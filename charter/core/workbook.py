"""A table as a workbook: every cell is typed, and no text of it is ever run as a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter
from flask import Response

from charter.core import clock

__all__ = ["Cell", "attached", "table"]

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | date | datetime | None
CHARACTER = 1.1  # a column's unit of width per letter
WIDEST = 40


def table(title: str, header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a bold, frozen header; moments are written on the campaign's clock."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(title[:31])
    moments = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, header, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    widths = [_wide(word) for word in header]
    for number, line in enumerate(lines, 1):
        for column, cell in enumerate(line):
            _write(sheet, number, column, cell, moments)
            widths[column] = max(widths[column], _wide(cell))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width * CHARACTER + 2, WIDEST))
    book.close()
    return out.getvalue()


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
