"""What is not an instance is refused with one line that names field and item, by the reader and by the command."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from charter.planner.instance import InvalidInstance
from charter.planner.reading import parse, read

sys.path.insert(0, str(Path(__file__).parent))
from small_instances import plan_cost, small_instance, town_instance

Change = Callable[[dict[str, Any]], Any]
FAULTS: list[tuple[str, Change]] = [
    ("format", lambda i: i.update(format="charter-instance/2")),
    ("name", lambda i: i.pop("name")),
    ("spread_cost", lambda i: i.update(spread_cost=-1)),
    ("budget", lambda i: i.update(budget="many")),
    ("departures", lambda i: i.pop("departures")),
    ("departures[1].capacity", lambda i: i["departures"][1].update(capacity=0)),
    ("departures[1].capacity", lambda i: i["departures"][1].update(capacity=True)),
    ("departures[1].copies", lambda i: i["departures"][1].update(copies=2**31 + 1)),
    ("departures[1].fixed_cost", lambda i: i["departures"][1].update(fixed_cost=float("nan"))),
    ("departures[1].mode", lambda i: i["departures"][1].update(mode="ship")),
    ("departures[2].id", lambda i: i["departures"][2].update(id="D0")),
    ("departures[0].fleet", lambda i: i["departures"][0].update(fleet="Z")),
    ("departures[0].busy", lambda i: i["departures"][0].update(busy=[3, 1])),
    ("fleets[0].size", lambda i: i["fleets"][0].update(size=-2)),
    ("fleets[1].id", lambda i: i["fleets"].append({"id": "F", "size": 1})),
    ("groups[2].size", lambda i: i["groups"][2].update(size=1.5)),
    ("groups[2].splittable", lambda i: i["groups"][2].update(splittable=1)),
    ("groups[2].unassigned_penalty", lambda i: i["groups"][2].pop("unassigned_penalty")),
    ("groups[3].id", lambda i: i["groups"][3].update(id="G1")),
    ("groups[3].employer", lambda i: i["groups"][3].update(employer=None)),
    ("options[0] group", lambda i: i["options"][0].__setitem__(0, 4)),
    ("options[0] departure", lambda i: i["options"][0].__setitem__(1, -1)),
    ("options[1] cost", lambda i: i["options"][1].__setitem__(2, -0.5)),
    ("options[1] cost", lambda i: i["options"][1].__setitem__(2, True)),
    ("options[2]", lambda i: i["options"].__setitem__(2, [0, 1])),
    ("options[3]", lambda i: i["options"].insert(3, list(i["options"][0]))),
]


@pytest.mark.parametrize(("field", "change"), FAULTS)
def test_a_fault_is_named_by_field_and_item(field: str, change: Change) -> None:
    document = small_instance(3, fleets=True)
    change(document)
    with pytest.raises(InvalidInstance) as refusal:
        parse(document)
    assert str(refusal.value).startswith(field)
    assert "\n" not in str(refusal.value)


def test_fields_that_are_not_known_are_ignored() -> None:
    document = small_instance(3) | {"weather": "rain"}
    document["groups"][0]["colour"] = "red"
    assert parse(document).name == "small-3"


def test_a_packed_file_is_read_and_a_broken_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "town.json.gz"
    path.write_bytes(gzip.compress(json.dumps(town_instance(1)).encode()))
    assert read(path).name == "town-1"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InvalidInstance, match="not a whole gzip file"):
        read(path)


def command(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "charter.planner", *map(str, words)], capture_output=True, text=True,
                          check=False)


def test_the_command_writes_a_plan_that_can_be_started_from(tmp_path: Path) -> None:
    document = town_instance(2)
    given, out = tmp_path / "town.json", tmp_path / "plan.json"
    given.write_text(json.dumps(document), encoding="utf-8")
    assert command(given, "--out", out, "--rounds", 1, "--workers", 1).returncode == 0
    plan = json.loads(out.read_text(encoding="utf-8"))
    assert plan["format"] == "charter-plan/1"
    assert plan_cost(document, plan["assignments"]) == pytest.approx(plan["objective"])
    assert plan["lower_bound"] <= plan["objective"]
    assert command(given, "--out", out, "--rounds", 1, "--workers", 1, "--start", out).returncode == 0
    plan["assignments"][0][3] += 1000
    (tmp_path / "odd.json").write_text(json.dumps(plan), encoding="utf-8")
    refused = command(given, "--out", tmp_path / "no.json", "--start", tmp_path / "odd.json")
    assert refused.returncode == 2
    assert "does not fit the instance" in refused.stderr


@pytest.mark.parametrize("text", ['{"format": NaN}', "{", "[]", "\u20ac"])
def test_the_command_refuses_in_one_line_and_writes_nothing(tmp_path: Path, text: str) -> None:
    given, out = tmp_path / "odd.json", tmp_path / "plan.json"
    given.write_text(text, encoding="utf-8")
    done = command(given, "--out", out)
    assert (done.returncode, len(done.stderr.splitlines()), out.exists()) == (2, 1, False)


def test_the_planner_starts_without_web_framework_or_database() -> None:
    seen = subprocess.run([sys.executable, "-c", "import sys, charter.planner.solve, charter.planner.__main__; "
                           "print([m for m in ('flask', 'sqlalchemy', 'ortools') if m in sys.modules])"],
                          capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
