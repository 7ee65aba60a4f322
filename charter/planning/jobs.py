"""The job that computes a plan: the planner in a process of its own, its progress in the plan's row.

The job is run again where its worker was killed; the plan then begins anew. A plan that has ended is left alone.
"""

from __future__ import annotations

import gzip
import json
import logging
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from charter.core.db import act, ask
from charter.core.installation import die_with_parent
from charter.core.settings import current as settings
from charter.planning import service
from charter.planning.feeders import instance_for
from charter.planning.rules.instance import keeps_standing, standing_plan

__all__ = ["give_up", "run"]

log = logging.getLogger("charter.planning")
LINE = re.compile(r"\s*([\d.]+) s  best (\S+)  bound (\S+) ")
LOOK_SECONDS = 1.0  # how often a run asks whether it is wanted to stop
GRACE_SECONDS = 120.0  # after its time limit, or the wish to stop, a planner may take this long to write its plan


def run(plan_id: str) -> None:
    """Compute one plan. What goes wrong is written into the plan."""
    found = act(service.claim, UUID(plan_id))
    if found is None:
        return
    try:
        _run(UUID(plan_id), *found)
    except Exception:
        log.exception("plan %s failed", plan_id)
        act(service.fail, UUID(plan_id), service.CRASHED)


def give_up(plan_id: str) -> None:
    """The workers that computed this plan were killed too often."""
    act(service.fail, UUID(plan_id), service.INTERRUPTED)


def _run(plan_id: UUID, instance: bytes, options: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="charter-plan-") as folder:
        main = json.loads(gzip.decompress(instance))
        result = _planned(Path(folder, "main"), main, options, plan_id, told=True)
        if result is None or not keeps_standing(main, result):
            act(service.fail, plan_id, service.CRASHED)
            return
        feeders, found = ask(instance_for, plan_id, result), None
        if feeders is not None:
            shorter = options | {"time_limit_s": max(1.0, float(options["time_limit_s"]) / 4)}
            found = _planned(Path(folder, "feeders"), feeders, shorter, plan_id, told=False)
        act(service.finish, plan_id, result, feeders, found)


def _planned(folder: Path, instance: dict[str, Any], options: dict[str, Any], plan_id: UUID, *,
             told: bool) -> dict[str, Any] | None:
    """The planner's answer, None where it failed; its progress goes into the plan's row if `told`."""
    folder.mkdir()
    source, out = folder / "instance.json", folder / "plan.json"
    source.write_text(json.dumps(instance, ensure_ascii=False), encoding="utf-8")
    limit = float(options["time_limit_s"])
    command = [sys.executable, "-m", "charter.planner", str(source), "--out", str(out), "--time-limit",
               str(limit), "--seed", str(options["seed"])]
    if settings().dask:
        command += ["--dask", settings().dask]
    begin = standing_plan(instance)
    if begin is not None:
        (folder / "start.json").write_text(json.dumps(begin), encoding="utf-8")
        command += ["--start", str(folder / "start.json")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True,  # noqa: S603
                          preexec_fn=lambda: die_with_parent(signal.SIGKILL),
                          cwd=Path(__file__).parents[2]) as child:
        try:
            said = _watch(plan_id, child, time.monotonic() + limit + GRACE_SECONDS, told)
        except BaseException:
            child.kill()
            raise
    if child.returncode or not out.exists():
        log.error("plan %s: planner ended with %s: %s", plan_id, child.returncode, said)
        return None
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _watch(plan_id: UUID, child: subprocess.Popen[str], until: float, told: bool) -> str:
    """Write the run's progress and pass on the wish to stop, until it has ended; the last words that it said."""
    said, asked = "", False
    for line in _lines(child):
        said = line or said
        if time.monotonic() > until:
            child.kill()
        found = LINE.match(line)
        if found is None or not told:
            wanted = act(service.stop_wanted, plan_id)
        else:
            wanted = act(service.progress, plan_id, float(found[1]), float(found[2]), float(found[3]))
        if wanted and not asked:
            child.send_signal(signal.SIGTERM)
            asked, until = True, time.monotonic() + GRACE_SECONDS
    return said


def _lines(child: subprocess.Popen[str]) -> Iterator[str]:
    """What the child says, line by line, and an empty line for each second of silence, until it closes its mouth."""
    heard: queue.Queue[str | None] = queue.Queue()

    def listen() -> None:
        for line in child.stderr or ():
            heard.put(line.strip())
        heard.put(None)
    threading.Thread(target=listen, name=f"planner-{child.pid}", daemon=True).start()
    while True:
        try:
            line = heard.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            line = ""
        if line is None:
            return
        yield line
