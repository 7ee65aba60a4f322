"""An installation to measure: its own embedded database, charter and the bare floor under the same server."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg
from bench import load
from bench.bare import TABLE
from bookings.factories import seat_rows
from sqlalchemy import text
from sqlalchemy.orm import Session

from charter.campaigns.models import VehicleType
from charter.core import cluster, db, schema, sealed

__all__ = ["Served", "analyze", "bare", "charter", "compare", "database", "middle", "serve", "share", "told", "vehicle",
           "warm", "words"]

ROOT = Path(__file__).parents[2]
WORKERS, THREADS = 2, 4  # as `make run` starts it
SLICE, SLICES = 1.0, 5  # seconds, and how many


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: where, and its worker processes."""

    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> list[float]:
        """Resident memory of each worker process, MB."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
        return sorted(found for found in (number * os.sysconf("SC_PAGE_SIZE") / 1e6 for number in pages) if found > 20)


@contextlib.contextmanager
def database() -> Iterator[tuple[str, str]]:
    """The address of a migrated database with production's settings, on disk, bound to this process; its key ring."""
    folder = Path(tempfile.mkdtemp(prefix="charter-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        with cluster.running(folder / "data") as server:
            ring = sealed.new_ring()
            sealed.configure(ring)
            schema.upgrade(server.url())
            db.bind(server.url())
            yield server.url(), ring
            db.unbind()
    finally:
        pointer = folder / "data" / "postgres.path"
        if pointer.exists():
            shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def serve(app: str, **environment: str) -> Iterator[Served]:
    """Serve `MODULE:APP` by granian, as the supervisor does, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", **environment}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", str(WORKERS),
               "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "error", app]
    process = subprocess.Popen(command, env=given, cwd=ROOT, start_new_session=True)
    try:
        _wait(port)
        yield Served(port, process)
    finally:
        process.terminate()
        process.wait(10)


def charter(url: str, ring: str) -> contextlib.AbstractContextManager[Served]:
    """Charter on that database."""
    return serve("wsgi:app", DATABASE_URL=url, CHARTER_KEYS=ring)


def bare(url: str) -> contextlib.AbstractContextManager[Served]:
    """The floor on the same database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)  # before two processes make it at once
    return serve("bench.bare:app", BARE_DATABASE=url)


def analyze(session: Session) -> None:
    """Count rows, so that statements are planned for tables that are full."""
    session.execute(text("ANALYZE"))


def words() -> Iterator[bytes]:
    """Requests for the floor."""
    while True:
        yield load.post("/", {"word": "a seat for somebody"})


def warm(floor: Served, ours: Served, requests: Iterator[bytes]) -> None:
    """Let both run until their statements are prepared, on counted tables."""
    load.run(floor.port, 8, words(), seconds=1)
    load.run(ours.port, 8, requests, seconds=2)
    db.act(analyze)
    load.run(ours.port, 8, requests, seconds=1)


Pair = tuple[load.Outcome, load.Outcome]


def compare(ours: Served, floor: Served, clients: int, requests: Callable[[], Iterator[bytes]],
            good: int = 200, against: Callable[[], Iterator[bytes]] = words) -> list[Pair]:
    """Slices of ours and the floor, taking turns so that a busy machine is busy for both; the smallest share first."""
    pairs = []
    for _ in range(SLICES):
        bare = load.run(floor.port, clients, against(), seconds=SLICE)
        found = load.run(ours.port, clients, requests(), seconds=SLICE)
        if (set(bare.statuses), set(found.statuses)) != ({200}, {good}):
            raise RuntimeError(f"{bare.statuses} {found.statuses}")
        pairs.append((found, bare))
    return sorted(pairs, key=share)


def share(pair: Pair) -> float:
    """Requests a second of ours as a share of the floor's."""
    return pair[0].rate / pair[1].rate


def middle(pairs: list[Pair]) -> Pair:
    """The slice in the middle."""
    return pairs[len(pairs) // 2]


def told(pairs: list[Pair]) -> str:
    """The slice in the middle in words."""
    found, bare = middle(pairs)
    late = median(mine.percentile(0.99) / other.percentile(0.99) for mine, other in pairs)
    return (f"{found.rate:6.0f} /s  {share((found, bare)):4.0%} of {bare.rate:.0f} /s   "
            f"p99 {found.percentile(0.99):.0f} ms, {late:.1f} times the floor's")


def vehicle(session: Session, seats: int) -> VehicleType:
    """A coach of so many seats."""
    made = VehicleType(code=f"bench-{seats}", mode="bus", name="客车", name_en="Coach", approved_capacity=seats + 3,
                       passenger_seats=seats, seating="ours",
                       seat_map={"cars": [{"name": "", "rows": seat_rows(seats)}]})
    session.add(made)
    session.flush()
    return made


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not come up")
