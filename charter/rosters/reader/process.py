"""Runs the reading process and gives what it says as values; its death is a refusal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from threading import Timer
from typing import Any

from charter.rosters.reader.limits import WALL_SECONDS
from charter.rosters.reader.refusals import BY_CODE, Refused

__all__ = ["messages"]

ROOT = Path(__file__).resolve().parents[3]
COMMAND = (sys.executable, "-E", "-s", "-B", "-m", "charter.rosters.reader.child")
TIME_OVER = (-signal.SIGXCPU, -signal.SIGKILL)


def messages(path: Path, headings: Mapping[str, str]) -> Generator[Any, None, None]:
    """The messages of the reading process, without the last; raises `Refused`. The process ends with the iteration."""
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell
        [*COMMAND, os.fspath(path.absolute()), json.dumps(dict(headings))], cwd=ROOT, env={"LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    watch = Timer(WALL_SECONDS, process.kill)
    watch.daemon = True
    watch.start()
    try:
        yield from _lines(process)
    finally:
        watch.cancel()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()


def _lines(process: subprocess.Popen[bytes]) -> Iterator[Any]:
    for line in process.stdout or ():
        if not line.endswith(b"\n"):
            break
        message = json.loads(line)
        if isinstance(message, dict) and "end" in message:
            return
        if isinstance(message, dict) and "refused" in message:
            raise _refused(message)
        yield message
    raise _refused({"refused": "too_slow" if process.wait() in TIME_OVER else "content_too_large"})


def _refused(message: Mapping[str, Any]) -> Refused:
    params = dict(message.get("params") or {})
    sample = params.pop("sample", [])
    problem = BY_CODE[message["refused"]](params=params)
    problem.sample = sample
    return problem
