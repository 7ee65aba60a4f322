"""Named dirty rows through the command, as an employer's text file and as a workbook: each with its whole verdict."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from dirty_rows import CASES, HEADER, TODAY, Case
from raw_book import RawSheet, raw_book


def verdicts(path: Path) -> dict[int, Any]:
    """What the command says of a file, by row."""
    done = subprocess.run([sys.executable, "-m", "charter.rosters", str(path), "--today", TODAY], capture_output=True,
                          text=True, check=True)
    found = json.loads(done.stdout)
    assert sum(found["summary"].values()) == len(found["rows"]) == len(CASES)
    return {row["row"]: row for row in found["rows"]}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, Any]]:
    folder = tmp_path_factory.mktemp("dirty")
    text = folder / "list.csv"
    with text.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADER, *(case.row() for case in CASES)])
    book = raw_book(folder / "list.xlsx", RawSheet(dict(enumerate([HEADER, *(case.row() for case in CASES)], 1))))
    return {"csv": verdicts(text), "xlsx": verdicts(book)}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("at", range(len(CASES)), ids=[case.name for case in CASES])
def test_each_dirty_row_has_its_verdict(read: dict[str, dict[int, Any]], kind: str, at: int) -> None:
    case, row = CASES[at], read[kind][at + 2]
    assert seen(row) == (case.status, case.problems, case.repairs)
    for field, value in case.worker.items():
        assert row["worker"][field] == value


def seen(row: dict[str, Any]) -> tuple[str, set[str], set[str]]:
    return (row["status"], {f"{one['field']}:{one['code']}" for one in row["problems"]},
            {f"{one['field']}:{one['code']}" for one in row["repairs"]})


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
    assert all(isinstance(case, Case) for case in CASES)
