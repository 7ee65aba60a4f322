"""Dask's distributed scheduler in place of worker processes: the same questions, answered on other machines too."""

from __future__ import annotations

import queue
from typing import Any

from charter.planner.questions import answer

__all__ = ["Cluster"]

CONNECT_SECONDS = 10


class Cluster:
    """As many questions at a time as the cluster has threads, or `count`. The machines there have this package.
    Raises OSError where no scheduler answers at the address."""

    def __init__(self, address: str, count: int | None) -> None:
        from distributed import Client

        client: Any = Client
        self._client = client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        threads = sum(self._client.nthreads().values())
        self._slots = max(count or threads, 1)
        self._busy: dict[str, tuple[Any, Any]] = {}
        self._done: queue.SimpleQueue[str] = queue.SimpleQueue()

    @property
    def size(self) -> int:
        """Questions at a time."""
        return self._slots

    @property
    def idle(self) -> int:
        """How many more questions may be asked."""
        return self._slots - len(self._busy)

    @property
    def busy(self) -> int:
        """How many questions are open."""
        return len(self._busy)

    def ask(self, label: Any, question: Any) -> None:
        """Give a question to the cluster; its answer comes back with the label."""
        sent = self._client.scatter(question, hash=False)
        future = self._client.submit(answer, sent, pure=False)
        self._busy[future.key] = label, future
        future.add_done_callback(lambda done: self._done.put(done.key))

    def answers(self, seconds: float) -> list[tuple[Any, Any]]:
        """(label, answer) of those that finish within the time. Raises RuntimeError where the cluster lost one."""
        found: list[tuple[Any, Any]] = []
        while self._busy:
            try:
                key = self._done.get(timeout=0.0 if found else max(seconds, 0.0))
            except queue.Empty:
                break
            label, future = self._busy.pop(key)
            if future.status != "finished":
                raise RuntimeError(f"the cluster ended a question without an answer ({future.status})")
            found.append((label, future.result()))
        return found

    def end(self) -> None:
        """Drop what is still open and leave the cluster; it goes on."""
        for _, future in self._busy.values():
            future.cancel()
        self._busy.clear()
        self._client.close()
