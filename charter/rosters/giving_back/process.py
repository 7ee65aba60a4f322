"""Runs the writing process on files that stand in memory only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from charter.rosters.giving_back.marks import Marks
from charter.rosters.memory import in_memory
from charter.rosters.reader.limits import WALL_SECONDS

__all__ = ["WriteFailed", "marked_workbook"]

ROOT = Path(__file__).resolve().parents[3]
COMMAND = (sys.executable, "-E", "-s", "-B", "-m", "charter.rosters.giving_back.child")


class WriteFailed(RuntimeError):
    """The writing process died."""


def marked_workbook(content: bytes, marks: Marks) -> bytes:
    """The workbook of a file that the reader has read, with its marks. Raises WriteFailed."""
    with in_memory(content) as source, in_memory(b"") as out:
        said = json.dumps(marks.as_json(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        done = subprocess.run([*COMMAND, str(source), str(out)], input=said, stdout=subprocess.DEVNULL,  # noqa: S603
                              stderr=subprocess.PIPE, timeout=WALL_SECONDS, cwd=ROOT, env={"LANG": "C.UTF-8"},
                              check=False)
        if done.returncode:
            last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2].partition(":")[0]
            raise WriteFailed(f"exit {done.returncode}, {last}")
        return out.read_bytes()
