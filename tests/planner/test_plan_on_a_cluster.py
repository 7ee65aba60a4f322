"""A real Dask cluster of two worker processes plans the same as processes of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from charter.planner.reading import parse
from charter.planner.solve import solve
from charter.planner.stop import Stop

sys.path.insert(0, str(Path(__file__).parent))
from small_instances import plan_cost, town_instance


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two worker processes of one thread each."""
    folder = tmp_path_factory.mktemp("dask")
    words = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
             "--no-dashboard", "--scheduler-file", str(folder / "scheduler.json")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).parents[2]),
                                                                             os.environ.get("PYTHONPATH"))))}
    started = [subprocess.Popen(words, cwd=folder, env=environment, stderr=subprocess.DEVNULL)]
    try:
        waiting = threading.Event()
        while not (folder / "scheduler.json").exists():
            assert started[0].poll() is None
            waiting.wait(0.1)
        address = json.loads((folder / "scheduler.json").read_text(encoding="utf-8"))["address"]
        for _ in range(2):
            started.append(subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
                 "--no-dashboard", "--local-directory", str(folder)],
                cwd=folder, env=environment, stderr=subprocess.DEVNULL))
        from distributed import Client
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2)
        yield address
    finally:
        for process in reversed(started):  # a worker that is asked to end may wait for a scheduler that is gone
            process.kill()
        for process in started:
            process.wait()


def test_with_rounds_a_cluster_gives_the_same_plan_as_processes(scheduler: str) -> None:
    instance = parse(town_instance(5))
    here = solve(instance, stop=Stop.rounds_of(2), seed=3, workers=2)
    there = solve(instance, stop=Stop.rounds_of(2), seed=3, dask=scheduler)
    assert (here.rows, here.lower_bound) == (there.rows, there.lower_bound)


def test_the_command_takes_the_address_from_its_setting(scheduler: str, tmp_path: Path) -> None:
    document = town_instance(2)
    given, out = tmp_path / "town.json", tmp_path / "plan.json"
    given.write_text(json.dumps(document), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "charter.planner", str(given), "--out", str(out), "--rounds", "1"],
                          env={**os.environ, "CHARTER_DASK": scheduler}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    plan = json.loads(out.read_text(encoding="utf-8"))
    assert plan_cost(document, plan["assignments"]) == pytest.approx(plan["objective"])


def test_no_scheduler_at_the_address_is_told_in_one_line(tmp_path: Path) -> None:
    given = tmp_path / "town.json"
    given.write_text(json.dumps(town_instance(2)), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "charter.planner", str(given), "--out", str(tmp_path / "plan.json"),
                           "--rounds", "1", "--dask", "tcp://127.0.0.1:9"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "charter.planner:" in done.stderr.splitlines()[-1]
