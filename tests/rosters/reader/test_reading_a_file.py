"""Every kind of file gives the same cells; what is no list is refused with one line."""

from __future__ import annotations

import sys
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from roster_files import HEADER, changed_parts, compound, ods, ods_row, person, workbook, xls

from charter.rosters.reader.process import messages
from charter.rosters.reader.refusals import Refused

SHEET = "xl__worksheets__sheet1_dot_xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def read(path: Path, **headings: str) -> tuple[list[dict[str, Any]], list[list[Any]]]:
    sheets, rows = [], []
    for message in messages(path, headings):
        if isinstance(message, list):
            rows += message
        elif "sheet" in message:
            sheets.append(message)
    return sheets, rows


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.text()
    return refused.value.code.removeprefix("roster_")


def raw_sheet(tmp_path: Path, rows: str, after: str = "") -> Path:
    xml = f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>"
    return changed_parts(workbook(tmp_path / "a.xlsx", [HEADER]), **{SHEET: xml.encode()})


def text_row(row: int, *texts: str) -> str:
    return (
        f'<row r="{row}">'
        + "".join(
            f'<c r="{"ABCDEFGH"[at]}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(texts)
        )
        + "</row>"
    )


def test_a_header_is_found_under_titles_and_in_any_order(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["某公司名单"],
            [],
            [None, "联系 电话*", "户籍地", "Name（必填）", "证件\n号码"],
            [None, "13800001234", "南江", "王五", person(1)[1]],
        ],
    )
    sheets, rows = read(path)
    assert sheets[0]["header_row"] == 3
    assert sheets[0]["columns"] == {
        "phone": "联系 电话*",
        "origin": "户籍地",
        "name": "Name（必填）",
        "id_number": "证件\n号码",
    }
    assert rows == [[4, "王五", None, person(1)[1], "13800001234", "南江", None, None, None, None, None, None, None]]


@pytest.mark.parametrize("heading", ["紧急联系人姓名", "带队人", "姓名（紧急联系人）", "家属姓名"])
def test_other_peoples_columns_are_never_the_workers(tmp_path: Path, heading: str) -> None:
    sheets, rows = read(
        workbook(tmp_path / "a.xlsx", [[heading, *HEADER, "紧急联系人电话"], ["某人", *person(1), "13900000000"]])
    )
    assert sheets[0]["columns"]["name"] == "姓名"
    assert rows[0][1] == person(1)[0]


def test_columns_under_a_merged_heading_for_other_people_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["带队人", None, "工人"])
    sheet.append(["姓名", "电话", *HEADER])
    sheet.append(["某人", "13900000000", *person(1)])
    sheet.merge_cells("A1:B1")
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[1][0][1] == person(1)[0]


def test_a_home_address_is_the_origin_only_where_nothing_better_stands(tmp_path: Path) -> None:
    both = workbook(tmp_path / "a.xlsx", [["姓名", "手机", "户籍地", "上车点"], ["王五", "13800001234", "甲", "乙"]])
    assert read(both)[1][0][5] == "乙"
    alone = workbook(tmp_path / "b.xlsx", [["姓名", "手机", "籍贯"], ["王五", "13800001234", "甲"]])
    assert read(alone)[1][0][5] == "甲"


def test_an_employers_own_column_words_win(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["花名", "手机"], ["王五", "13800001234"]])
    assert refusal(path) == "no_header"
    assert read(path, 花名="name")[1][0][1] == "王五"


def test_repeated_headers_and_rows_without_a_person_are_left_out(tmp_path: Path) -> None:
    rows = [HEADER, person(1), HEADER, [None, None, "  ", "合计"], person(2)]
    assert [row[0] for row in read(workbook(tmp_path / "a.xlsx", rows))[1]] == [2, 5]


def test_the_header_is_looked_for_in_fifty_rows_that_are_not_blank(tmp_path: Path) -> None:
    assert read(workbook(tmp_path / "a.xlsx", [[]] * 30 + [["说明文字"]] * 49 + [HEADER]))[0][0]["header_row"] == 80
    assert refusal(workbook(tmp_path / "b.xlsx", [["说明文字"]] * 50 + [HEADER])) == "no_header"


def test_hidden_sheets_are_named_and_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for state in ("hidden", "veryHidden"):
        sheet = book.create_sheet(state)
        sheet.sheet_state = state
        sheet.append(HEADER)
        sheet.append(person(1))
    book.save(tmp_path / "a.xlsx")
    sheets, rows = read(tmp_path / "a.xlsx")
    assert [sheet.get("hidden", False) for sheet in sheets] == [False, True, True]
    assert rows == []


def test_a_merged_cell_counts_for_every_row_it_covers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, person(1), [*person(2)[:3], None], [*person(3)[:3], None], person(4)):
        book.active.append(row)
    book.active.merge_cells("D2:D4")
    book.active["D2"] = "合并的"
    book.save(tmp_path / "a.xlsx")
    assert [row[5] for row in read(tmp_path / "a.xlsx")[1]] == ["合并的", "合并的", "合并的", "四川省巴中市南江县"]


def test_a_header_of_two_rows_is_read_by_its_lower_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["姓名", "身份证号", "手机", "返岗日期"],
        [None, None, None, "最早", "最晚"],
        [*person(1)[:3], "2027-02-01", "2027-02-03"],
    ):
        book.active.append(row)
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[1][0][6:8] == ["2027-02-01", "2027-02-03"]


def test_cell_types_of_a_workbook_are_kept(tmp_path: Path) -> None:
    row = ["王五", 511922199001010010, 13800001234, "=A1", date(2027, 2, 12), 46430]
    kept = read(workbook(tmp_path / "a.xlsx", [[*HEADER, "最早", "最晚"], row]))[1][0]
    assert kept[3][0] == "n"
    assert len(kept[3][1]) == 18
    assert kept[4:8] == [["n", "13800001234"], ["f", ""], ["d", "2027-02-12"], ["n", "46430"]]


def test_every_cell_of_an_array_formula_is_a_formula(tmp_path: Path) -> None:
    rows = text_row(1, *HEADER) + (
        '<row r="2"><c r="A2"><f t="array" ref="A2:A3">X</f><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="4"><c r="A4"><v>1</v></c></row>'
    )
    assert [row[1][0] for row in read(raw_sheet(tmp_path, rows))[1]] == ["f", "f", "n"]


def test_phonetic_text_is_left_out_and_escapes_are_undone(tmp_path: Path) -> None:
    rows = text_row(1, *HEADER) + (
        '<row r="2"><c r="A2" t="inlineStr"><is><r><t>王</t></r><rPh><t>WANG</t></rPh><r><t>五_x0000_</t>'
        "</r></is></c></row>"
    )
    assert read(raw_sheet(tmp_path, rows))[1][0][1] == "王五\x00"


def test_one_stray_cell_and_a_claimed_dimension_cost_nothing(tmp_path: Path) -> None:
    rows = text_row(1, *HEADER) + text_row(2, *person(1)) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = raw_sheet(tmp_path, rows)
    began = time.monotonic()
    assert len(read(path)[1]) == 1
    assert time.monotonic() - began < 5


def test_empty_formatted_cells_are_no_rows(tmp_path: Path) -> None:
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="B{row}" s="0"/></row>' for row in range(3, 250_000))
    assert len(read(raw_sheet(tmp_path, text_row(1, *HEADER) + text_row(2, *person(1)) + blank))[1]) == 1


def test_more_than_two_hundred_thousand_rows_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,手机\n" + "王五,13800001234\n" * 200_000, encoding="utf-8")
    assert refusal(path) == "too_many_rows"


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_are_read_in_any_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.dat"
    text = "\r\n".join(delimiter.join(row) for row in (HEADER, [], person(1), ["", "", ""], ['="王五"', "", "", ""]))
    path.write_bytes(text.encode(encoding))
    sheets, rows = read(path)
    assert sheets[0]["sheet"] == ""
    assert rows[0][:2] == [3, person(1)[0]]
    assert rows[1][0] == 5
    assert rows[1][1][0] == "f"


def test_an_undecodable_byte_refuses_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,手机\n王五,13800001234\n".encode("gb18030") + b"\xff\n")
    assert refusal(path) == "undecodable"


def test_an_xls_file_is_read(tmp_path: Path) -> None:
    rows = [
        [*HEADER, "最早"],
        [*person(1)[:2], 13800001234.0, "四川省巴中市南江县", date(2027, 2, 12)],
        [*person(2)[:2], 13800001235.0, None, ("=", "缓存")],
    ]
    sheets, found = read(xls(tmp_path / "a.xls", rows, merges=((1, 2, 3, 3),)))
    assert sheets[0]["sheet"] == "名单"
    assert found[0][1:7] == [
        person(1)[0],
        None,
        person(1)[1],
        ["n", "13800001234"],
        "四川省巴中市南江县",
        ["d", "2027-02-12"],
    ]
    assert found[1][5:7] == ["四川省巴中市南江县", ["f", "缓存"]]


def test_a_hidden_xls_sheet_is_not_read_and_an_encrypted_book_refused(tmp_path: Path) -> None:
    assert refusal(xls(tmp_path / "a.xls", [HEADER], hidden=2)) == "no_header"
    assert refusal(xls(tmp_path / "b.xls", [HEADER], secret=True)) == "encrypted"


def test_an_ods_file_is_read_without_its_repeated_blanks(tmp_path: Path) -> None:
    far = '<table:table-row table:number-rows-repeated="1048000">'
    far += '<table:table-cell table:number-columns-repeated="16384"/>'
    more = (
        '<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"/>'
        '<table:table-cell office:value-type="date" office:date-value="2027-02-12T08:00:00"><office:annotation>'
        "<text:p>批注</text:p></office:annotation><text:p>2月12日</text:p></table:table-cell>"
        '<table:table-cell office:value-type="float" office:value="46430"/>'
    )
    table = (
        f'<table:table table:name="名单">{ods_row(*HEADER, "最早", "最晚")}{ods_row(*person(1)[:3], more=more)}{far}'
        f"</table:table-row>{ods_row(*person(2))}</table:table>"
    )
    hidden = f'<table:table table:name="藏" table:style-name="h">{ods_row(*HEADER)}</table:table>'
    styles = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    sheets, rows = read(ods(tmp_path / "a.ods", table, hidden, styles=styles))
    assert [sheet.get("hidden", False) for sheet in sheets] == [False, True]
    assert rows[0][5:8] == [["f", "1"], ["d", "2027-02-12"], ["n", "46430"]]
    assert rows[1][:2] == [1048003, person(2)[0]]


def test_merged_cells_of_an_ods_file_count_for_every_row(tmp_path: Path) -> None:
    first = '<table:table-cell table:number-rows-spanned="2" office:value-type="string">'
    first += "<text:p>甲</text:p></table:table-cell>"
    table = (
        f'<table:table table:name="n">{ods_row(*HEADER)}{ods_row(*person(1)[:3], more=first)}'
        f"{ods_row(*person(2)[:3], more='<table:covered-table-cell/>')}</table:table>"
    )
    assert [row[5] for row in read(ods(tmp_path / "a.ods", table))[1]] == ["甲", "甲"]


HOSTILE = {
    "html": b"\n<html><table><tr><td>x</td></tr></table>",
    "pdf": b"%PDF-1.7\n",
    "image": b"\x89PNG\r\n\x1a\n",
    "empty": b"",
    "other_kind": compound("WordDocument", b"x"),
    "encrypted": compound("EncryptedPackage", b"x"),
    "damaged": b"PK\x03\x04" + bytes(200),
    "no_header": b"a,b\n1,2\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_list_is_refused_by_its_content(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(HOSTILE[kind])
    assert refusal(path) == kind


def test_a_file_over_fifty_million_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    assert refusal(path) == "too_large"


def test_a_document_type_is_refused_before_any_entity_is_made(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert refusal(changed_parts(workbook(tmp_path / "a.xlsx", [HEADER]), **{SHEET: bomb})) == "entities"


def test_a_part_over_four_hundred_megabytes_is_refused_by_the_directory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as book,
        book.open("xl/media/x.bin", "w") as part,
    ):
        for _ in range(401):
            part.write(bytes(1_000_000))
    assert refusal(path) == "content_too_large"


def test_a_directory_that_lies_about_sizes_is_found_out(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, *([person(1)] * 500)])
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = (100).to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(data))
    assert refusal(path) == "damaged"


def test_one_long_string_in_every_cell_does_not_fill_the_memory(tmp_path: Path) -> None:
    strings = f"<sst {MAIN}>" + "".join(f"<si><t>{text}</t></si>" for text in (*HEADER, "长" * 32_000)) + "</sst>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>' + "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>4</v></c><c r="B{row}" t="s"><v>4</v></c></row>'
        for row in range(2, 4000)
    )
    path = changed_parts(raw_sheet(tmp_path, rows), xl__sharedStrings_dot_xml=strings.encode())
    rels = b"".join(zipfile.ZipFile(path).read(name) for name in ["xl/_rels/workbook.xml.rels"])
    if b"sharedStrings" not in rels:
        added = rels.replace(
            b"</Relationships>",
            b'<Relationship Id="rs9" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        changed_parts(path, xl___rels__workbook_dot_xml_dot_rels=added)
    assert refusal(path) == "content_too_large"


def test_a_tag_of_hundreds_of_megabytes_is_given_up_early(tmp_path: Path) -> None:
    path = raw_sheet(tmp_path, "")
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if "sheet1.xml" not in name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, data in kept.items():
            new.writestr(name, data)
        with new.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet {MAIN} x="'.encode())
            for _ in range(390):
                part.write(b"a" * 1_000_000)
            part.write(b'"/>')
    began = time.monotonic()
    assert refusal(path) == "content_too_large"
    assert time.monotonic() - began < 20
