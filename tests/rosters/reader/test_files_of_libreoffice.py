"""Real files: what LibreOffice writes as .xls, .xlsx, .ods and .csv is read with the same verdicts."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

import soffice
from roster_files import HEADER, person

from charter.places.table import load
from charter.rosters.giving_back.marks import HEADINGS, Marks, SheetMarks
from charter.rosters.giving_back.process import marked_workbook
from charter.rosters.reader.read import read_file
from charter.rosters.reader.result import Result

pytestmark = pytest.mark.skipif(soffice.find() is None, reason=soffice.MISSING)
TODAY = date(2027, 1, 20)
WORKBOOKS = ["xls", "xlsx", "ods"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list with a title, merged cells, a hidden sheet, dates, numbers, formulas and dirt."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "一车间"
    dirty = person(3, name=" 阿里•买买提 ", phone="+86 138-0000-0003", origin="南江")
    lost = person(4)
    rows = [["某公司返岗名单"], [], [*HEADER, "最早", "最晚", "备注"],
            [*person(1), date(2027, 2, 12), date(2027, 2, 14), "一\n二"],
            [*person(2)[:2], 13800000002, person(2)[3], "2027/2/12", 46430, None],
            [*dirty, "二月十二日", None, "@SUM(A1)"], [lost[0], 511922196001010043, *lost[2:], None, None, None],
            [*person(5), '=DATE(2027,2,12)', None, None], [*person(6)[:3], None, None, None, None],
            person(1), [person(2)[0] + "甲", *person(2)[1:]]]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("D8:D9")
    hidden = book.create_sheet("藏")
    hidden.append(HEADER)
    hidden.append(person(9))
    hidden.sheet_state = "hidden"
    path = tmp_path_factory.mktemp("office") / "名单.xlsx"
    book.save(path)
    return path


def read(path: Path) -> Result:
    return read_file(path, today=TODAY, divisions=load())


def told(result: Result) -> list[tuple[object, ...]]:
    """The verdicts; what a formula showed is left out, since the source was never computed."""
    return [(row.row, row.status, row.worker["name"], row.worker["origin"],
             row.worker["earliest"] if row.status != "rejected" else None, row.worker["latest"],
             tuple(sorted((one.field, one.code) for one in row.problems))) for row in result.rows]


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_a_workbook_of_libreoffice_has_the_same_verdicts(source: Path, kind: str) -> None:
    made, before = read(soffice.converted(source, kind)), read(source)
    assert told(made) == told(before)
    assert [(sheet.name, sheet.header_row, sheet.hidden) for sheet in made.sheets] == [
        ("一车间", 3, False), ("藏", None, True)]
    assert [row.status for row in made.rows] == ["accepted", "repaired", "repaired", "rejected", "rejected",
                                                 "accepted", "duplicate", "rejected"]
    assert told(made)[3][-1] == (("id_number", "id_lost_digits"),)
    assert told(made)[4][-1] == (("earliest", "formula"),)
    assert told(made)[7][-1] == (("id_number", "conflict"),)


def test_a_text_of_libreoffice_has_the_same_people(source: Path) -> None:
    made = {row.row: row for row in read(soffice.converted(source, "csv")).rows}
    assert [made[row].status for row in (4, 6, 10)] == ["accepted", "repaired", "duplicate"]
    assert made[4].worker["earliest"] == "2027-02-12"
    assert made[6].worker["origin"] == "511922"
    assert made[6].worker["note"] == "@SUM(A1)"


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_a_workbook_given_back_opens_in_libreoffice_and_nothing_in_it_runs(source: Path, kind: str) -> None:
    came = soffice.converted(source, kind)
    places = dict(read(came).sheets[0].places)
    wrong = {7: (("id_number",), "=1+1 号码丢了几位")}
    marks = Marks(HEADINGS[0], {"一车间": SheetMarks(3, places, wrong, keys={4: "k"})})
    back = source.parent / f"bad-{kind}.xlsx"
    back.write_bytes(marked_workbook(came.read_bytes(), marks))
    sheet = openpyxl.load_workbook(soffice.converted(back, "xlsx"))["一车间"]
    shown = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert shown["=1+1 号码丢了几位"] in ("s", "inlineStr")
    assert shown["@SUM(A1)"] in ("s", "inlineStr")
    assert sheet.cell(4, 1).value == person(1)[0]
    assert "f" not in {kind_ for value, kind_ in shown.items() if value != "=DATE(2027,2,12)"}
