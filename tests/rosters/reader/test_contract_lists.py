"""What the roster contract says of headers, sheets, merged cells, duplicates and the figures."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from raw_book import Cell, D, F, N, RawSheet, raw_book, resident

from charter.places.table import load
from charter.rosters.reader.read import Refused, read_file
from charter.rosters.reader.result import to_json

TODAY = date(2026, 2, 10)
HEADER: list[Cell] = ["姓名", "身份证号", "手机号", "出发地"]
PLACE = "四川省巴中市南江县"


def person(order: int, name: str = "王五") -> list[Cell]:
    return [name, resident(order), f"138{order:08d}", PLACE]


def result(path: Path) -> dict[str, Any]:
    return to_json(read_file(path, today=TODAY, divisions=load()))


def book(tmp_path: Path, *sheets: RawSheet, **options: Any) -> dict[str, Any]:
    return result(raw_book(tmp_path / "a.xlsx", *sheets, **options))


def listed(*rows: list[Cell], header: list[Cell] = HEADER, **options: Any) -> RawSheet:
    return RawSheet(dict(enumerate([header, *rows], 1)), **options)


def verdicts(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (row["status"], " ".join(f"{problem['field']}:{problem['code']}" for problem in row["problems"]))
        for row in found["rows"]
    ]


SYNONYMS = {
    "name": "姓名 名字 员工姓名 name NAME Name 姓　名 姓名* *姓名 姓名（必填） 【姓名】 姓\u00a0名 ＮＡＭＥ",
    "id_number": "身份证 身份证号 身份证号码 证件号 证件号码 id_number IDNumber 身份证\n号码 身份证号＊ ＩＤnumber",
    "id_type": "证件类型 证件类型（必填）",
    "phone": "手机 手机号 电话 联系方式 联系电话 phone mobile Phone MOBILE 手机号(11位)",
    "origin": "出发地 上车点 乘车地 origin 户籍地 籍贯 家庭住址 ORIGIN",
    "earliest": "最早 最早返岗日期 earliest",
    "latest": "最晚 latest",
    "modes": "交通方式 出行方式 mode",
    "party": "同行 同行人 同行组 party",
    "needs": "特殊需求 needs",
    "note": "备注 note",
}
HEADINGS = [(field, heading.replace("_", " ")) for field, words in SYNONYMS.items() for heading in words.split(" ")]


@pytest.mark.parametrize(("field", "heading"), HEADINGS, ids=[f"{field}:{heading!a}" for field, heading in HEADINGS])
def test_every_heading_of_the_contract_is_known(tmp_path: Path, field: str, heading: str) -> None:
    rest = {"name": "姓名", "id_number": "身份证号", "phone": "手机号"}
    rest.pop(field, None)
    header: list[Cell] = [heading, None, *rest.values()]
    (sheet,) = book(tmp_path, listed(header=header))["sheets"]
    assert sheet["columns"] == {field: heading, **rest}
    assert sheet["header_row"] == 1


@pytest.mark.parametrize("heading", ["返岗日期", "乘车日期"])
def test_one_date_column_is_both_ends_and_both_are_judged(tmp_path: Path, heading: str) -> None:
    found = book(tmp_path, listed([*person(1), "2026-02-12"], [*person(2), "正月初八"], header=[*HEADER, heading]))
    assert found["sheets"][0]["columns"] | {"earliest": heading, "latest": heading} == found["sheets"][0]["columns"]
    assert (found["rows"][0]["worker"]["earliest"], found["rows"][0]["worker"]["latest"]) == (
        "2026-02-12",
        "2026-02-12",
    )
    assert verdicts(found)[1] == ("rejected", "earliest:date_invalid latest:date_invalid")


OTHERS = ["紧急联系人", "紧急联系人姓名", "带队人", "带队人姓名", "姓名（紧急联系人）"]


@pytest.mark.parametrize("heading", OTHERS)
def test_a_column_for_other_people_is_never_the_workers(tmp_path: Path, heading: str) -> None:
    header: list[Cell] = [heading, "紧急联系人电话", "紧急联系电话", "带队人手机", *HEADER, "紧急联系人身份证号"]
    found = book(tmp_path, listed(["李四", "1", "2", "3", *person(1), "4"], header=header))
    assert verdicts(found) == [("accepted", "")]
    assert found["sheets"][0]["columns"] == dict(zip(["name", "id_number", "phone", "origin"], HEADER, strict=True))


def test_other_peoples_columns_alone_make_no_header(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        book(tmp_path, listed(header=["紧急联系人姓名", "紧急联系人电话", "身份证号"]))


def test_the_first_of_two_columns_counts_and_one_without_a_header_is_not_read(tmp_path: Path) -> None:
    header: list[Cell] = ["姓名", None, "手机", "电话", "身份证号", "出发地", "出发地"]
    found = book(tmp_path, listed(["王五", F("x"), "13800000001", F("y"), resident(1), PLACE, "火星"], header=header))
    assert verdicts(found) == [("accepted", "")]
    assert found["sheets"][0]["columns"]["phone"] == "手机"


def test_a_home_address_counts_only_without_a_place_of_departure(tmp_path: Path) -> None:
    header: list[Cell] = ["户籍地", "姓名", "身份证号", "手机号", "上车点"]
    found = book(tmp_path, listed(["火星", *person(1)], header=header))
    assert found["rows"][0]["worker"]["origin"] == "511922"
    empty = book(tmp_path, listed([PLACE, *person(1)[:3], None], header=header))
    assert verdicts(empty) == [("rejected", "origin:missing")]


def test_a_missing_column_makes_every_row_missing(tmp_path: Path) -> None:
    for at, field in ((1, "id_number"), (2, "phone"), (3, "origin")):
        keep = [place for place in range(4) if place != at]
        found = book(tmp_path, listed([person(1)[place] for place in keep], header=[HEADER[place] for place in keep]))
        assert verdicts(found) == [("rejected", f"{field}:missing")]
    with pytest.raises(Refused):
        book(tmp_path, listed(person(1)[1:], header=HEADER[1:]))
    with pytest.raises(Refused):
        book(tmp_path, listed(header=["姓名", "出发地", "最早"]))


def test_titles_blank_rows_and_columns_and_the_rows_numbers(tmp_path: Path) -> None:
    title: list[Cell] = [None, "某厂返岗名单（姓名、手机）"]
    sheet = RawSheet(
        {
            2: title,
            3: [None, None, "说明"],
            7: [None, "出发地", None, "手机号", "姓名", "身份证号"],
            9: [None, PLACE, None, "13800000001", "王五", resident(1)],
            10: [None, None, None, None, None, None, "x"],
            11: [None, "出发地", None, "手机号", "姓名", "身份证号"],
            300: [None, PLACE, None, None, "赵六"],
            301: [None, PLACE, None, " ", "　", ""],
        },
        hidden_rows=[9],
        merges=["B2:F2"],
        before='<cols><col min="4" max="4" hidden="1"/></cols>',
    )
    found = book(tmp_path, sheet)
    assert found["sheets"][0]["header_row"] == 7
    assert [(row["row"], row["status"]) for row in found["rows"]] == [(9, "accepted"), (300, "rejected")]
    assert verdicts(found)[1][1] == "id_number:missing phone:missing"


@pytest.mark.parametrize(("above", "read"), [(49, True), (50, False)])
def test_the_header_stands_in_the_first_fifty_rows_that_are_not_blank(tmp_path: Path, above: int, read: bool) -> None:
    rows: dict[int, list[Cell]] = {2 * at: ["说明"] for at in range(1, above + 1)}
    sheet = RawSheet(rows | {500: HEADER, 501: person(1)})
    if read:
        assert verdicts(book(tmp_path, sheet)) == [("accepted", "")]
    else:
        with pytest.raises(Refused):
            book(tmp_path, sheet)


def test_a_header_alone_is_an_empty_result(tmp_path: Path) -> None:
    found = book(tmp_path, listed())
    assert found["rows"] == []
    assert found["summary"] == {"accepted": 0, "repaired": 0, "rejected": 0, "duplicates": 0}
    assert found["format"] == "charter-roster/1"


def test_sheets_keep_their_order_and_hidden_ones_are_only_named(tmp_path: Path) -> None:
    found = book(
        tmp_path,
        listed(person(1), name="甲"),
        listed(person(2), name="藏", state="hidden"),
        RawSheet({1: ["说明"]}, name="说明"),
        listed(person(2), name="深藏", state="veryHidden"),
        RawSheet({}, name="空"),
        listed(person(1), person(2), name="乙 <&>"),
    )
    assert [(sheet["name"], sheet.get("hidden")) for sheet in found["sheets"]] == [
        ("甲", None),
        ("藏", True),
        ("深藏", True),
        ("乙 <&>", None),
    ]
    assert [(row["sheet"], row["row"], row["status"]) for row in found["rows"]] == [
        ("甲", 2, "accepted"),
        ("乙 <&>", 2, "duplicate"),
        ("乙 <&>", 3, "accepted"),
    ]


def test_only_hidden_lists_are_no_list(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        book(tmp_path, listed(person(1), state="hidden"), RawSheet({1: ["说明"]}))


def test_a_merged_cell_counts_for_every_row_and_is_no_repair(tmp_path: Path) -> None:
    rows = [person(1), [*person(2)[:3], None], [*person(3)[:3], "写在下面也不算"], [*person(4)[:3], None]]
    found = book(tmp_path, listed(*rows, merges=["D2:D4"]))
    assert verdicts(found) == [("accepted", ""), ("accepted", ""), ("accepted", ""), ("rejected", "origin:missing")]
    assert all(row["repairs"] == [] for row in found["rows"])
    formula = book(tmp_path, listed([*person(1)[:3], F(PLACE)], [*person(2)[:3], None], merges=["D2:D3"]))
    assert verdicts(formula) == [("rejected", "origin:formula")] * 2
    name = book(tmp_path, listed(person(1), [None, *person(2)[1:]], [None] * 4, person(3), merges=["A2:A4"]))
    assert [(row["row"], row["status"]) for row in name["rows"]] == [
        (2, "accepted"),
        (3, "accepted"),
        (4, "rejected"),
        (5, "accepted"),
    ]


def test_serials_follow_the_workbooks_own_epoch(tmp_path: Path) -> None:
    sheet = listed([*person(1), D("44603"), N("44604")], header=[*HEADER, "最早", "最晚"])
    (row,) = book(tmp_path, sheet, date1904=True)["rows"]
    assert (row["worker"]["earliest"], row["worker"]["latest"]) == ("2026-02-12", "2026-02-13")
    assert [(repair["field"], repair["code"], repair["to"]) for repair in row["repairs"]] == [
        ("latest", "excel_serial", "2026-02-13")
    ]


ORDERS: dict[str, tuple[list[list[Cell]], list[str]]] = {
    "same person": ([person(1), person(1)], ["accepted", "duplicate"]),
    "same person three times": ([person(1), person(1), person(1)], ["accepted", "duplicate", "duplicate"]),
    "same after repair": ([person(1), [" 王　五", f"'{resident(1)}", "13900000000", PLACE]], ["accepted", "duplicate"]),
    "the repaired stands first": ([["王 五", *person(1)[1:]], person(1)], ["repaired", "duplicate"]),
    "upgraded number": (
        [person(1), ["王五", resident(1)[:6] + resident(1)[8:17], "13900000000", PLACE]],
        ["accepted", "duplicate"],
    ),
    "other cells wrong": ([person(1), ["王五", resident(1), "无", "火星"]], ["accepted", "duplicate"]),
    "other cells missing": ([person(1), ["王五", resident(1), None, None]], ["accepted", "duplicate"]),
    "above is rejected": (
        [["王五", resident(1), "无", PLACE], person(1), person(1)],
        ["rejected", "accepted", "duplicate"],
    ),
    "both rejected": (
        [["王五", resident(1), "无", PLACE], ["王五", resident(1), "无", PLACE]],
        ["rejected", "rejected"],
    ),
    "another name": ([person(1), person(1, "赵六"), person(1)], ["accepted", "conflict", "duplicate"]),
    "another name, and it is rejected anyway": (
        [person(1), ["赵六", resident(1), "无", PLACE]],
        ["accepted", "rejected"],
    ),
    "a conflict makes no duplicates": (
        [person(1), person(1, "赵六"), person(1, "赵六")],
        ["accepted", "conflict", "conflict"],
    ),
    "a shared phone": ([person(1), [*person(2)[:2], person(1)[2], PLACE]], ["accepted", "accepted"]),
    "a shared name": ([person(1), person(2)], ["accepted", "accepted"]),
    "wrong name, same number": ([person(1), ["王5", *person(1)[1:]]], ["accepted", "rejected"]),
    "a permit with its renewal count": (
        [["王五", "H12345678", "13800000001", PLACE], ["王五", "H1234567801", "13800000001", PLACE]],
        ["accepted", "duplicate"],
    ),
}


@pytest.mark.parametrize("case", ORDERS)
@pytest.mark.parametrize("sheets", [False, True], ids=["one sheet", "a sheet each"])
def test_who_is_a_duplicate_or_a_conflict(tmp_path: Path, case: str, sheets: bool) -> None:
    rows, expected = ORDERS[case]
    lists = [listed(row, name=str(at)) for at, row in enumerate(rows)] if sheets else [listed(*rows)]
    found = book(tmp_path, *lists)
    said = [
        "conflict" if row["problems"] and row["problems"][0]["code"] == "conflict" else row["status"]
        for row in found["rows"]
    ]
    assert said == expected
    for row in found["rows"]:
        codes = [(problem["field"], problem["code"]) for problem in row["problems"]]
        assert (row["status"] == "rejected") == bool(codes)
        assert ("id_number", "conflict") not in codes or codes == [("id_number", "conflict")]
    counted = found["summary"]
    assert sum(counted.values()) == len(rows)
    assert counted["duplicates"] == said.count("duplicate")
    assert counted["rejected"] == said.count("rejected") + said.count("conflict")


def test_a_conflict_holds_the_trimmed_text_and_lists_the_other_repairs(tmp_path: Path) -> None:
    found = book(
        tmp_path, listed(person(1), ["赵 六", f" {resident(1)[:6]} {resident(1)[6:]} ", "138-0000-0001", PLACE])
    )
    row = found["rows"][1]
    assert row["worker"]["id_number"] == f"{resident(1)[:6]} {resident(1)[6:]}"
    assert row["worker"]["name"] == "赵六"
    assert {(repair["field"], repair["code"]) for repair in row["repairs"]} == {
        ("name", "name_spacing"),
        ("phone", "separator"),
        ("id_number", "trimmed"),
    }


def test_every_field_is_judged_and_one_problem_a_field_is_listed(tmp_path: Path) -> None:
    header: list[Cell] = [*HEADER, "最早", "最晚", "交通方式", "同行", "特殊需求", "备注"]
    found = book(
        tmp_path,
        listed(
            ["王5", "1" * 17, "0", "火星", "年后", "02/03/2026", "自驾", "组" * 201, F("x"), "字" * 1001], header=header
        ),
    )
    assert verdicts(found) == [
        (
            "rejected",
            "name:name_invalid id_number:id_length phone:phone_invalid origin:origin_unknown "
            "earliest:date_invalid latest:date_invalid modes:mode_unknown party:too_long needs:formula note:too_long",
        )
    ]


def test_a_formula_counts_only_in_a_column_that_is_used(tmp_path: Path) -> None:
    header: list[Cell] = ["序号", *HEADER, "年龄"]
    assert verdicts(book(tmp_path, listed([F("1"), *person(1), F("35")], header=header))) == [("accepted", "")]


TEXTS = {
    "comma": ",",
    "tab": "\t",
    "semicolon": ";",
}
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"], ids=["comma", "tab", "semicolon"])
def test_text_files(tmp_path: Path, encoding: str, ending: str, delimiter: str) -> None:
    quoted = f'"王\n五"{delimiter}{resident(1)}{delimiter}13800000001{delimiter}"{PLACE}"'
    rows = [
        "名单，2026",
        "",
        delimiter.join(map(str, HEADER)),
        quoted,
        "",
        delimiter * 3,
        delimiter.join(map(str, person(2))),
        f'="王五"{delimiter}{resident(3)}{delimiter}=1+1{delimiter}{PLACE}',
    ]
    (tmp_path / "a.dat").write_bytes(ending.join(rows).encode(encoding))
    found = result(tmp_path / "a.dat")
    assert [sheet["name"] for sheet in found["sheets"]] == [""]
    assert found["sheets"][0]["header_row"] == 3
    assert [(row["sheet"], row["row"], row["status"]) for row in found["rows"]] == [
        ("", 4, "repaired"),
        ("", 7, "accepted"),
        ("", 8, "rejected"),
    ]
    assert verdicts(found)[2][1] == "name:formula phone:formula"


UNREADABLE = {
    "a broken letter under an English header": b"name,phone\n\xe7\x8e\x8b\xe4\xba\x94,1\n\xe8\xb5\xb5\xe5\x85,1\n",
    "a broken letter in UTF-8": "姓名,手机\n王五,13800000001\n".encode()[:-15] + b",1\n",
    "half a letter at the end": "姓名,手机\n王五,1\n赵六".encode()[:-1],
    "a lone byte in GB18030": "姓名,手机\n王五,1\n".encode("gb18030") + b"\xff",
    "half a pair in UTF-16": "姓名,手机\n王五,1\n".encode("utf-16") + b"\x00",
    "a lone surrogate in UTF-16": "姓名,手机\n".encode("utf-16") + b"\x00\xd8" + "\n".encode("utf-16-le"),
    "a mark of UTF-8 before GB18030": b"\xef\xbb\xbf" + "姓名,手机\n王五,1\n".encode("gb18030"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_undecodable_byte_refuses_a_text(tmp_path: Path, case: str) -> None:
    (tmp_path / "a.csv").write_bytes(UNREADABLE[case])
    with pytest.raises(Refused) as refused:
        result(tmp_path / "a.csv")
    assert refused.value.code == "roster_undecodable"


def command(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "charter.rosters", *arguments],
        capture_output=True,
        check=False,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )


def test_the_command_keeps_what_is_no_plain_file_and_replaces_what_a_link_points_at(tmp_path: Path) -> None:
    path, target, link = (
        raw_book(tmp_path / "名 单.xlsx", listed(person(1))),
        tmp_path / "real.json",
        tmp_path / "link.json",
    )
    target.write_text("old")
    link.symlink_to(target)
    assert command(str(path), "--out", str(link)).returncode == 0
    assert link.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))["summary"]["accepted"] == 1
    shown = command(str(path), "--out", "/dev/null")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("what", ["missing", "folder", "device", "empty", "no folder to write to"])
def test_the_command_refuses_with_one_line(tmp_path: Path, what: str) -> None:
    (tmp_path / "empty").touch()
    raw_book(tmp_path / "good.xlsx", listed(person(1)))
    path = {
        "missing": tmp_path / "nothing.csv",
        "folder": tmp_path,
        "device": Path("/dev/zero"),
        "empty": tmp_path / "empty",
        "no folder to write to": tmp_path / "good.xlsx",
    }[what]
    out = tmp_path / ("gone/out.json" if what.startswith("no") else "out.json")
    said = command(str(path), "--out", str(out))
    assert said.returncode == 2
    assert said.stdout == b""
    assert said.stderr.count(b"\n") == 1
    assert b"Traceback" not in said.stderr
    assert not out.exists()


def test_a_refusal_leaves_an_earlier_result_alone(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("{}")
    (tmp_path / "a.csv").write_text("no list")
    assert command(str(tmp_path / "a.csv"), "--out", str(tmp_path / "out.json")).returncode == 2
    assert (tmp_path / "out.json").read_text() == "{}"
