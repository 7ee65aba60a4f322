"""The named dirty rows through the upload: the same verdicts as the command's, and only the good ones are taken."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

from rosters.roster_world import World

from charter.jobs import run_waiting

sys.path.insert(0, str(Path(__file__).parent / "reader"))

from dirty_rows import CASES, HEADER

# Days without a year and birth dates are judged by today's date there.
TIMELY = ("a day without a year that is over", "somebody not yet born")


def test_dirty_rows_are_judged_by_the_upload_as_by_the_command(world: World) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([HEADER, *(case.row() for case in CASES)])
    batch = world.previewed(written.getvalue().encode("gb18030"), name="名单.csv")
    found = {row["row"]: row for row in world.rows(batch)}
    assert len(found) == len(CASES)
    for at, case in enumerate(CASES, 2):
        if case.name in TIMELY:
            continue
        row = found[at]
        problems = {f"{one['field']}:{one['code']}" for one in row["problems"]}
        repairs = {f"{one['field']}:{one['code']}" for one in row["repairs"]}
        assert (row["status"], problems, repairs) == (case.status, case.problems, case.repairs), case.name
    good = sum(row["status"] in ("accepted", "repaired") for row in found.values())
    world.post(f"/rosters/{batch['id']}/commit")
    run_waiting()
    assert world.get(f"/rosters/{batch['id']}").json["changes"]["new"] == good
    assert world.get(f"/rosters/{batch['id']}/bad.xlsx").status_code == 200
