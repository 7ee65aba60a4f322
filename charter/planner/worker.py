"""A worker process of the planner: python -m charter.planner.worker DESCRIPTOR (started by `workers`)."""

from __future__ import annotations

import signal
import sys

from charter.planner.questions import answer
from charter.planner.workers import serve

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the planner itself ends its workers
    serve(int(sys.argv[1]), answer)
