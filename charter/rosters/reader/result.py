"""What one file came to: its sheets, its judged rows, four figures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from charter.core.problems import FieldProblem, Repair

__all__ = ["FORMAT", "Expected", "Result", "RowResult", "SheetResult", "Status", "lines", "to_json"]

FORMAT = "charter-roster/1"
Status = Literal["accepted", "repaired", "duplicate", "rejected"]
FIGURES: Mapping[str, Status] = {"accepted": "accepted", "repaired": "repaired", "rejected": "rejected",
                                 "duplicates": "duplicate"}


class Expected(NamedTuple):
    """About how many rows are going to be read, blank ones perhaps too."""

    rows: int


@dataclass(frozen=True, slots=True)
class SheetResult:
    """One list, or one hidden sheet (no header). `columns` field -> heading as written; `places` field -> column
    from 0; `unread` headings of columns that are not read; `sample` first rows of a list without a header (row 0)."""

    name: str
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    unread: Sequence[str] = ()
    hidden: bool = False
    sample: Sequence[Any] = ()

    def as_json(self) -> dict[str, Any]:
        """As the roster contract writes a sheet."""
        found = {"name": self.name, "header_row": self.header_row, "columns": dict(self.columns)}
        return {**found, "hidden": True} if self.hidden else found


@dataclass(slots=True)
class RowResult:
    """One judged row. `row` counts from 1 as the spreadsheet program shows it; `worker` holds what the contract names,
    a wrong field as its trimmed text. `key` is what a column of keys says, where the caller named one."""

    sheet: str
    row: int
    status: Status
    worker: dict[str, Any]
    repairs: tuple[Repair, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    key: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the roster contract writes a row; messages in Chinese."""
        return {
            "sheet": self.sheet, "row": self.row, "status": self.status, "worker": self.worker,
            "repairs": [{"field": repair.field, "from": repair.before, "to": repair.after, "code": repair.code}
                        for repair in self.repairs],
            "problems": [{"field": problem.field, "code": problem.code, "message": problem.text()}
                         for problem in self.problems],
        }


@dataclass(slots=True)
class Result:
    """A whole file."""

    sheets: list[SheetResult] = field(default_factory=list)
    rows: list[RowResult] = field(default_factory=list)

    def summary(self) -> dict[str, int]:
        """Disjoint figures that add up to the rows."""
        counted = Counter(row.status for row in self.rows)
        return {figure: counted[status] for figure, status in FIGURES.items()}


def lines(result: Result) -> Iterator[str]:
    """The JSON text of the contract piece by piece, a row a line, so that a long list is never one string."""
    sheets = json.dumps([sheet.as_json() for sheet in result.sheets], ensure_ascii=False)
    yield f'{{"format": "{FORMAT}",\n"sheets": {sheets},\n"rows": ['
    for number, row in enumerate(result.rows):
        yield (",\n" if number else "\n") + json.dumps(row.as_json(), ensure_ascii=False)
    yield f'],\n"summary": {json.dumps(result.summary())}}}\n'


def to_json(result: Result) -> dict[str, Any]:
    """The result as the contract writes it."""
    return {"format": FORMAT, "sheets": [sheet.as_json() for sheet in result.sheets],
            "rows": [row.as_json() for row in result.rows], "summary": result.summary()}
