"""Pages looked at in a real Chromium: both languages, laptop and phone, axe, nothing too wide, a picture of each."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromium
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from charter.app import create_app

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
SIZES = (1366, 390)


class Looker:
    """A served application and a browser; what the console complained about stands in `complaints`."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []
        self.server = make_server("127.0.0.1", 0, create_app(propagate_faults=True), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, cookie: str = "", width: int = 1366, language: str = "zh") -> Page:
        """A fresh browser of somebody who is signed in by this session, or by none."""
        context = self.browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN",
                                           bypass_csp=True)  # for axe; complaints about the policy are other tests'
        cookies: list[Any] = [{"name": "lang", "value": language, "url": self.address}]
        if cookie:
            cookies.append({"name": "session", "value": cookie, "url": self.address})
        context.add_cookies(cookies)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def look(self, paths: Mapping[str, str], cookie: str = "") -> list[str]:
        """Every page (name and path) in both languages and sizes; what is wrong with them, a line each."""
        wrong = []
        for language in ("zh", "en"):
            for width in SIZES:
                page = self.page(cookie, width, language)
                for name, path in paths.items():
                    answer = page.goto(self.address + path)
                    where = f"{name} {language} {width}"
                    if answer is None or answer.status != 200:
                        wrong.append(f"{where}: {answer and answer.status}")
                    wrong += [f"{where}: {line}" for line in faults(page)]
                    chromium.shot(page, f"{name}-{language}-{width}")
                page.context.close()
        return wrong + self.complaints


def faults(page: Page) -> list[str]:
    """What of WCAG 2 (A and AA) a page breaks, and whether it is wider than its window."""
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")["violations"]
    lines = [f"{one['id']} {node['target']}" for one in found for node in one["nodes"][:3]]
    if not page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
        lines.append("wider than the window")
    return lines


@contextmanager
def looking() -> Iterator[Looker]:
    """A looker for the bound database; ends with what it started."""
    path = chromium.find()
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=path, args=["--no-sandbox"])
        made = Looker(browser)
        try:
            yield made
        finally:
            browser.close()
            made.server.shutdown()
            made.server.server_close()
