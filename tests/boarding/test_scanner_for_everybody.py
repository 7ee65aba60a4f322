"""Every part of the scanner page: large targets, nothing wider than a narrow phone, axe content, English complete."""

from __future__ import annotations

import re
from pathlib import Path

import chromium
import pytest
from boarding.stand import CITY, Stand, scan
from playwright.sync_api import BrowserContext, Page, expect

from charter.boarding.service import unlocking
from charter.core import db

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SMALL = """() => [...document.querySelectorAll(
    'main > section:not([hidden]) :is(button, a, select, input, label:has(input))')]
  .filter((one) => one.checkVisibility() && !(one.matches('input') && one.closest('label'))
    && !(one.matches('label') && !one.querySelector('input')))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
  .filter(([, height]) => height < 60)"""
CLICKS = {"count": "#to-count", "way": "#to-way", "incident": "#to-incident", "unlisted": "#to-unlisted",
          "handover": "#to-handover", "ready": "#to-ready"}
NAMED = {"hand": "#to-hand", "missing": "#to-missing"}


def look_at(page: Page, name: str, faults: list[str]) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    faults += [f"{name}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
    faults += [f"{name}: small: {html}" for html, _ in page.evaluate(SMALL)]
    if page.evaluate("document.documentElement.scrollWidth") > 360:
        faults.append(f"{name}: too wide")
    chromium.shot(page, f"scan-{page.evaluate('document.documentElement.lang')}-{name}")


def on(page: Page) -> None:
    page.wait_for_selector("#message:not([hidden])")
    page.click("#message .back")


def every_part(page: Page, stand: Stand, card: str) -> dict[str, str]:
    """The words of each part as it is shown; raises for what is too small, too wide or not for everybody."""
    faults: list[str] = []
    said: dict[str, str] = {}

    def keep(name: str) -> None:
        look_at(page, name, faults)
        said[name] = page.inner_text("body")

    page.wait_for_selector("#ready:not([hidden])")
    keep("ready")
    page.click("#to-rehearsal")
    page.wait_for_selector("#practice-verdict:not(:empty)")
    keep("rehearsal")
    page.click("#rehearsal .back")
    page.click("#begin")
    page.wait_for_selector("#camera:not([hidden])")
    keep("camera")
    page.click("#to-hand")
    keep("unlock")
    page.click("#unlock .back")
    for number, text in enumerate((stand.text(stand.people[1]), "A" * 138)):
        scan(page, text)
        keep(f"verdict-{number}")
        if number == 0:
            page.click("#confirm")
            page.wait_for_selector("#camera:not([hidden])")
            scan(page, text)
            keep("verdict-twice")
        page.click("#verdict .back")
        page.wait_for_selector("#camera:not([hidden])")
    for name, button in CLICKS.items():
        page.wait_for_selector("#camera:not([hidden])")
        page.click("#to-more")
        if name == "count":
            keep("more")
        page.click(button)
        page.wait_for_selector(f"#{name}:not([hidden])")
        keep(name)
        page.click("#begin" if name == "ready" else f"#{name} .back")
    page.wait_for_selector("#camera:not([hidden])")
    scan(page, card)
    on(page)
    for name, button in NAMED.items():
        page.click(button)
        page.wait_for_selector(f"#{name}:not([hidden])")
        if name == "hand":
            page.fill("#words-wanted", "zhang")
        keep(name)
        if name == "hand":
            page.click("#found .person")
            keep("person")
            page.click("#person-acts .quiet")
            keep("refuse")
            page.click("#refuse .back")
        else:
            page.click(f"#{name} .back")
    assert faults == []
    return said


@pytest.mark.browser
def test_every_part_is_large_narrow_and_accessible(stand: Stand, blind: BrowserContext) -> None:
    page = blind.new_page()
    card = db.act(unlocking.new_card, stand.on.id, CITY)
    page.goto(stand.link())
    every_part(page, stand, card)


@pytest.mark.browser
def test_every_part_speaks_english(stand: Stand, blind: BrowserContext) -> None:
    browser = blind.browser
    assert browser
    context = browser.new_context(viewport={"width": 360, "height": 740}, permissions=["camera"], locale="en-GB")
    page = context.new_page()
    card = db.act(unlocking.new_card, stand.on.id, CITY)
    page.goto(stand.link())
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for name, words in every_part(page, stand, card).items():
        names = ("巴中1线-03", "巴州客运站", "恩阳路口", "李秀英", "张建国", "号车位")
        left = re.findall("[\u4e00-\u9fff]+", re.sub("|".join(names), "", words))
        assert left == [], name
