"""Files for other processes that stand in memory only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["in_memory"]


@contextmanager
def in_memory(content: bytes) -> Iterator[Path]:
    """A file that stands in memory only and goes with this process: what is sealed never lies open on a disk."""
    number = os.memfd_create("charter-roster")
    try:
        with open(number, "wb", closefd=False) as file:
            file.write(content)
        yield Path(f"/proc/{os.getpid()}/fd/{number}")
    finally:
        os.close(number)
