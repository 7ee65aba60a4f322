"""Reads, repairs and judges one file: the same for the command, the upload page and the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from charter.people.rules.text import clean
from charter.places.table import DivisionTable
from charter.rosters.reader.cells import Cell, cell_text
from charter.rosters.reader.headers import FIELDS
from charter.rosters.reader.judging import RowJudge
from charter.rosters.reader.people import Seen
from charter.rosters.reader.process import messages
from charter.rosters.reader.refusals import Refused
from charter.rosters.reader.result import Expected, Result, RowResult, SheetResult

__all__ = ["Refused", "read_file", "read_rows"]


def read_file(path: Path, *, today: date, divisions: DivisionTable, headings: Mapping[str, str] | None = None,
              progress: Callable[[int], None] | None = None) -> Result:
    """The whole result; raises `Refused`, and then nothing of the file is used.

    `headings` are the caller's own column decisions, heading as written -> field ("" for a column that is not to be
    read); they win over the shipped words. `progress` is told the number of rows judged so far, about every 500.
    """
    result = Result()
    for found in read_rows(path, today=today, divisions=divisions, headings=headings):
        if not isinstance(found, RowResult):
            if isinstance(found, SheetResult):
                result.sheets.append(found)
            continue
        result.rows.append(found)
        if progress is not None and len(result.rows) % 500 == 0:
            progress(len(result.rows))
    if progress is not None:
        progress(len(result.rows))
    return result


def read_rows(path: Path, *, today: date, divisions: DivisionTable,
              headings: Mapping[str, str] | None = None) -> Iterator[Expected | SheetResult | RowResult]:
    """How many rows are expected, then the sheets, each followed by its rows, as they are read. `Refused` may come
    after any number of them."""
    judge = RowJudge(today=today, divisions=divisions)
    seen, sheet = Seen(), ""
    with closing(messages(path, headings or {})) as told:
        for message in told:
            if isinstance(message, list):
                for row in message:
                    yield _judged(sheet, row, judge, seen)
            elif "sheet" in message:
                sheet = message["sheet"]
                yield _sheet(message)
            else:
                judge = RowJudge(today=today, divisions=divisions, epoch=date.fromisoformat(message["epoch"]))
                yield Expected(message["about"])


def _sheet(message: dict[str, Any]) -> SheetResult:
    if message.get("hidden"):
        return SheetResult(message["sheet"], hidden=True)
    return SheetResult(message["sheet"], message["header_row"], message["columns"], message["places"],
                       message["unread"], sample=message.get("sample", ()))


def _judged(sheet: str, row: list[Any], judge: RowJudge, seen: Seen) -> RowResult:
    cells: dict[str, Cell] = {field: cell if isinstance(cell, str) else (cell[0], cell[1])
                              for field, cell in zip(FIELDS, row[1:-1], strict=True) if cell is not None}
    verdict = judge.judge(cells)
    status = seen.status(verdict, row[0], clean(cell_text(cells.get("id_number"))).trimmed)
    return RowResult(sheet, row[0], status, verdict.worker, tuple(verdict.repairs), tuple(verdict.problems),
                     row[-1] if isinstance(row[-1], str) else "")
