"""Before departure: five codes are rehearsed with the network off, and nothing of them is kept or sent."""

from __future__ import annotations

import chromium
import pytest
from boarding.stand import Stand
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from charter.boarding.models import Scan
from charter.core import db

RIGHT = [("可以上车", "直接上车"), ("旧乘车码", "看证件后上车"), ("不是这趟车", "请他离开"), ("假码", "请他离开"),
         ("已经上过车", "问清是哪一种")]


@pytest.mark.browser
def test_five_codes_are_rehearsed_with_the_network_off(stand: Stand, blind: BrowserContext) -> None:
    page = blind.new_page()
    page.goto(stand.link())
    page.wait_for_selector("#ready:not([hidden])")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("#ready:not([hidden])")
    page.click("#to-rehearsal")
    for number, (verdict, choice) in enumerate(RIGHT, 1):
        expect(page.locator("#practice-title")).to_contain_text(f"{number} / 5")
        expect(page.locator("#practice-verdict")).to_contain_text(verdict)
        if number == 2:
            page.click("#practice-choices button:has-text(\"直接上车\")")
            expect(page.locator("#practice-told")).to_have_text("再看一眼上面的字。")
            chromium.shot(page, "scan-rehearsal")
        page.click(f"#practice-choices button:has-text(\"{choice}\")")
    expect(page.locator("#message-title")).to_have_text("五个都对了")
    page.click("#message .back")
    expect(page.locator("#light-rehearsal")).to_have_attribute("data-light", "go")
    chromium.shot(page, "scan-ready")
    page.context.set_offline(False)
    expect(page.locator("#light-net")).to_have_attribute("data-light", "go", timeout=25_000)
    assert page.evaluate("async () => (await (await import('/static/boarding/store.js')).scans()).length") == 0
    with db.transaction() as session:
        assert session.scalars(select(Scan)).all() == []
