"""Travel dates as lists write them."""

from __future__ import annotations

from datetime import date, datetime

from charter.core.problems import FieldProblem
from charter.people.rules.judged import Judged

__all__ = ["EPOCH_1900", "EPOCH_1904", "judge_date", "judge_window"]

EPOCH_1900 = date(1899, 12, 30)  # day 0 of workbooks counted from 1900 (day 60 never was)
EPOCH_1904 = date(1904, 1, 1)


def judge_date(value: str | float | date | datetime | None, *, field: str, today: date,
               epoch: date = EPOCH_1900) -> Judged[date]:
    """A cell's value: text, a real date (no repair) or a serial number of the workbook's epoch (`excel_serial`).

    An empty cell has the value None. Problems `too_long`, `date_invalid`; any spelling but ISO, 2026/2/12 and
    2026.02.12 is repaired as `date_format`. Without a year: the first such day not before `today`.
    """
    raise NotImplementedError


def judge_window(earliest: date | None, latest: date | None, *, field: str = "latest") -> FieldProblem | None:
    """`date_order` where the last day lies before the first."""
    raise NotImplementedError
