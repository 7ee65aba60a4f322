"""When to stop: a clock that began with the process, or a number of rounds."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Stop", "process_age"]


def process_age() -> float:
    """Seconds since this process was created, before its interpreter was loaded; 0 where the system does not tell."""
    try:
        after_name = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        created = int(after_name[19]) / os.sysconf("SC_CLK_TCK")  # field 22 of proc(5): starttime since boot
        return max(time.clock_gettime(time.CLOCK_BOOTTIME) - created, 0.0)
    except (OSError, ValueError, IndexError, AttributeError):
        return time.process_time()


@dataclass(frozen=True, slots=True)
class Stop:
    """`deadline` on `time.monotonic`'s clock, or `rounds` of search; with rounds nothing depends on the clock."""

    began: float
    deadline: float | None = None
    rounds: int | None = None

    @classmethod
    def after(cls, seconds: float, age: float = 0.0) -> Stop:
        """Stop `seconds` after a beginning that was `age` seconds ago."""
        began = time.monotonic() - age
        return cls(began, began + seconds)

    @classmethod
    def rounds_of(cls, rounds: int, age: float = 0.0) -> Stop:
        """Stop after so many rounds of search."""
        return cls(time.monotonic() - age, None, rounds)

    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds that are left; without a clock there is no end of them."""
        return float("inf") if self.deadline is None else self.deadline - time.monotonic()
