"""A worker process of the planner: python -m charter.planner.worker DESCRIPTOR (started by `workers`)."""

from __future__ import annotations

import ctypes
import signal
import sys

from charter.planner.questions import answer
from charter.planner.workers import serve


def die_with_planner() -> None:
    """Have the kernel end this process with the planner, also in the middle of a question (Linux only)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, int(signal.SIGKILL))


if __name__ == "__main__":
    die_with_planner()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the planner itself ends its workers
    serve(int(sys.argv[1]), answer)
