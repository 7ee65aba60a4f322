"""The phone's JavaScript answers every vector as the server's Python does, in a real Chromium."""

from __future__ import annotations

import json
from pathlib import Path

import chromium
import pytest
from playwright.sync_api import Page, Route, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STATIC = ROOT / "charter" / "boarding" / "static" / "boarding"
CONTENT = {".js": "text/javascript", ".html": "text/html"}
SITE = "https://phone.test"  # nothing is fetched: every request is answered from the files below


def answer(route: Route) -> None:
    path = route.request.url.removeprefix(SITE)
    if path == "/":
        route.fulfill(content_type="text/html", body='<script type="module" src="/run_vectors.js"></script>')
        return
    file = STATIC / path.removeprefix("/static/") if path.startswith("/static/") else HERE / path.lstrip("/")
    route.fulfill(content_type=CONTENT.get(file.suffix, "text/plain"), body=file.read_bytes())


def vectors_page(page: Page) -> Page:
    page.route(f"{SITE}/**", answer)
    page.goto(f"{SITE}/")
    page.wait_for_function("() => window.runVectors")
    return page


@pytest.mark.browser
def test_the_phones_rules_answer_every_vector_alike() -> None:
    vectors = json.loads((ROOT / "config" / "boarding-vectors.json").read_text(encoding="utf-8"))
    path = chromium.find()
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = vectors_page(browser.new_page())
        found = page.evaluate("vectors => window.runVectors(vectors)", vectors)
        browser.close()
    assert found["wrong"] == []
    assert found["count"] == sum(len(vectors[part]) for part in ("passes", "verdicts", "times", "states", "seats")) + 1
