"""How much of a file is read at most, and the one way for a reader to give up on a whole file."""

from __future__ import annotations

from typing import Any

__all__ = ["CELL_CHARACTERS", "COLUMNS", "CPU_SECONDS", "FILE_BYTES", "HEADER_ROWS", "MEMORY_BYTES", "PART_BYTES",
           "ROWS", "TEXT_CHARACTERS", "WALL_SECONDS", "ZIP_ENTRIES", "Refusal"]

FILE_BYTES = 50_000_000
PART_BYTES = 400_000_000  # one part of a zip, unpacked
ROWS = 200_000  # non-blank rows of the sheets that are read
HEADER_ROWS = 50  # non-blank rows in which a header is looked for
COLUMNS = 16_384  # as many as a spreadsheet program shows (A to XFD)
CELL_CHARACTERS = 32_767  # as many as a spreadsheet program keeps in a cell
TEXT_CHARACTERS = 100_000_000  # of all cells handed over: one long shared string may stand in each of a million cells
ZIP_ENTRIES = 10_000
MEMORY_BYTES = 1 << 30  # address space of the reading process
CPU_SECONDS = 120
WALL_SECONDS = 600


class Refusal(Exception):
    """The file cannot be read as a list; `code` is one of `refusals.BY_CODE`. Crosses the border of the process."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
