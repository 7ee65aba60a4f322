"""One PostgreSQL server for a whole test run, in memory where the machine has room, and a fresh database for each test.

All workers of one run share the server: the last one to leave stops it and removes its folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from charter.core import cluster, schema
from charter.core.postgres import Server

TEMPLATE = "template_charter"
ROOM = 2_000_000_000  # bytes that a run may need, with room to spare
QUICK = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "autovacuum": "off", "max_connections": "300", "shared_buffers": "128MB",
}  # fmt: skip


@contextlib.contextmanager
def server(run: str) -> Iterator[Server]:
    """The server of the run with that name, its template database migrated."""
    folder = _memory() / f"charter-tests-{os.geteuid()}-{run}"
    _sweep(folder)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)  # the server's account passes through, whatever the umask
    clone = hashlib.sha256(__file__.encode()).hexdigest()[:16]
    home = Path(tempfile.gettempdir()) / f"charter-tests-{clone}"  # not in memory, where nothing may be executed
    with cluster.share(folder, lambda: cluster.lodge(home, folder / "postgres", QUICK), _make_template) as shared:
        yield shared
    if not _used(folder):
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def fresh(shared: Server, template: str = TEMPLATE) -> Iterator[str]:
    """The address of a new database, copied from the template and dropped at the end."""
    name = f"test_{uuid4().hex[:12]}"
    run(shared.url("postgres"), f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield shared.url(name)
    finally:
        run(shared.url("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


def run(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def name_of(url: str) -> str:
    """The database's name in an address."""
    return urlsplit(url).path.lstrip("/")


def _make_template(shared: Server) -> None:
    with psycopg.connect(shared.url("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
            return
        connection.execute("CREATE DATABASE unfinished")
        schema.upgrade(shared.url("unfinished"))
        _add_missing(shared.url("unfinished"))
        connection.execute(f"ALTER DATABASE unfinished RENAME TO {TEMPLATE}")


def _add_missing(url: str) -> None:
    # Only until every room has its migration: tables that have none yet are made from the models.
    from sqlalchemy import create_engine

    from charter.core.db import Base

    try:
        schema.load_models()
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        Base.metadata.create_all(engine)
        engine.dispose()
    except Exception as fault:
        print(f"\nsome room's models do not load: {fault!r}")


def _memory() -> Path:
    shm = Path("/dev/shm")
    if os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > ROOM:
        return shm
    return Path(tempfile.gettempdir())


def _sweep(mine: Path) -> None:
    """Remove what killed runs left: a folder that nobody uses, and its server."""
    for folder in mine.parent.glob(f"charter-tests-{os.geteuid()}-*"):
        if folder != mine and (folder / "users.lock").exists() and not _used(folder):
            Server(folder, folder / "postgres", folder, folder / "log").stop()
            shutil.rmtree(folder, ignore_errors=True)


def _used(folder: Path) -> bool:
    try:
        with open(folder / "users.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return True  # somebody else is removing it
    return False
