"""The trip on a phone with no network: stops, counts that must balance, rests, incidents, somebody on no list."""

from __future__ import annotations

import boarding.factories as make
import chromium
import pytest
from boarding.stand import Stand, join, scan
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from charter.boarding.models import HeadCount, TripEntry
from charter.campaigns.models import DepartureStop
from charter.core import db


def more(page: Page, button: str) -> None:
    page.wait_for_selector("#camera:not([hidden])")
    page.click("#to-more")
    page.click(button)


def on(page: Page) -> None:
    page.click("#message .back")


@pytest.mark.browser
def test_the_coach_goes_on_only_when_the_count_balances_or_is_explained(stand: Stand, blind: BrowserContext) -> None:
    with db.transaction() as session:
        gate = make.Stop(campaign_id=stand.world.campaign.id, name="工具公司东门", division="330723")
        session.add(gate)
        session.flush()
        session.add(DepartureStop(departure_id=stand.on.id, seq=5, stop_id=gate.id, kind="alight", bay="",
                                  gather_at=stand.on.arrives_at, departs_at=stand.on.arrives_at))
    page = join(blind, stand)
    page.context.set_offline(True)
    more(page, "#to-way")
    page.click("#way-acts button:has-text(\"巴州客运站\")")
    expect(page.locator("#way-title")).to_contain_text("在巴州客运站")
    page.click("#way .back")
    scan(page, stand.text(stand.people[1]))
    page.click("#confirm")
    more(page, "#to-way")
    expect(page.locator("#way-expected")).to_have_text("应有 2 人")
    page.fill("#way-counted", "1")
    page.click("#way-form button")
    expect(page.locator("#way-told")).to_have_text("数到 1 人，扫码 2 人。")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    chromium.shot(page, "scan-way-count")
    page.fill("#way-counted", "2")
    page.click("#way-form button")
    expect(page.locator("#message-title")).to_have_text("可以开车")
    on(page)
    more(page, "#to-way")
    expect(page.locator("#way-title")).to_have_text("在路上")
    expect(page.locator("#way-driving")).to_contain_text("连续行驶 0:00")
    page.click("#way-acts button:has-text(\"开始休息\")")
    page.fill("#way-counted", "1")
    page.click("#way-form button")
    page.fill("#way-reason", "一人在服务区由家人接走")
    page.click("#way-form button")
    expect(page.locator("#message-title")).to_have_text("可以开车")
    on(page)
    more(page, "#to-incident")
    page.click("#incident-choices button:has-text(\"堵车\")")
    page.click("#incident-choices button:has-text(\"停着\")")
    expect(page.locator("#message-text")).to_contain_text("057912351")
    on(page)
    more(page, "#to-way")
    page.click("#way-acts button:has-text(\"工具公司东门\")")
    expect(page.locator("#way-log li").first).to_contain_text("到达 工具公司东门")
    chromium.shot(page, "scan-way")
    page.context.set_offline(False)
    page.wait_for_function("async () => !(await (await import('/static/boarding/store.js')).notes()).length",
                           timeout=25_000)
    with db.transaction() as session:
        kept = session.scalars(select(TripEntry).order_by(TripEntry.at)).all()
        assert [one.kind for one in kept] == ["stop_reached", "stop_left", "rest_begun", "rest_ended", "incident",
                                              "gate_reached"]
        assert kept[1].details == {"counted": 2, "expected": 2}
        assert kept[4].details == {"what": "jam", "how": "stands"}
        assert {(one.counted, one.expected, one.reason) for one in session.scalars(select(HeadCount))} == {
            (2, 2, ""), (1, 2, "一人在服务区由家人接走")}


@pytest.mark.browser
def test_who_is_on_no_list_gets_kind_words_and_the_next_coaches(stand: Stand, blind: BrowserContext) -> None:
    with db.transaction() as session:
        make.departure(session, stand.world, hours=3)
    page = join(blind, stand)
    page.context.set_offline(True)
    more(page, "#to-unlisted")
    expect(page.locator("#slip li")).to_have_count(1)
    expect(page.locator("#slip li")).to_contain_text("7号车位")
    assert page.locator("#slip-hotline").get_attribute("href") == "tel:057912351"
    chromium.shot(page, "scan-unlisted")
