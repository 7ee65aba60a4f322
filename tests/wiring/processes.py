"""Job workers as processes of their own, and what the tests ask the system about processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def job_worker(url: str, keys: str) -> subprocess.Popen[str]:
    """A job worker on a database of the tests."""
    given = {"DATABASE_URL": url, "CHARTER_KEYS": keys, "PATH": os.environ["PATH"]}
    return subprocess.Popen([sys.executable, "-m", "charter.jobs"], cwd=ROOT, env=given, stderr=subprocess.PIPE,
                            text=True, start_new_session=True)


def waited(reached: Callable[[], object], seconds: float = 60) -> bool:
    """Whether it came true; the limit only ends a test that has failed."""
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def running(word: str) -> list[int]:
    """Processes that have the word on their command line."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                line = Path("/proc", entry, "cmdline").read_bytes()
            except OSError:
                continue
            if word.encode() in line:
                found.append(int(entry))
    return found
