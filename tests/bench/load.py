"""A bounded load generator on loopback: so many clients, each with one kept connection, one request after the other."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Outcome", "answer", "get", "post", "run"]


@dataclass(slots=True)
class Outcome:
    """What so many clients got: requests a second, status codes, and how long each request took (ms, sorted)."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, share: float) -> float:
        return self.times[min(int(share * len(self.times)), len(self.times) - 1)]


def get(path: str, headers: dict[str, str] | None = None) -> bytes:
    """A GET as it goes over the wire."""
    return _written("GET", path, headers or {}, b"")


def post(path: str, body: Any, headers: dict[str, str] | None = None) -> bytes:
    """A POST of JSON as it goes over the wire."""
    return _written("POST", path, {"Content-Type": "application/json"} | (headers or {}), json.dumps(body).encode())


def run(port: int, clients: int, requests: Iterator[bytes], *, seconds: float = 1e9,
        keep: Callable[[int], bool] = lambda status: False) -> Outcome:
    """Send the requests with so many clients until they or the seconds are over; answers whose status `keep` likes."""
    return asyncio.run(_run(port, clients, requests, seconds, keep))


async def _run(port: int, clients: int, requests: Iterator[bytes], seconds: float,
               keep: Callable[[int], bool]) -> Outcome:
    found = Outcome(0.0)
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]
    start = time.perf_counter()
    await asyncio.gather(*(_client(line, requests, start + seconds, found, keep) for line in lines))
    found.seconds = time.perf_counter() - start
    found.times.sort()
    for _, writer in lines:
        writer.close()
    return found


async def _client(line: tuple[asyncio.StreamReader, asyncio.StreamWriter], requests: Iterator[bytes], until: float,
                  found: Outcome, keep: Callable[[int], bool]) -> None:
    reader, writer = line
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        status, body = await answer(reader)
        now = time.perf_counter()
        found.times.append((now - began) * 1000)
        found.statuses[status] += 1
        if keep(status):
            found.answers.append(body)
        if now > until:
            return


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of the next answer on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    mark = head.find(b"content-length:")
    if mark < 0:
        raise ValueError(f"an answer without its length: {head!r}")
    return status, await reader.readexactly(int(head[mark + 15:head.index(b"\r", mark)]))


def _written(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}",
             *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
