"""Find the browser that the tests drive, or have it installed; `python tests/chromium.py` is a step of `make test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "No browser for the tests: install Chromium, or name one, as in `CHROMIUM=/path/to/chromium make test`."

SHOTS = Path(__file__).with_name("shots")


def find() -> str | None:
    """The path of a browser that starts: the one that CHROMIUM names, the system's, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES] + [_playwrights()]
    return next((path for path in candidates if path and _starts(path)), None)


def main() -> int:
    """Have a browser, and the fonts that Chinese pages are looked at with; exit code 1 where none can be had."""
    found = find()
    if not found and not os.environ.get("CHROMIUM"):
        print("Installing a browser for the tests ...", flush=True)
        install("chromium")
        if not find():
            _run([sys.executable, "-m", "playwright", "install", *(["--with-deps"] * _root()), "chromium"])
        found = find()
    if not found:
        print(MISSING, file=sys.stderr)
        return 1
    if not _has_chinese_font():
        install("fonts-noto-cjk")
    return 0


def _root() -> bool:
    return os.geteuid() == 0


def install(package: str) -> None:
    """Debian's package, where the caller may install it."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    if _root() and shutil.which("apt-get") and not _run(install):
        _run(["apt-get", "update"])
        _run(install)


def _run(command: list[str]) -> bool:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=os.environ | quiet, capture_output=True, check=False).returncode == 0


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _starts(path: str) -> bool:
    """A wrapper that only tells how to install a snap is no browser."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except OSError:
        return False


def shot(page: Any, name: str) -> None:
    """A picture of the page for people to look at, in a folder that git leaves out."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
