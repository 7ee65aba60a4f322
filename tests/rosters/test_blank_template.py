"""The workbook to fill in: filled in it is read without a repair, and empty it is a list of nobody."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rosters.roster_world import number

from charter.core import i18n
from charter.places.table import load
from charter.rosters.blank import DOCUMENTS, EXAMPLE, MODES, blank_workbook
from charter.rosters.forms import FIELD_WORDS
from charter.rosters.reader.read import read_file
from charter.rosters.reader.result import Result

FIRST, LAST = date(2027, 2, 10), date(2027, 2, 24)
FIELDS = list(FIELD_WORDS)


def read(folder: Path, content: bytes) -> Result:
    path = folder / "list.xlsx"
    path.write_bytes(content)
    return read_file(path, today=date(2027, 1, 20), divisions=load())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_one_has_every_column_and_no_people(tmp_path: Path, language: str) -> None:
    with i18n.reading(language):
        result = read(tmp_path, blank_workbook(FIRST, LAST))
    assert result.rows == []
    (sheet,) = result.sheets
    assert (sheet.header_row, list(sheet.places), list(sheet.unread)) == (3, FIELDS, [])


def test_its_example_is_a_person_as_he_should_be_written(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook(FIRST, LAST)))
    sheet = book.worksheets[0]
    for column in range(1, len(FIELDS) + 1):
        sheet.cell(4, column).value = sheet.cell(2, column).value
    book.save(tmp_path / "example.xlsx")
    (row,) = read_file(tmp_path / "example.xlsx", today=FIRST, divisions=load()).rows
    assert row.status == "accepted"
    assert row.worker["name"] == EXAMPLE["name"]


def test_numbers_are_text_cells_and_choices_drop_down() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(blank_workbook(FIRST, LAST))).worksheets[0]
    for field in ("id_number", "phone"):
        letter = openpyxl.utils.get_column_letter(FIELDS.index(field) + 1)
        assert sheet.column_dimensions[letter].width >= 16
        assert sheet[f"{letter}2"].number_format == "@"
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert lists == {'"' + ",".join(DOCUMENTS) + '"', '"' + ",".join(MODES) + '"'}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "居民身份证", "户口簿"]), st.sampled_from(["", *MODES]),
                          st.booleans(), st.sampled_from(["", "1组"]), st.text(alphabet="一二三abc ", max_size=9)),
                min_size=1, max_size=12))
def test_filled_in_it_is_always_read_cleanly(tmp_path_factory: pytest.TempPathFactory, people) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook(FIRST, LAST)))
    sheet = book.worksheets[0]
    for order, (kind, modes, dated, party, note) in enumerate(people):
        days = (FIRST, LAST - timedelta(days=order)) if dated else (None, None)
        values = ["张建国", kind, number(order), f"154{order:08d}", "四川省巴中市南江县", *days, modes, party, "",
                  note.strip()]
        for column, value in enumerate(values, 1):
            sheet.cell(4 + order, column).value = value or None
    out = io.BytesIO()
    book.save(out)
    result = read(tmp_path_factory.mktemp("filled"), out.getvalue())
    assert [row.status for row in result.rows] == ["accepted"] * len(people)
