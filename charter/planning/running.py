"""Runs of the planner: a child process of its own for each plan, watched by a thread, its progress in the plan's row.

Queued plans are taken one by one with a row lock, so several web processes may run this side by side.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from charter.core.db import act
from charter.planning import service

__all__ = ["launch", "run_queued"]

log = logging.getLogger("charter.planning")
LINE = re.compile(r"\s*([\d.]+) s  best (\S+)  bound (\S+) ")


def launch() -> threading.Thread:
    """Run what is queued, beside the request that asked for it."""
    thread = threading.Thread(target=run_queued, name="plans", daemon=True)
    thread.start()
    return thread


def run_queued() -> None:
    """Run every plan that is queued, oldest first."""
    while (found := act(service.claim)) is not None:
        plan_id, instance, options = found
        try:
            _run(plan_id, instance, options)
        except Exception as error:
            log.exception("plan %s failed", plan_id)
            act(service.fail, plan_id, type(error).__name__)


def _run(plan_id: UUID, instance: bytes, options: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="charter-plan-") as folder:
        source, out = Path(folder, "instance.json"), Path(folder, "plan.json")
        source.write_bytes(gzip.decompress(instance))
        command = [sys.executable, "-m", "charter.planner", str(source), "--out", str(out), "--time-limit",
                   str(options["time_limit_s"]), "--seed", str(options["seed"])]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True,  # noqa: S603 - our own words only
                              cwd=Path(__file__).parents[2]) as child:
            said = _watch(plan_id, child) if child.stderr else ""
        if child.returncode or not out.exists():
            act(service.fail, plan_id, said or f"exit {child.returncode}")
            return
        act(service.finish, plan_id, json.loads(out.read_text(encoding="utf-8")))


def _watch(plan_id: UUID, child: subprocess.Popen[str]) -> str:
    said, asked = "", False
    stream: IO[str] | None = child.stderr
    for line in stream or ():
        said = line.strip()
        found = LINE.match(line)
        if found is None:
            continue
        best, bound = float(found[2]), float(found[3])
        if act(service.progress, plan_id, float(found[1]), best, bound) and not asked:
            child.send_signal(signal.SIGTERM)
            asked = True
    return said
