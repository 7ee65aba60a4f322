"""How fast and how small the reader of employers' lists is, beside python-calamine in the same run.

Prints a Markdown table. ROWS (default 100000) sets the size of the large list.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "rosters" / "reader"))

from roster_files import large_workbook

READ = """
import resource, sys, time
from datetime import date
from pathlib import Path
from charter.places.table import load
from charter.rosters.reader.read import read_file
divisions = load()
began = time.perf_counter()
result = read_file(Path(sys.argv[1]), today=date(2027, 1, 20), divisions=divisions)
took = time.perf_counter() - began
peak = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(len(result.rows), took, *peak)
"""
CALAMINE = """
import resource, sys, time
import python_calamine
began = time.perf_counter()
rows = sum(1 for _ in python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows())
print(rows, time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, 0)
"""


def measure(script: str, path: Path) -> list[float]:
    """Rows, seconds, peak MB of the process and of its reading process: the best of three runs."""
    runs = []
    for _ in range(3):
        shown = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
        runs.append([float(word) for word in shown.stdout.split()])
    return min(runs, key=lambda run: run[1])


def main(write: Callable[[str], object] = print) -> None:
    """Measure a small and a large list."""
    write("| list | rows | seconds | rows/s | times python-calamine | peak MB | peak MB of the reading process |")
    write("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for size in (1_000, int(os.environ.get("ROWS", "100000"))):
            path = large_workbook(Path(folder) / f"{size}.xlsx", size)
            base = measure(CALAMINE, path)[1]
            rows, seconds, peak, child = measure(READ, path)
            write(
                f"| .xlsx, 10 columns | {rows:,.0f} | {seconds:.2f} | {rows / seconds:,.0f} | {seconds / base:.1f} "
                f"| {peak:.0f} | {child:.0f} |"
            )


if __name__ == "__main__":
    main()
