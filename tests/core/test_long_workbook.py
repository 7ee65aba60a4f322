"""A long workbook is written line by line to a file without a name, and what it says is what a short one says."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date

import openpyxl
import pytest

from charter.core import workbook

HEADER = ["姓名", "数", "日期"]


def lines(number):
    return ([f"=王{place}", place, date(2026, 2, 1)] for place in range(number))


def read(content):
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_long_and_short_say_the_same():
    with workbook.long_table("人员", HEADER, lines(700)) as file:
        assert read(file.read()) == read(workbook.table("人员", HEADER, lines(700)))


def most_memory(number):
    tracemalloc.start()
    workbook.long_table("人员", HEADER, lines(number)).close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_ten_times_the_lines_need_no_more_memory():
    most_memory(10)
    assert most_memory(20_000) < most_memory(2_000) + 500_000


def test_a_fault_among_the_lines_leaves_no_file():
    def broken():
        yield ["a", 1, None]
        raise LookupError
    with pytest.raises(LookupError):
        workbook.long_table("人员", HEADER, broken())


def test_it_is_sent_in_portions_and_closed(app):
    file = workbook.long_table("人员", HEADER, lines(5_000))
    answer = workbook.sent(file, "people.xlsx")
    parts = list(answer.response)
    assert len(parts) > 1
    assert all(len(part) <= workbook.PORTION for part in parts)
    assert b"".join(parts)[:2] == b"PK"
    answer.close()
    assert file.closed
