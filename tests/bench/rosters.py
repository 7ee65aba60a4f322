"""How fast and how small lists are read, taken and given back, beside python-calamine in the same run.

Prints Markdown tables. ROWS (default 100000) sets the size of the large list.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "rosters" / "reader")]

import database as databases  # noqa: E402
from roster_files import large_workbook  # noqa: E402

PEAK = """
peak = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(rows, took, *peak)
"""
CALAMINE = """
import resource, sys, time
import python_calamine
began = time.perf_counter()
rows = sum(1 for _ in python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows()) - 1
took = time.perf_counter() - began
"""
READ = """
import resource, sys, time
from datetime import date
from pathlib import Path
from charter.places.table import load
from charter.rosters.reader.read import read_file
divisions = load()
began = time.perf_counter()
rows = len(read_file(Path(sys.argv[1]), today=date(2027, 1, 20), divisions=divisions).rows)
took = time.perf_counter() - began
"""
IMPORT = """
import resource, sys, time
from pathlib import Path
from charter.core import db, sealed, settings
from charter.core.actor import SYSTEM, Actor, Role, acting
from charter.places.table import load
from charter.rosters import jobs, queries, service
from rosters.roster_world import World
from charter.app import create_app
sealed.configure(sealed.new_ring())
settings.use(settings.read({}))
db.bind(sys.argv[2])
world = World(create_app().test_client())
load()
content = Path(sys.argv[1]).read_bytes()
began = time.perf_counter()
clerk = Actor(Role.EMPLOYER, account_id="bench", scope_kind="employer", scope_id=str(world.firm.id))
with acting(clerk):
    batch = db.act(service.upload, clerk, world.campaign.id, None, "list.xlsx", content)
    jobs.run(str(batch.id))
    db.act(service.commit, batch.id)
jobs.run(str(batch.id))
took = time.perf_counter() - began
rows = db.ask(queries.batch, SYSTEM, batch.id).changes["new"]
"""
BACK = """
import resource, sys, time
from pathlib import Path
from charter.rosters.giving_back.marks import HEADINGS, Marks, SheetMarks
from charter.rosters.giving_back.process import marked_workbook
content, rows = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
places = {"name": 1, "id_number": 2, "phone": 3, "origin": 4}
bad = {row: (("id_number", "origin"), "证件号码：证件号码有误，请对照证件逐位核对") for row in range(2, rows, 20)}
keys = {row: f"{'0' * 32}-{row}" for row in range(2, rows + 2) if row not in bad}
marks = Marks(HEADINGS[0], {"名单": SheetMarks(1, places, bad, keys=keys)})
began = time.perf_counter()
marked_workbook(content, marks)
took = time.perf_counter() - began
"""


def run(script: str, *arguments: str) -> list[float]:
    """Rows, seconds, peak MB of the process and of its child."""
    paths = {"PYTHONPATH": f"{TESTS.parent}:{TESTS}"}
    shown = subprocess.run([sys.executable, "-c", script + PEAK, *arguments], capture_output=True, text=True,
                           check=True, env=os.environ | paths)
    return [float(word) for word in shown.stdout.split()]


def best(script: str, *arguments: str) -> list[float]:
    """The best of three runs."""
    return min((run(script, *arguments) for _ in range(3)), key=lambda found: found[1])


def imported(path: Path) -> list[float]:
    """The whole import into an empty database: file handed in, read, looked at, taken."""
    with databases.server(f"bench-{os.getpid()}") as server, databases.fresh(server) as url:
        return run(IMPORT, str(path), url)


def main(write: Callable[[str], object] = print) -> None:
    """Measure a small and a large list."""
    write("| what | rows | seconds | rows/s | times python-calamine | goal | peak MB | peak MB of the child |")
    write("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for size in (1_000, int(os.environ.get("ROWS", "100000"))):
            path = large_workbook(Path(folder) / f"{size}.xlsx", size)
            base = best(CALAMINE, str(path))[1]
            for what, goal, found in (
                    ("read and judge", "8", best(READ, str(path))),
                    ("whole import into PostgreSQL", "14", imported(path)),
                    ("workbook of bad rows", "10", best(BACK, str(path), str(size)))):
                rows, seconds, peak, child = found
                write(f"| {what} | {rows:,.0f} | {seconds:.2f} | {rows / seconds:,.0f} | {seconds / base:.1f} "
                      f"| {goal} | {peak:.0f} | {child:.0f} |")


if __name__ == "__main__":
    main()
