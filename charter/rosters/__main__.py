"""`python -m charter.rosters FILE [--out RESULT.json] [--today YYYY-MM-DD]`: one list read, repaired and judged.

Needs no database and no web framework.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from charter.places.table import load
from charter.rosters.reader.read import Refused, read_file
from charter.rosters.reader.result import Result, lines

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the file was read, whatever its rows are; 2 with one line when it cannot be read as a list."""
    parser = argparse.ArgumentParser(prog="python -m charter.rosters", description="Read, repair and judge one list.")
    parser.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xlsm, .xls, .ods, .csv or .tsv")
    parser.add_argument("--out", type=Path, metavar="RESULT.json", help="default: standard output")
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD",
                        help="the day that birth dates and dates without a year are compared with")
    options = parser.parse_args(arguments)
    today = options.today or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        result = read_file(options.file, today=today, divisions=load())
        write(result, options.out)
    except Refused as refused:
        print(refused.text(), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"结果无法写出：{error.strerror or error}", file=sys.stderr)
        return 2
    return 0


def write(result: Result, out: Path | None) -> None:
    """Write the whole result or nothing; what is no plain file (a pipe, a terminal) is written to, never replaced."""
    if out is not None and out.exists() and not out.is_file():
        with out.open("w", encoding="utf-8") as pipe:
            pipe.writelines(lines(result))
        return
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # the locale's may lack Chinese
        sys.stdout.writelines(lines(result))
        sys.stdout.flush()
        return
    out = out.resolve()  # the file that a link points at, not the link
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.writelines(lines(result))
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


if __name__ == "__main__":
    sys.exit(main())
