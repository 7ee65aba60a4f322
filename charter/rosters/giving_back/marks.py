"""What is to be marked in a workbook, as it is handed to the writing process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["HEADINGS", "KEY_HEADINGS", "Marks", "SheetMarks"]

KEY_HEADINGS = ("行标识（请勿改动）", "Row key (leave it as it is)")  # of the hidden column of keys
HEADINGS = ("需要修改的内容", "What to mend")  # of the column of reasons, in each language; none means a field


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """One list: its header's row, the column of each field from 0, and by row the bad fields and the reason. `again`:
    a column of reasons stands there from an earlier time."""

    header_row: int
    places: Mapping[str, int]
    rows: Mapping[int, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    again: bool = False
    keys: Mapping[int, str] = field(default_factory=dict)  # by row; none where a column of keys stands there already

    def bad_columns(self, row: int) -> set[int]:
        """The columns to colour in a row; a field without a column has none."""
        return {self.places[name] for name in self.rows[row][0] if name in self.places} if row in self.rows else set()


@dataclass(frozen=True, slots=True)
class Marks:
    """By the name of the sheet. `heading` is one of HEADINGS."""

    heading: str
    sheets: Mapping[str, SheetMarks]

    def as_json(self) -> dict[str, Any]:
        """For the pipe."""
        return {"heading": self.heading, "sheets": [
            [name, one.header_row, dict(one.places), one.again, list(one.keys.items()),
             [[row, list(bad), why] for row, (bad, why) in one.rows.items()]]
            for name, one in self.sheets.items()]}

    def of(self, name: str, *, hidden: bool) -> SheetMarks | None:
        """The marks of a sheet; hidden ones were not read."""
        return None if hidden else self.sheets.get(name)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Marks:
        """From the pipe."""
        return cls(said["heading"], {
            name: SheetMarks(header, places, {row: (tuple(bad), why) for row, bad, why in rows}, again,
                             dict(keys))
            for name, header, places, again, keys, rows in said["sheets"]})
