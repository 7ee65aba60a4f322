"""Worker processes that answer one question at a time over a socket, and can be ended in the middle of one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Crowd", "Workers", "serve"]

ROOT = Path(__file__).resolve().parents[2]


class Crowd(Protocol):
    """Who answers questions: processes of this machine, or a cluster."""

    @property
    def size(self) -> int: ...

    @property
    def idle(self) -> int: ...

    @property
    def busy(self) -> int: ...

    def ask(self, label: Any, question: Any) -> None: ...

    def answers(self, seconds: float) -> list[tuple[Any, Any]]: ...

    def end(self) -> None: ...


class Workers:
    """A fixed number of processes. Own interpreters, so neither the caller's threads nor its main module matter."""

    def __init__(self, count: int) -> None:
        self._started = [self._start() for _ in range(count)]
        self._idle = [connection for _, connection in self._started]
        self._busy: dict[Connection, Any] = {}

    @staticmethod
    def _start() -> tuple[subprocess.Popen[bytes], Connection]:
        here, there = socket.socketpair()
        paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        with there:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "charter.planner.worker", str(there.fileno())], pass_fds=[there.fileno()],
                env={**os.environ, "PYTHONPATH": paths}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                start_new_session=True)
        return process, Connection(here.detach())

    @property
    def size(self) -> int:
        """Questions at a time."""
        return len(self._started)

    @property
    def idle(self) -> int:
        """How many wait for a question."""
        return len(self._idle)

    @property
    def busy(self) -> int:
        """How many are at work."""
        return len(self._busy)

    def ask(self, label: Any, question: Any) -> None:
        """Give a question to an idle worker; its answer comes back with the label."""
        connection = self._idle.pop(0)
        self._busy[connection] = label
        connection.send(question)

    def answers(self, seconds: float) -> list[tuple[Any, Any]]:
        """(label, answer) of those who finish within the time. Raises RuntimeError where a worker died."""
        done = []
        for connection in wait(list(self._busy), max(seconds, 0.0)):
            if not isinstance(connection, Connection):
                continue  # wait() may speak of sockets too; there are none here
            try:
                answer = connection.recv()
            except (EOFError, ConnectionError):
                raise RuntimeError("a planner worker process ended without an answer") from None
            done.append((self._busy.pop(connection), answer))
            self._idle.append(connection)
        return done

    def end(self) -> None:
        """End all processes at once, whatever they do."""
        for process, connection in self._started:
            process.kill()
            connection.close()
        for process, _ in self._started:
            process.wait()


def serve(descriptor: int, answer: Callable[[Any], Any]) -> None:
    """A worker's life: answer questions until the other side is gone."""
    with Connection(descriptor) as connection:
        while True:
            try:
                question = connection.recv()
                connection.send(answer(question))
            except (EOFError, ConnectionError):
                return
