"""The verdicts of the roster contract on dirty rows, in files as clerks send them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

sys.path.insert(0, str(Path(__file__).parent))

from roster_files import HEADER, TODAY, large_workbook, number, person, workbook, xls

from charter.places.table import load
from charter.rosters.reader.read import read_file
from charter.rosters.reader.result import RowResult, to_json

FULL = [*HEADER, "证件类型", "最早", "最晚", "交通方式", "同行", "特殊需求", "备注"]
COLUMN = {
    "name": 0,
    "id_number": 1,
    "phone": 2,
    "origin": 3,
    "id_type": 4,
    "earliest": 5,
    "latest": 6,
    "modes": 7,
    "party": 8,
    "needs": 9,
    "note": 10,
}


def judged(tmp_path: Path, *rows: list[Any], header: list[Any] = FULL) -> list[RowResult]:
    return read_file(workbook(tmp_path / "a.xlsx", [header, *rows]), today=TODAY, divisions=load()).rows


def row_with(**cells: Any) -> list[Any]:
    row = [*person(7), *[None] * 7]
    for field, cell in cells.items():
        row[COLUMN[field]] = cell
    return row


GOOD = number(7, "19600101")
WRONG = {
    "missing name": ({"name": None}, "name", "missing"),
    "blank name": ({"name": "　\u200b "}, "name", "missing"),
    "missing id": ({"id_number": None}, "id_number", "missing"),
    "missing phone": ({"phone": None}, "phone", "missing"),
    "missing origin": ({"origin": " "}, "origin", "missing"),
    "emoji name": ({"name": "王五😀"}, "name", "name_invalid"),
    "digits for a name": ({"name": "王5"}, "name", "name_invalid"),
    "number for a name": ({"name": 12}, "name", "name_invalid"),
    "fifty-one characters": ({"name": "王" * 51}, "name", "name_invalid"),
    "endless name": ({"name": "王" * 201}, "name", "too_long"),
    "checksum": ({"id_number": GOOD[:17] + "12345"[GOOD[17] == "1"]}, "id_number", "id_checksum"),
    "seventeen digits": ({"id_number": GOOD[:17]}, "id_number", "id_length"),
    "birth date not in the calendar": ({"id_number": GOOD[:10] + "0230" + GOOD[14:]}, "id_number", "id_birthdate"),
    "scientific notation": ({"id_number": "5.11922E+17"}, "id_number", "id_lost_digits"),
    "number cell of eighteen digits": ({"id_number": 511922196001010000}, "id_number", "id_lost_digits"),
    "unknown form": ({"id_number": "A1"}, "id_number", "id_type_unknown"),
    "unknown type": ({"id_type": "学生证"}, "id_number", "id_type_unknown"),
    "formula id": ({"id_number": "=A1"}, "id_number", "formula"),
    "landline": ({"phone": "0592-5551234"}, "phone", "phone_invalid"),
    "two phones": ({"phone": "13800001234/13900001234"}, "phone", "phone_invalid"),
    "short phone": ({"phone": 1380000123}, "phone", "phone_invalid"),
    "city alone": ({"origin": "四川省巴中市"}, "origin", "origin_ambiguous"),
    "shared county name": ({"origin": "鼓楼区"}, "origin", "origin_ambiguous"),
    "unknown place": ({"origin": "火星"}, "origin", "origin_unknown"),
    "lunar date": ({"earliest": "正月初八"}, "earliest", "date_invalid"),
    "day and month in doubt": ({"earliest": "02/03/2027"}, "earliest", "date_invalid"),
    "window the wrong way": ({"earliest": "2027-02-12", "latest": "2027-02-11"}, "latest", "date_order"),
    "own car": ({"modes": "自驾"}, "modes", "mode_unknown"),
    "long party": ({"party": "组" * 201}, "party", "too_long"),
    "long note": ({"note": "字" * 1001}, "note", "too_long"),
    "cell full to the brim": ({"needs": "字" * 32_767}, "needs", "too_long"),
    "formula in a used column": ({"note": "=1+1"}, "note", "formula"),
}
GOOD_ROWS = {
    "lower-case x": ({"id_number": number(3, "19600102").replace("X", "x")}, "id_number", None),
    "apostrophe": ({"id_number": "'" + GOOD}, "id_number", "apostrophe"),
    "blanks in the id": ({"id_number": f"{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}"}, "id_number", "separator"),
    "outer blanks": ({"id_number": f"\u00a0{GOOD}\t"}, "id_number", "trimmed"),
    "full width": ({"phone": "１３８００００１２３４"}, "phone", "full_width"),
    "country prefix": ({"phone": "+86 13800001234"}, "phone", "country_prefix"),
    "hyphens": ({"phone": "138-0000-1234"}, "phone", "separator"),
    "float as text": ({"phone": "13800001234.0"}, "phone", "float_text"),
    "spaced name": ({"name": "王 五"}, "name", "name_spacing"),
    "dotted name": ({"name": "买买提•艾力"}, "name", "name_dot"),
    "direction mark": ({"name": "王\u200e五"}, "name", "invisible_characters"),
    "short origin": ({"origin": "四川南江县长赤镇"}, "origin", "origin_completed"),
    "serial date": ({"earliest": 46430}, "earliest", "excel_serial"),
    "chinese date": ({"earliest": "2027年2月12日"}, "earliest", "date_format"),
    "no year": ({"earliest": "2月12日"}, "earliest", "date_format"),
    "fifteen digits": ({"id_number": GOOD[:6] + GOOD[8:17]}, "id_number", "id_15_to_18"),
    "nothing to mend": (
        {"phone": 13800001234, "modes": "不限", "note": "字" * 1000, "earliest": "2027.02.12"},
        "phone",
        None,
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_cell_rejects_its_row_with_one_problem(tmp_path: Path, case: str) -> None:
    cells, field, code = WRONG[case]
    (row,) = judged(tmp_path, row_with(**cells))
    assert row.status == "rejected"
    assert [(problem.field, problem.code) for problem in row.problems] == [(field, code)]
    assert all(problem.text() and "%(" not in problem.text() for problem in row.problems)


@pytest.mark.parametrize("case", GOOD_ROWS)
def test_a_safe_repair_is_listed_and_the_row_taken(tmp_path: Path, case: str) -> None:
    cells, field, code = GOOD_ROWS[case]
    (row,) = judged(tmp_path, row_with(**cells))
    assert row.problems == ()
    assert code is None or code in [repair.code for repair in row.repairs if repair.field == field]
    assert row.status == ("repaired" if row.repairs else "accepted")
    for repair in row.repairs:
        assert repair.before == str(cells[repair.field])
        assert repair.after == str(row.worker[repair.field])


def test_a_clean_row_gives_the_whole_worker(tmp_path: Path) -> None:
    (row,) = judged(
        tmp_path, row_with(earliest="2027/2/12", latest="2027-02-15", modes="火车、大巴", party=1, note="靠窗")
    )
    assert row.status == "accepted"
    assert row.worker == {
        "name": person(7)[0],
        "id_type": "resident_id",
        "id_number": GOOD,
        "phone": "13800000007",
        "origin": "511922",
        "origin_text": "四川省巴中市南江县",
        "earliest": "2027-02-12",
        "latest": "2027-02-15",
        "modes": ["bus", "train"],
        "party": "1",
        "needs": None,
        "note": "靠窗",
    }


def test_a_column_for_the_document_wins_over_its_form(tmp_path: Path) -> None:
    taiwan, book = judged(tmp_path, row_with(id_type="台胞证", id_number="12345678"), row_with(id_type="户口簿"))
    assert (taiwan.status, taiwan.worker["id_type"]) == ("accepted", "travel_permit")
    assert (book.status, book.worker["id_type"]) == ("accepted", "resident_id")


def test_one_date_column_is_both_ends(tmp_path: Path) -> None:
    (row,) = judged(tmp_path, [*person(1), "2027-02-12"], header=[*HEADER, "返岗日期"])
    assert (row.worker["earliest"], row.worker["latest"]) == ("2027-02-12", "2027-02-12")


def test_a_missing_required_column_makes_every_row_missing(tmp_path: Path) -> None:
    rows = judged(tmp_path, person(1)[:3], person(2)[:3], header=HEADER[:3])
    assert [[(problem.field, problem.code) for problem in row.problems] for row in rows] == [
        [("origin", "missing")]
    ] * 2


def test_the_same_person_twice_is_a_duplicate_and_another_name_a_conflict(tmp_path: Path) -> None:
    name, id_number, phone, origin = person(1)
    statuses = [
        (row.status, [problem.code for problem in row.problems])
        for row in judged(
            tmp_path,
            [name, id_number, "1", origin],
            person(1),
            [f" {name}", id_number, "13900009999", origin],
            ["另一人", id_number, phone, origin],
            ["另一人", id_number, "1", origin],
            person(2),
            header=HEADER,
        )
    ]
    assert statuses == [
        ("rejected", ["phone_invalid"]),
        ("accepted", []),
        ("duplicate", []),
        ("rejected", ["conflict"]),
        ("rejected", ["phone_invalid"]),
        ("accepted", []),
    ]


def test_duplicates_are_found_across_sheets_and_the_figures_add_up(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", [HEADER, person(1), person(2)], [["没有名单"]], [HEADER, person(2), ["坏", "1", "2", "3"]]
    )
    result = to_json(read_file(path, today=TODAY, divisions=load()))
    assert result["summary"] == {"accepted": 2, "repaired": 0, "rejected": 1, "duplicates": 1}
    assert [sheet["name"] for sheet in result["sheets"]] == ["表1", "表3"]
    assert [(row["sheet"], row["row"]) for row in result["rows"]] == [("表1", 2), ("表1", 3), ("表3", 2), ("表3", 3)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=some.permutations(range(4)), kind=some.sampled_from(["xlsx", "xls", "csv"]), blank=some.integers(0, 3))
def test_any_order_of_columns_and_kind_of_file_gives_the_same_people(
    tmp_path: Path, order: list[int], kind: str, blank: int
) -> None:
    rows = [[row[at] for at in order] for row in (HEADER, person(1), person(2), person(3))]
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        workbook(path, [[]] * blank + rows)
    elif kind == "xls":
        xls(path, rows)
    else:
        path.write_text("\n" * blank + "\n".join("\t".join(row) for row in rows), encoding="gb18030")
    found = read_file(path, today=TODAY, divisions=load()).rows
    assert [[row.worker[field] for field in ("name", "id_number", "phone")] for row in found] == [
        person(order)[:3] for order in (1, 2, 3)
    ]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "charter.rosters", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_writes_the_contracts_result(tmp_path: Path) -> None:
    path, out = workbook(tmp_path / "a.xlsx", [HEADER, person(1)]), tmp_path / "result.json"
    assert command(str(path), "--out", str(out), "--today", "2027-01-20").returncode == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert list(result) == ["format", "sheets", "rows", "summary"]
    assert result["format"] == "charter-roster/1"
    shown = command(str(path), "--today", "2027-01-20")
    assert json.loads(shown.stdout) == result


def test_the_command_refuses_with_one_line_and_writes_nothing(tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "result.json"
    path.write_bytes(b"%PDF-1.4")
    refused = command(str(path), "--out", str(out))
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert not out.exists()
    assert refused.stdout == ""


def test_a_header_without_workers_is_an_empty_result(tmp_path: Path) -> None:
    assert judged(tmp_path, header=HEADER) == []


def test_progress_is_told_and_a_long_list_stays_small(tmp_path: Path) -> None:
    told: list[int] = []
    result = read_file(large_workbook(tmp_path / "a.xlsx", 1200), today=TODAY, divisions=load(), progress=told.append)
    assert told == [500, 1000, 1200]
    assert result.summary()["accepted"] == 1200


def test_the_reader_loads_no_web_framework_and_no_database() -> None:
    script = (
        "import sys, charter.rosters.__main__, charter.rosters.reader.child\n"
        "print([name for name in ('flask', 'sqlalchemy', 'charter.rosters.models') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
