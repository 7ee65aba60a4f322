"""make bench-planner: gap, seconds and peak memory of the planner's command, and of one HiGHS and one CP-SAT model of
the same objective under the same limit in the same run.

SIZES="S M L" SEEDS="1 2 3" VARIANTS="plain fleets-1.0" MODELS=0 choose less or more (XL and XXL on request only);
FACTOR=3 gives everybody three times as long, for a machine that is busy with other things.
Instances come from shared/tools/generate_instance.py beside the repository; without it, towns of the tests are planned.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve()
SECONDS = {"S": 5, "M": 30, "L": 60, "XL": 600, "XXL": 2_700}
TOWNS = {"S": (8, 500, 4), "M": (40, 5_000, 7), "L": (120, 20_000, 10)}  # counties, workers, days
VARIANTS = {"plain": {}, "fleets-1.0": {"fleets": 1.0}, "fleets-1.3": {"fleets": 1.3},
            "bus-km-1000": {"bus_km": 1000.0}}
GRACE = 15  # seconds after the limit in which a plain model may still come to its end


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def generator() -> ModuleType | None:
    """The generator of realistic instances, where shared/ lies beside the repository or one of its parents."""
    found = (folder / "shared" / "tools" / "generate_instance.py" for folder in HERE.parents)
    return next((module(path) for path in found if path.exists()), None)


def instances(size: str, seeds: Iterable[int], variants: Iterable[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    made = generator()
    for variant in variants:
        for seed in seeds:
            if made is not None:
                yield f"{size} {variant} {seed}", made.generate(size, seed, **VARIANTS[variant])
            elif variant == "plain" and size in TOWNS:
                counties, workers, days = TOWNS[size]
                towns = module(HERE.parents[1] / "planner" / "small_instances.py")
                yield f"town {size} {seed}", towns.town_instance(seed, counties=counties, workers=workers, days=days)


def run(words: list[str], out: Path, limit: int) -> tuple[str, str, str, str]:
    """Gap in per cent, wall seconds, seconds of computing and MB of the largest process; a dash where nothing came."""
    began = time.monotonic()
    child = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             cwd=HERE.parents[2])
    killer = threading.Timer(limit + GRACE, child.kill)
    killer.start()
    _, status, usage = os.wait4(child.pid, 0)
    killer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    gap = "-"
    if out.exists():
        plan = json.loads(out.read_text(encoding="utf-8"))
        gap = f"{100 * (plan['objective'] - plan['lower_bound']) / max(plan['objective'], 1e-9):.2f}"
        out.unlink()
    return (gap, f"{time.monotonic() - began:.1f}", f"{usage.ru_utime + usage.ru_stime:.0f}",
            f"{usage.ru_maxrss / 1024:.0f}")


def row(name: str, document: dict[str, Any], limit: int, folder: Path) -> str:
    given, out = folder / "instance.json", folder / "plan.json"
    given.write_text(json.dumps(document), encoding="utf-8")
    ours = run(["charter.planner", str(given), "--out", str(out), "--time-limit", str(limit)], out, limit)
    others = [f"{gap} ({computing} s)" for gap, _, computing, _ in (
        run(["tests.bench.plain_model", engine, str(given), str(out), str(limit)], out, limit)
        for engine in ("highs", "cp-sat") if os.environ.get("MODELS", "1") != "0")]
    return f"| {name} | {' | '.join((*ours, *others))} |"


def words(name: str, default: str) -> list[str]:
    return os.environ.get(name, default).split()


if __name__ == "__main__":
    factor = int(os.environ.get("FACTOR", "1"))
    print("| instance | gap % | seconds | computing s | peak MB | HiGHS gap % (computing) | CP-SAT gap % |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for size in words("SIZES", "S M L"):
            for name, document in instances(size, map(int, words("SEEDS", "1 2 3")),
                                            words("VARIANTS", "plain fleets-1.0")):
                print(row(name, document, factor * SECONDS[size], Path(folder)), flush=True)
