"""The web server that a drill speaks to, in processes of its own, so that it can be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

__all__ = ["Lost", "Server"]

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60.0  # seconds, on a machine that has other work


class Lost(Exception):
    """No answer came: whether the request was done nobody knows."""


class Server:
    """Two worker processes on a port of this machine."""

    def __init__(self, url: str, ring: str, folder: Path) -> None:
        self._environment = os.environ | {"DATABASE_URL": url, "CHARTER_KEYS": ring, "CHARTER_DATA": str(folder),
                                          "CHARTER_SMS": "local"}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers. Raises RuntimeError where it does not."""
        self._process = subprocess.Popen(  # noqa: S603 - a command of our own
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self._port),
             "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error", "wsgi:app"],
            env=self._environment, cwd=ROOT, start_new_session=True)
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            try:
                if self.ask("GET", "/health/live", "")[0] == 200:
                    return
            except Lost:
                time.sleep(0.1)
        raise RuntimeError("the drill's server did not start")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def ask(self, method: str, path: str, token: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of one request. Raises Lost where no whole answer came."""
        line = HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            line.request(method, path, None if body is None else json.dumps(body).encode(),
                         {"Authorization": f"Bearer {token}"} | ({"Content-Type": "application/json"} if body else {}))
            answer = line.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else None
        except (OSError, HTTPException) as error:
            raise Lost from error
        finally:
            line.close()
