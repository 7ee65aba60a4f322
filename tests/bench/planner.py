"""make bench-planner: gap, seconds and peak memory of the planner's command on towns of several sizes, as a table."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path

SHAPES = {"S": (8, 500, 4, 5), "M": (40, 5_000, 7, 30), "L": (120, 20_000, 10, 60)}  # counties, workers, days, seconds


def towns() -> object:
    spec = importlib.util.spec_from_file_location(
        "small_instances", Path(__file__).parents[1] / "planner" / "small_instances.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(document: dict[str, object], seconds: int, folder: Path) -> tuple[float, float, float]:
    """Gap in per cent, wall seconds, peak memory of the largest process in MB."""
    given, out = folder / "town.json", folder / "plan.json"
    given.write_text(json.dumps(document), encoding="utf-8")
    words = [sys.executable, "-m", "charter.planner", str(given), "--out", str(out), "--time-limit", str(seconds)]
    _, status, usage = os.wait4(os.posix_spawn(sys.executable, words, os.environ), 0)
    if status:
        raise SystemExit(f"the planner ended with {status}")
    plan = json.loads(out.read_text(encoding="utf-8"))
    return 100 * (plan["objective"] - plan["lower_bound"]) / plan["objective"], plan["seconds"], usage.ru_maxrss / 1024


if __name__ == "__main__":
    print("| shape | workers | gap % | seconds | MB |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        for shape in sys.argv[1:] or SHAPES:
            counties, workers, days, seconds = SHAPES[shape]
            document = towns().town_instance(1, counties=counties, workers=workers, days=days)
            gap, wall, memory = measure(document, seconds, Path(name))
            print(f"| {shape} | {workers} | {gap:.2f} | {wall:.1f} | {memory:.0f} |", flush=True)
