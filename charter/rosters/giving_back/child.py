"""The process that writes a workbook back: `python -m ... FILE OUT`, the marks as JSON on standard input.

It reads the stranger's file under the same limits as the reader. Exit 0 when the workbook stands in OUT.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from charter.rosters.giving_back.fresh import write_fresh
from charter.rosters.giving_back.marks import Marks
from charter.rosters.giving_back.patched import Unpatchable, write_patched
from charter.rosters.reader.cells import Book
from charter.rosters.reader.headers import find_columns, shipped_words
from charter.rosters.reader.kinds import kind_of
from charter.rosters.reader.limits import CPU_SECONDS, MEMORY_BYTES
from charter.rosters.reader.ods import open_ods
from charter.rosters.reader.text import open_text
from charter.rosters.reader.xls import open_xls
from charter.rosters.reader.xlsx import open_xlsx

OUT_BYTES = 400_000_000


def main() -> None:
    """Write the file that the command line names."""
    for bound, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS),
                         (resource.RLIMIT_FSIZE, OUT_BYTES), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(bound, (limit, limit))
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    marks = Marks.from_json(json.load(sys.stdin))
    kind = kind_of(source)
    if kind == "xlsx":
        try:
            with out.open("w+b") as file:
                write_patched(source, marks, file)
            return
        except Unpatchable:  # a workbook that keeps its cells in a way of its own: its rows in a new one
            pass
    book = _book(kind, source)
    with out.open("w+b") as file:
        write_fresh(book, marks, file)


def _book(kind: str, source: Path) -> Book:
    if kind == "xlsx":
        return open_xlsx(source)
    if kind == "ods":
        return open_ods(source)
    if kind == "xls":
        return open_xls(source)
    words = shipped_words()
    return open_text(source, lambda record: find_columns(dict(enumerate(record)), words) is not None)


if __name__ == "__main__":
    main()
