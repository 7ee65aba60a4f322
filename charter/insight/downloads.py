"""Files that a desk hands out: no cell of them is ever run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter
from flask import Response

from charter.core import clock, money
from charter.core.i18n import gettext
from charter.insight.reporting import Report

__all__ = ["comma_text", "report_workbook", "safe"]

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe(cell: Any) -> Any:
    """A cell that a spreadsheet takes for text, whatever it begins with."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def comma_text(name: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Response:
    """A csv file with a mark that spreadsheets read as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([[safe(cell) for cell in row] for row in rows])
    return _attached(("\ufeff" + out.getvalue()).encode(), name, "text/csv; charset=utf-8")


def report_workbook(found: Report, modes: Mapping[str, str], place_name: Callable[[str], str]) -> Response:
    """The report as a workbook: the figures, each day, each corridor."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for name, lines in ((gettext("报表"), _summary(found, modes, place_name)), (gettext("按日"), _days(found, modes)),
                        (gettext("按线路"), _lines(found, modes))):
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 6, 14)
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    book.close()
    return _attached(out.getvalue(), "report.xlsx", WORKBOOK)


def _summary(found: Report, modes: Mapping[str, str], place_name: Callable[[str], str]) -> list[Sequence[Any]]:
    return [
        [gettext("返岗人数（人）"), found.persons], [gettext("返岗人次"), found.person_trips],
        [gettext("用工企业（家）"), found.employers], [gettext("计划经费（元）"), money.yuan(found.planned_fen)],
        [gettext("实际经费（元）"), money.yuan(found.actual_fen)], [gettext("接驳车（趟）"), found.feeders],
        [gettext("截至"), clock.local(found.until).strftime("%Y-%m-%d %H:%M")], [],
        [gettext("方式"), gettext("趟次"), gettext("线路"), gettext("人次")],
        *([gettext(word), found.vehicles.get(mode, 0), found.corridors.get(mode, 0), found.by_mode.get(mode, 0)]
          for mode, word in modes.items()), [],
        [gettext("区"), gettext("人数"), gettext("企业")], *([row[0], row[2], row[3]] for row in found.by_district), [],
        [gettext("出发省份"), gettext("人数")],
        *([place_name(code + "0000"), count] for code, count in found.by_province.items())]


def _days(found: Report, modes: Mapping[str, str]) -> list[Sequence[Any]]:
    header = [gettext("日期"), *(gettext(word) for word in modes.values()), gettext("接驳车（趟）"), gettext("人次"),
              gettext("累计人数")]
    return [header, *([row.day.isoformat(), *(row.vehicles.get(mode, 0) for mode in modes), row.feeders,
                       row.person_trips, row.persons_so_far] for row in found.by_day)]


def _lines(found: Report, modes: Mapping[str, str]) -> list[Sequence[Any]]:
    header = [gettext("线路"), gettext("方式"), gettext("趟次"), gettext("人次")]
    return [header, *([safe(row.name), gettext(modes[row.mode]), row.vehicles, row.person_trips]
                      for row in found.by_line)]


def _attached(content: bytes, name: str, kind: str) -> Response:
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
