"""Command: python -m charter.planner INSTANCE.json --out PLAN.json (contract: planning)."""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from charter.planner.instance import Instance, InvalidInstance
from charter.planner.plan import Row, read_rows, write
from charter.planner.progress import Progress
from charter.planner.reading import read
from charter.planner.solve import solve
from charter.planner.stop import Stop, process_age


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line and exits 2."""

    def error(self, message: str) -> NoReturn:
        """Leave with one line."""
        raise SystemExit(refused(message))


def refused(message: str) -> int:
    """Say why in one line; 2 is the exit code."""
    print("charter.planner: " + " ".join(message.split()), file=sys.stderr)
    return 2


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """The command line, checked."""
    parser = OneLineParser(prog="python -m charter.planner", description=__doc__)
    parser.add_argument("instance", type=Path, metavar="INSTANCE.json")
    parser.add_argument("--out", type=Path, required=True, metavar="PLAN.json")
    parser.add_argument("--time-limit", type=seconds, default=60.0, help="seconds from the start of the process")
    parser.add_argument("--workers", type=count, help="processes (default: all cores)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=count, help="rounds of search instead of a time limit; repeatable")
    parser.add_argument("--dask", default=os.environ.get("CHARTER_DASK") or None, metavar="ADDRESS",
                        help="scheduler of a Dask cluster that works instead of processes here (default: CHARTER_DASK)")
    parser.add_argument("--start", type=Path, metavar="PLAN.json", help="an earlier plan to begin with")
    return parser.parse_args(argv)


def seconds(text: str) -> float:
    """A time limit."""
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def count(text: str) -> int:
    """A whole number of at least 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def main(argv: list[str] | None = None) -> int:
    """Plan as the command line says; the exit code comes back."""
    options = arguments(argv)
    age = process_age()
    stop = Stop.rounds_of(options.rounds, age) if options.rounds else Stop.after(options.time_limit, age)
    try:
        if not options.out.parent.is_dir() or options.out.is_dir():
            return refused(f"--out {options.out}: there is no folder {options.out.parent}, or it is itself a folder")
        instance = read(options.instance)
        start = None if options.start is None else read_rows(options.start, instance)
        return plan_and_write(instance, start, stop, options)
    except (InvalidInstance, OSError) as error:
        return refused(str(error))


def plan_and_write(instance: Instance, start: tuple[Row, ...] | None, stop: Stop, options: argparse.Namespace) -> int:
    """Plan, tell how it went, write. An interruption ends the search with the best plan so far."""
    interrupted: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, _: interrupted.append(number))
    plan = solve(instance, stop=stop, seed=options.seed, workers=options.workers, start=start, on_progress=tell,
                 should_stop=lambda: bool(interrupted), dask=options.dask)
    write(plan, options.out)
    print(f"{plan.status}: objective {plan.objective:.2f}, lower bound {plan.lower_bound:.2f}, "
          f"gap {100 * plan.gap:.3f} %, {stop.elapsed():.1f} s", file=sys.stderr)
    return 0


def tell(progress: Progress) -> None:
    """One line of progress."""
    print(f"{progress.seconds:7.1f} s  best {progress.best:.2f}  bound {progress.bound:.2f}  "
          f"gap {100 * progress.gap:.3f} %  round {progress.rounds}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
