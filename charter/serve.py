"""The supervisor: database up, migrations run, web server as a child; all of it ends within ten seconds of a signal.

`python -m charter.serve`; the children die with it, however it ends.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

from charter.core import schema, settings
from charter.core.installation import SUPERVISED, StartFault, die_with_parent, leave, open_database, reachable
from charter.core.settings import Settings

__all__ = ["main"]

PATIENCE = 7  # seconds that a child has to end by itself


def main() -> int:
    """Serve until interrupted; 1 with one line where something keeps charter from starting."""
    chosen = settings.load()
    try:
        _port_free(chosen)
        url = open_database(chosen)
        wrong = reachable(url)
        if wrong:
            raise StartFault(wrong)
        schema.upgrade(url)
        return _serve(chosen)
    except StartFault as fault:
        sys.stderr.write(str(fault) + "\n")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        leave()


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
