"""The supervisor: database up, migrations run, web server as a child; all of it ends within ten seconds of a signal.

`python -m charter.serve`; the children die with it, however it ends.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from charter.core import db, schema, settings
from charter.core.db import act
from charter.core.installation import (
    SUPERVISED,
    StartFault,
    die_with_parent,
    is_demo,
    leave,
    mark_demo,
    open_database,
    reachable,
)
from charter.core.settings import Settings
from charter.demo import sign_ins
from charter.demo.make import make

__all__ = ["main"]

PATIENCE = 7  # seconds that a child has to end by itself


def main() -> int:
    """Serve until interrupted; 1 with one line where something keeps charter from starting."""
    parser = argparse.ArgumentParser(prog="charter.serve", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="make the demo campaign first, where there is none")
    parser.add_argument("--workers", type=int, default=16_000)
    parser.add_argument("--seed", type=int, default=2020)
    given = parser.parse_args()
    if given.demo:
        os.environ.setdefault("CHARTER_DATA", "var/demo")
    return _run(settings.load(), (given.workers, given.seed) if given.demo else None)


def _run(chosen: Settings, demo: tuple[int, int] | None) -> int:
    try:
        _port_free(chosen)
        url = open_database(chosen)
        wrong = reachable(url)
        if wrong:
            raise StartFault(wrong)
        schema.upgrade(url)
        if demo is not None:
            _demo(chosen, url, demo)
        return _serve(chosen)
    except StartFault as fault:
        sys.stderr.write(str(fault) + "\n")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        leave()


def _demo(chosen: Settings, url: str, wanted: tuple[int, int]) -> None:
    """Make the demo and its sign-ins, unless they are there."""
    if is_demo(url):
        return
    db.bind(url)
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:6.1f} s  {line}\n")
        sys.stdout.flush()
    campaign_id = make(*wanted, say)
    sign_ins.write(chosen.data, act(sign_ins.collect, campaign_id, chosen.base_url))
    act(mark_demo)
    say(f"sign-ins are in {chosen.data / 'sign-ins.json'}")
    db.unbind()


def _port_free(chosen: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as fault:
            raise StartFault([f"Port {chosen.port} on {chosen.host} cannot be used ({fault.strerror}): "
                              "stop what listens there, or choose another PORT."]) from fault


def _serve(chosen: Settings) -> int:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", chosen.host, "--port",
               str(chosen.port), "--workers", str(chosen.web_workers), "--blocking-threads", str(chosen.web_threads),
               "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning",
               "wsgi:app"]
    child = subprocess.Popen(command, env=os.environ | {SUPERVISED: "1"},  # noqa: S603 - our own words only
                             preexec_fn=lambda: die_with_parent(signal.SIGTERM), start_new_session=True)
    sys.stdout.write(f"charter is at {chosen.base_url} (Ctrl-C ends it)\n")
    sys.stdout.flush()
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        child.send_signal(signal.SIGTERM)
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, stop)
    code = _wait(child, lambda: stopping)
    return 0 if stopping else code


def _wait(child: subprocess.Popen[bytes], stopping: Callable[[], bool]) -> int:
    while True:
        try:
            return child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            if stopping():
                os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
