"""The employer's own workbook comes back: same sheets and rows, bad cells red, reasons, nothing that runs."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from rosters.roster_world import HEADER, World, number, person, workbook
from sqlalchemy import select, update

from charter.core import clock, db
from charter.people.models import Worker, WorkerDocument
from charter.rosters.giving_back.marks import HEADINGS, KEY_HEADINGS, Marks, SheetMarks
from charter.rosters.giving_back.process import marked_workbook

RED = "FFFFC7CE"


def clerks_workbook() -> bytes:
    """A list as a clerk keeps it: title, widths, colours, dates, a formula, a link, a second sheet, a hidden one."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "一车间"
    sheet.append(["厦门甲有限公司返岗名单"])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", *HEADER, "最早"])
    for order in range(4):
        sheet.append([order + 1, *person(order), date(2027, 2, 12)])
    sheet["C4"] = number(1)[:-1]
    sheet["D5"] = "123"
    sheet["C5"] = number(2)[:-1]
    sheet["F3"] = "=TODAY()"
    sheet["B4"].font = Font(bold=True)
    sheet["C4"].number_format = "@"
    sheet["C6"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["B6"].hyperlink = "https://example.invalid/"
    sheet.column_dimensions["C"].width = 33
    sheet.freeze_panes = "A3"
    drop_down = DataValidation(type="list", formula1='"大巴,火车"')
    drop_down.add("G3:G9")
    sheet.add_data_validation(drop_down)
    second = book.create_sheet("说明")
    second["A1"] = "=1+1"
    second["A2"] = "随便写写"
    book.create_sheet("旧").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def bad(world: World, batch: dict[str, Any], **headers: str) -> bytes:
    answer = world.client.get(f"/api/v1/rosters/{batch['id']}/bad.xlsx", headers=world.callers["firm"] | headers)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


def test_the_clerks_own_workbook_comes_back_marked(world: World) -> None:
    batch = world.previewed(clerks_workbook(), name="名单 一车间.xlsx")
    assert batch["summary"] == {"accepted": 1, "repaired": 0, "rejected": 3, "duplicates": 0}
    book = opened(bad(world, batch))
    assert book.sheetnames == ["一车间", "说明", "旧"]
    assert book["旧"].sheet_state == "hidden"
    sheet = book["一车间"]
    red = {cell.coordinate for row in sheet for cell in row if cell.fill.fgColor.rgb == RED}
    assert red == {"F3", "C4", "C5", "D5"}
    assert sheet["G2"].value == HEADINGS[0]
    assert sheet["G4"].value.startswith("证件号码：")
    assert "手机号：" in sheet["G5"].value
    assert sheet["G6"].value is None
    assert (sheet["A1"].value, sheet["B6"].value, sheet["F6"].value.date()) == (
        "厦门甲有限公司返岗名单", person(3)[0], date(2027, 2, 12))
    assert (sheet["B4"].font.bold, sheet["C4"].number_format) == (True, "@")
    assert sheet["C6"].fill.fgColor.rgb == "FF00FF00"
    assert (sheet.column_dimensions["C"].width, sheet.freeze_panes) == (33, "A3")
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A1:F1"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"大巴,火车"'


def test_nothing_in_it_runs(world: World) -> None:
    content = bad(world, world.previewed(clerks_workbook()))
    cells = [cell for sheet in opened(content) for row in sheet for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any(word in name.lower() for name in parts.namelist() for word in ("vba", "external", "drawing"))
        assert not any(b"<f>" in parts.read(name) or b"<f " in parts.read(name) for name in parts.namelist())


def test_in_english_the_reasons_are_english(world: World) -> None:
    sheet = opened(bad(world, world.previewed(clerks_workbook()), **{"Accept-Language": "en"}))["一车间"]
    assert sheet["G2"].value == HEADINGS[1]
    assert sheet["G4"].value == "Document number: The ID number has the wrong length or form"


def test_a_mended_workbook_is_read_cleanly_and_its_old_reasons_go(world: World) -> None:
    batch = world.committed(clerks_workbook())
    book = opened(bad(world, batch))
    sheet = book["一车间"]
    sheet["C4"], sheet["C5"] = number(1), number(2)
    sheet["F3"] = date(2027, 2, 12)
    out = io.BytesIO()
    book.save(out)
    again = world.previewed(out.getvalue())
    assert again["summary"] == {"accepted": 3, "repaired": 0, "rejected": 1, "duplicates": 0}
    assert again["changes"] == {"new": 2, "changed": 0, "unchanged": 1, "withdrawn": 0, "needs_decision": 0}
    sheet = opened(bad(world, again))["一车间"]
    assert [cell.value for cell in sheet[2]][6:] == [HEADINGS[0], KEY_HEADINGS[0]]
    assert (sheet["G4"].value, sheet["G5"].value[:4]) == (None, "手机号：")


@pytest.mark.parametrize(("name", "content"), [
    ("名单.csv", "\n".join(["姓名,身份证号,手机号,出发地,工号,备注",
                          f"赵一,{number(0)[:-1]},15400000000,南江,007,+86",
                          f"钱一,{number(1)},15400000001,四川省巴中市南江县,008,=HYPERLINK(1)"]).encode("gb18030")),
])
def test_a_text_file_comes_back_as_a_workbook_with_every_cell_as_text(world: World, name: str, content: bytes) -> None:
    batch = world.previewed(content, name=name)
    sheet = opened(bad(world, batch)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_col=6)] == [
        ["赵一", number(0)[:-1], "15400000000", "南江", "007", "+86"],
        ["钱一", number(1), "15400000001", "四川省巴中市南江县", "008", "=HYPERLINK(1)"]]
    assert not any(cell.data_type == "f" for row in sheet for cell in row)
    assert {cell.coordinate for row in sheet for cell in row if cell.fill.fgColor.rgb == RED} == {"B2", "F3"}
    assert sheet["G1"].value == HEADINGS[0]


def test_a_marked_row_under_merged_cells_is_added_in_its_place() -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active.append(HEADER)
    book.active.append(person(1))
    book.active.merge_cells("A2:A4")
    book.active["B5"] = "x"
    out = io.BytesIO()
    book.save(out)
    marks = Marks(HEADINGS[0], {"表": SheetMarks(1, {"name": 0, "id_number": 1}, {
        3: (("id_number",), "没有填写"), 9: (("phone",), "在最后")})})
    sheet = opened(marked_workbook(out.getvalue(), marks))["表"]
    assert [sheet.cell(row, 5).value for row in (1, 2, 3, 9)] == [HEADINGS[0], None, "没有填写", "在最后"]
    assert sheet["B3"].fill.fgColor.rgb == RED


def test_a_workbook_of_another_dialect_comes_back_as_a_new_one() -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active.append(HEADER)
    book.active.append(person(1))
    out = io.BytesIO()
    book.save(out)
    odd = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(odd, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if "sheet1" in name:
                text = text.replace(b" xmlns=", b" xmlns:x=")
                text = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", text)
            new.writestr(name, text)
    marks = Marks(HEADINGS[0], {"表": SheetMarks(1, {"name": 0}, {2: (("name",), "看看")})})
    sheet = opened(marked_workbook(odd.getvalue(), marks))["表"]
    assert (sheet["A2"].value, sheet["E2"].value, sheet["A2"].fill.fgColor.rgb) == (person(1)[0], "看看", RED)


def test_only_a_list_that_was_read_comes_back(world: World) -> None:
    refused = world.previewed(b"%PDF-1.4")
    assert world.get(f"/rosters/{refused['id']}/bad.xlsx").json["code"] == "wrong_state"


def returned(world: World, batch: dict[str, Any], **cells: Any) -> bytes:
    """The workbook that comes back, some cells changed by the clerk."""
    book = opened(bad(world, batch))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_corrected_number_or_name_changes_the_person_and_makes_no_second_one(world: World) -> None:
    batch = world.committed(workbook([HEADER, *[person(order) for order in range(3)], person(9, phone="1")]))
    sheet = opened(bad(world, batch)).worksheets[0]
    assert [sheet["F1"].value, sheet["F5"].value] == [KEY_HEADINGS[0], None]
    assert sheet["F2"].value.endswith("-0")
    assert sheet.column_dimensions["F"].hidden
    content = returned(world, batch, B2=number(700), A3="钱多", C5="15400000009")
    again = world.committed(content)
    assert again["changes"] == {"new": 1, "changed": 2, "unchanged": 1, "withdrawn": 0, "needs_decision": 0}
    assert set(world.people()) == {"赵一", "钱多", "孙一", person(9)[0]}
    assert world.committed(content)["changes"]["unchanged"] == 4
    once_more = world.committed(returned(world, again, B2=number(0)))
    assert (once_more["changes"]["changed"], len(world.people())) == (1, 4)


def test_a_row_that_was_copied_for_somebody_else_is_somebody_else(world: World) -> None:
    batch = world.committed(workbook([HEADER, person(0), person(1)]))
    book = opened(bad(world, batch))
    sheet = book.worksheets[0]
    for column, value in enumerate([*person(5), None, sheet["F2"].value], 1):
        sheet.cell(4, column).value = value
    sheet["A3"], sheet["B3"] = person(6)[0], person(6)[1]  # name and number both: another person
    out = io.BytesIO()
    book.save(out)
    again = world.committed(out.getvalue())
    assert again["changes"] == {"new": 2, "changed": 0, "unchanged": 1, "withdrawn": 0, "needs_decision": 0}
    assert len(world.people()) == 4


def test_a_key_of_another_employer_says_nothing(world: World) -> None:
    theirs = world.committed(workbook([HEADER, person(0), person(1)]), caller="other")
    foreign = opened(world.client.get(f"/api/v1/rosters/{theirs['id']}/bad.xlsx", headers=world.callers["other"]).data)
    key = foreign.worksheets[0]["F2"].value
    ours = world.committed(workbook([[*HEADER, KEY_HEADINGS[0]], [*person(0, id=number(500)), key]]))
    assert ours["changes"]["new"] == 1
    assert len([name for name in world.people() if name == person(0)[0]]) == 1
    with db.transaction() as session:
        tails = set(session.scalars(select(WorkerDocument.last_four)))
    assert tails == {number(order)[-4:] for order in (0, 1, 500)}


def test_whoever_has_shown_his_phone_is_changed_by_nobodys_list(world: World) -> None:
    batch = world.committed(workbook([HEADER, person(0)]))
    with db.transaction() as session:
        session.execute(update(Worker).values(phone_proven_at=clock.now()))
    again = world.committed(returned(world, batch, B2=number(700)))
    assert again["changes"]["changed"] == 0
    with db.transaction() as session:
        tails = set(session.scalars(select(WorkerDocument.last_four)))
    assert number(0)[-4:] in tails
