"""However a list is cut into sheets, and whatever stands between, it holds the same people; days count from day 0."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

sys.path.insert(0, str(Path(__file__).parent))

from roster_files import HEADER, TODAY, ods, ods_row, person, workbook

from charter.places.table import load
from charter.rosters.giving_back.marks import HEADINGS, Marks, SheetMarks
from charter.rosters.giving_back.process import marked_workbook
from charter.rosters.reader.read import read_file

PEOPLE = [person(order) for order in range(1, 9)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=some.sets(some.integers(1, 7), max_size=4), orders=some.lists(some.permutations(range(4)), min_size=5,
                                                                          max_size=5),
       titles=some.lists(some.sampled_from([[], [["某公司"]], [["名单"], [], ["车间：一"]]]), min_size=5, max_size=5),
       between=some.booleans())
def test_any_mix_of_sheets_gives_the_same_people(
    tmp_path: Path, cuts: set[int], orders: list[list[int]], titles: list[list[list[str]]], between: bool
) -> None:
    ends = [0, *sorted(cuts), len(PEOPLE)]
    sheets = []
    for at, (first, last) in enumerate(pairwise(ends)):
        rows = [[row[place] for place in orders[at]] for row in (HEADER, *PEOPLE[first:last])]
        sheets += [titles[at] + rows] + [[["说明"], ["请按身份证填写"]]] * between
    found = read_file(workbook(tmp_path / "a.xlsx", *sheets), today=TODAY, divisions=load())
    assert [row.status for row in found.rows] == ["accepted"] * len(PEOPLE)
    assert [[row.worker[field] for field in ("name", "id_number", "phone")] for row in found.rows] == [
        row[:3] for row in PEOPLE]
    assert len(found.sheets) == len(ends) - 1


def dated(path: Path, null_date: str) -> Path:
    """An .ods whose serial numbers count from that day."""
    day = f'<table:null-date table:date-value="{null_date}"/>'
    settings_ = f"<table:calculation-settings>{day}</table:calculation-settings>"
    number = '<table:table-cell office:value-type="float" office:value="46430"/>'
    table = f'<table:table table:name="n">{ods_row(*HEADER, "最早")}{ods_row(*person(1), more=number)}</table:table>'
    return ods(path, settings_ if null_date else "", table)


@pytest.mark.parametrize(("null_date", "day"), [
    ("", "2027-02-12"), ("1899-12-30", "2027-02-12"), ("1900-01-01", "2027-02-14"), ("1904-01-01", "2031-02-13")])
def test_days_of_an_ods_count_from_its_own_day_0_and_are_given_back_as_those_days(
    tmp_path: Path, null_date: str, day: str
) -> None:
    path = dated(tmp_path / "a.ods", null_date)
    (row,) = read_file(path, today=TODAY, divisions=load()).rows
    assert (row.worker["earliest"], [one.code for one in row.repairs]) == (day, ["excel_serial"])
    places = {name: at for at, name in enumerate(("name", "id_number", "phone", "origin", "earliest"))}
    back = tmp_path / "back.xlsx"
    back.write_bytes(marked_workbook(path.read_bytes(), Marks(HEADINGS[0], {"n": SheetMarks(1, places)})))
    (again,) = read_file(back, today=TODAY, divisions=load()).rows
    assert again.worker["earliest"] == day
