"""Whole installations as people start them: the supervisor with all its children, on a data folder and a port."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from wiring.processes import ROOT, waited

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    """One data folder with its port; started and ended as often as a test likes."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data, self.port = data, free_port()
        self.environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
            "CHARTER_DATA": str(data), "CHARTER_PORT": str(self.port), "CHARTER_WEB_WORKERS": "1"} | settings
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it serves."""
        self.begin()
        assert waited(lambda: self.ready() or self.process.poll() is not None, 90), "never ready"
        assert self.process.poll() is None, self.process.communicate()

    def begin(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "charter.serve"], cwd=ROOT, env=self.environment,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def refused(self) -> str:
        """Start where something is wrong: what it says on its way out."""
        self.begin()
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode == 1
        return said

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True,
                              text=True, timeout=60)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def signal(self, sign: signal.Signals) -> float:
        """Send a signal to the supervisor; seconds until it had ended."""
        began = time.monotonic()
        self.process.send_signal(sign)
        self.process.communicate(timeout=60)
        return time.monotonic() - began

    @property
    def homes(self) -> list[str]:
        pointer = self.data / "postgres.path"
        return [str(self.data), *([pointer.read_text().strip()] if pointer.exists() else [])]

    def processes(self) -> dict[int, str]:
        """Every process of this installation, by the setting in its environment or the folder on its command line."""
        found = {}
        for entry in os.listdir("/proc"):
            with contextlib.suppress(OSError):
                if not entry.isdigit():
                    continue
                line = Path("/proc", entry, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                given = Path("/proc", entry, "environ").read_bytes()
                ours = f"CHARTER_DATA={self.data}\0".encode() in given + b"\0"
                if line and (ours or any(f"{home}/" in line for home in self.homes)):
                    found[int(entry)] = line
        return found

    def pid(self, word: str) -> int | None:
        """The oldest process with the word on its command line."""
        return min((pid for pid, line in self.processes().items() if word in line), default=None)

    def clear(self) -> None:
        """End and remove whatever a test left."""
        for pid in self.processes():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.communicate()
        for home in reversed(self.homes):
            shutil.rmtree(home, ignore_errors=True)
