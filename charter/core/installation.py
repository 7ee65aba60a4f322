"""Make this process part of an installation: settings checked, keys in hand, database bound, or one clear line."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from charter.core import cluster, db, postgres, schema, sealed
from charter.core.deferral import worker_lives
from charter.core.settings import Settings, faults, key_ring, use

__all__ = ["ADDRESS", "SUPERVISED", "StartFault", "database_faults", "die_with_parent", "enter", "is_demo",
           "job_faults", "leave", "mark_demo", "open_database", "reachable", "revive_database"]  # fmt: skip

SUPERVISED = "CHARTER_SUPERVISED"  # set by the supervisor for its children, by nobody else
ADDRESS = "address"  # in the data folder: where this installation was last served
DEMO_MARK = "charter demo: its sign-ins are known to everybody"


class StartFault(Exception):
    """Something keeps charter from starting. `lines` say what, and what to do, one each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


_open = contextlib.ExitStack()
_servers: dict[Path, cluster.Server] = {}  # the embedded ones that this process uses


def enter(settings: Settings) -> None:
    """Check everything and bind keys and database for the rest of this process. Raises StartFault."""
    if os.environ.get(SUPERVISED):
        die_with_parent(signal.SIGKILL)
    url = open_database(settings)
    wrong = reachable(url) or database_faults(settings, url)
    if wrong:
        raise StartFault(wrong)
    db.bind(url, pool_size=settings.web_threads)


def open_database(settings: Settings) -> str:
    """The database's address, the embedded server being up until this process ends, and the keys in hand.

    Raises StartFault.
    """
    wrong = faults(use(settings))
    if wrong:
        raise StartFault(wrong)
    try:
        sealed.configure(key_ring(settings))
        if not settings.embedded:
            return settings.database_url
        atexit.register(leave)
        _servers[settings.data] = _open.enter_context(cluster.running(settings.data))
        return _servers[settings.data].url()
    except (cluster.ClusterFault, ValueError) as fault:
        raise StartFault([str(fault)]) from fault
    except PermissionError as fault:
        raise StartFault([f"{fault.filename} may not be used by this account: choose another DATA."]) from fault


def leave() -> None:
    """Let go of the embedded database, which stops where nobody else uses it."""
    db.unbind()
    _servers.clear()
    _open.close()


def revive_database() -> bool:
    """Start the embedded database again where it was killed under us; whether it had been. Raises StartFault."""
    try:
        return any(cluster.revive(data, server) for data, server in _servers.items())
    except cluster.ClusterFault as fault:
        raise StartFault([str(fault)]) from fault


def reachable(url: str) -> list[str]:
    """A line where no connection can be had."""
    place = urlsplit(url)
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as fault:
        told = [line for line in str(fault).splitlines() if "failed: " in line] or [str(fault).strip()]
        reason = told[-1].rpartition("failed: ")[2].strip()
        return [f"The database at {place.hostname or 'its socket'} cannot be reached ({reason}): "
                "start it, or correct DATABASE_URL."]  # fmt: skip
    return []


def database_faults(settings: Settings, url: str) -> list[str]:
    """What is wrong in a database that can be reached: migrations behind, or a demo's in production."""
    try:
        if schema.behind(url):
            return ["The database lacks migrations: run `flask --app wsgi migrate` (`make run` does so by itself)."]
    except OperationalError as fault:
        return [f"The database cannot be read: {fault.orig}"]
    if settings.production and is_demo(url):
        return ["The database holds the demo, whose sign-ins everybody knows: give production a database of its own."]
    return []


def job_faults(url: str) -> list[str]:
    """A line where jobs wait for a worker that is not there; an installation that nobody serves now needs none."""
    db.bind(url)
    if postgres.started_here() or db.ask(worker_lives):
        return []
    return ["No job worker is alive: start `python -m charter.jobs` (`make run` does so by itself)."]


def mark_demo(session: Session) -> None:
    """Mark the database as a demo's for good; the mark is a comment that dumps carry along."""
    session.execute(text(f"COMMENT ON SCHEMA public IS '{DEMO_MARK}'"))


def is_demo(url: str) -> bool:
    """Whether the database bears the demo's mark."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT obj_description('public'::regnamespace)").fetchone()
    return found is not None and found[0] == DEMO_MARK


def die_with_parent(sign: signal.Signals) -> None:
    """Have the kernel send `sign` to this process when its parent ends, however that happens (Linux only)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, int(sign))
