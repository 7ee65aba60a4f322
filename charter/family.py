"""The processes under the supervisor: started together, started again where one ends by itself, ended together.

Each child is the leader of a process group of its own, so that all that it started ends with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from charter.core.installation import SUPERVISED, die_with_parent

__all__ = ["Family"]

PATIENCE_SECONDS = 7.0  # that children have to end by themselves
YOUNG_SECONDS = 10.0  # who ends sooner than that did not really start
FAILED_STARTS = 3  # in a row: something is wrong that starting again does not mend
LOOK_SECONDS = 0.2


class Family:
    """Children by name, each a Python module with its arguments."""

    def __init__(self, modules: Mapping[str, Sequence[str]]) -> None:
        self._modules = modules
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._born: dict[str, float] = {}
        self._failed = dict.fromkeys(modules, 0)
        self._leaving = False

    def start(self) -> None:
        """Start all."""
        for name in self._modules:
            self._start(name)

    def leave(self) -> None:
        """Ask all to end; `watch` then comes back. A signal handler may call this."""
        self._leaving = True
        for child in self._children.values():
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)

    def watch(self, care: Callable[[], object]) -> int:
        """Until somebody has asked them to end (0), or one cannot be kept up (1). `care` is called all the while."""
        while not self._leaving:
            care()
            for name, child in list(self._children.items()):
                if child.poll() is not None and not self._leaving and not self._again(name):
                    return 1
            time.sleep(LOOK_SECONDS)
        return 0

    def end(self) -> None:
        """End all, politely at first; nothing of them is left."""
        self.leave()
        until = time.monotonic() + PATIENCE_SECONDS
        for child in self._children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(until - time.monotonic(), 0.0))
            _end_group(child.pid)
            child.wait()

    def _start(self, name: str) -> None:
        self._born[name] = time.monotonic()
        self._children[name] = subprocess.Popen(  # noqa: S603 - our own words only
            [sys.executable, "-m", *self._modules[name]], env=os.environ | {SUPERVISED: "1"}, start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM))

    def _again(self, name: str) -> bool:
        """Start a child once more that has ended by itself; False where it ended too often right after its start."""
        child = self._children[name]
        _end_group(child.pid)
        young = time.monotonic() - self._born[name] < YOUNG_SECONDS
        self._failed[name] = self._failed[name] + 1 if young else 0
        if self._failed[name] >= FAILED_STARTS:
            sys.stderr.write(f"The {name} ended {FAILED_STARTS} times right after its start: see the lines above.\n")
            return False
        sys.stderr.write(f"The {name} ended by itself ({child.returncode}); it is started again.\n")
        self._start(name)
        return True


def _end_group(leader: int) -> None:
    """End at once whatever is left of a child and of all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
