"""The trip on a phone with no network: stops, counts that must balance, rests, incidents, somebody on no list."""

from __future__ import annotations

from datetime import timedelta

import boarding.factories as make
import chromium
import pytest
from boarding.stand import Stand, all_sent, join, scan
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from charter.boarding.models import HeadCount, Scan, TripEntry
from charter.boarding.service import journal
from charter.campaigns.models import DepartureStop, Rule
from charter.core import clock, db


def more(page: Page, button: str) -> None:
    page.wait_for_selector("#camera:not([hidden])")
    page.click("#to-more")
    page.click(button)


def on(page: Page) -> None:
    page.click("#message .back")


def add_gate(stand: Stand) -> None:
    """The works' gate at the end of the way."""
    with db.transaction() as session:
        gate = make.Stop(campaign_id=stand.world.campaign.id, name="工具公司东门", division="330723")
        session.add(gate)
        session.flush()
        session.add(DepartureStop(departure_id=stand.on.id, seq=5, stop_id=gate.id, kind="alight", bay="",
                                  gather_at=stand.on.arrives_at, departs_at=stand.on.arrives_at))


def valid(first: str) -> str:
    """An identity number with its right check character."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(weight * int(digit) for weight, digit in zip(weights, first, strict=True)) % 11]


@pytest.mark.browser
def test_the_coach_goes_on_only_when_the_count_balances_or_is_explained(stand: Stand, blind: BrowserContext) -> None:
    add_gate(stand)
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
    more(page, "#to-way")
    page.click("#way-acts button:has-text(\"换司机\")")
    page.fill("#driver-name", "陈师傅")
    page.click("#driver-form button")
    on(page)
    more(page, "#to-incident")
    page.click("#incident-choices button:has-text(\"晚点\")")
    page.click("#incident-choices button:has-text(\"停着\")")
    expect(page.locator("#message-text")).to_contain_text("057912351")
    on(page)
    more(page, "#to-way")
    page.click("#way-acts button:has-text(\"工具公司东门\")")
    expect(page.locator("#way-log li").first).to_contain_text("到站 工具公司东门")
    chromium.shot(page, "scan-way")
    page.context.set_offline(False)
    all_sent(page)
    with db.transaction() as session:
        kept = session.scalars(select(TripEntry).order_by(TripEntry.claimed_at)).all()
        assert [one.kind for one in kept] == ["arrived_stop", "counted", "left_stop", "rest_begun", "counted",
                                              "rest_ended", "driver_changed", "incident", "arrived_stop"]
        assert kept[1].details == {"counted": 2}
        assert (kept[7].details["what"], kept[7].details["note"]) == ("delay", "停着")
        assert {one.answer for one in kept} == {"kept"}
        assert {(one.counted, one.expected, one.reason) for one in session.scalars(select(HeadCount))} == {
            (2, 2, ""), (1, 2, "一人在服务区由家人接走")}


@pytest.mark.browser
def test_at_a_gate_a_scan_lets_people_off(stand: Stand, blind: BrowserContext) -> None:
    add_gate(stand)
    page = join(blind, stand)
    text = stand.text(stand.people[1])
    scan(page, text)
    page.click("#confirm")
    more(page, "#to-way")
    page.click("#way-acts button:has-text(\"工具公司东门\")")
    expect(page.locator("#way-gate")).to_be_visible()
    page.click("#way .back")
    page.context.set_offline(True)
    scan(page, text)
    assert page.inner_text("#confirm") == "确认下车"
    page.click("#confirm")
    more(page, "#to-way")
    expect(page.locator("#way-expected")).to_have_text("应有 0 人")
    page.context.set_offline(False)
    expect(page.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)
    with db.transaction() as session:
        assert [one.kind for one in session.scalars(select(Scan).order_by(Scan.scanned_at))] == ["board", "alight"]


@pytest.mark.browser
def test_who_is_on_no_list_is_let_on_where_a_rule_allows_it_and_his_data_are_sealed(
        stand: Stand, blind: BrowserContext) -> None:
    with db.transaction() as session:
        session.add(Rule(campaign_id=stand.world.campaign.id, kind="walk_on", value={"allowed": True},
                         from_at=clock.now() - timedelta(days=1)))
    page = join(blind, stand)
    page.context.set_offline(True)
    more(page, "#to-unlisted")
    page.fill("#walk-on-name", "韩梅梅")
    right = valid("51372119920815002")
    page.fill("#walk-on-id", right[:-1] + ("1" if right[-1] == "0" else "0"))
    page.fill("#walk-on-phone", "13800138000")
    page.fill("#walk-on-employer", "某某工具公司")
    page.click("#walk-on-form button")
    expect(page.locator("#walk-on-told")).to_contain_text("身份证号不对")
    chromium.shot(page, "scan-walk-on")
    page.fill("#walk-on-id", right)
    page.click("#walk-on-form button")
    expect(page.locator("#message-title")).to_have_text("已登记临时上车")
    kept = page.evaluate("async () => JSON.stringify(await (await import('/static/boarding/store.js')).notes())")
    assert "walk_on" in kept
    assert not any(secret in kept for secret in ("韩梅梅", "19920815", "13800138000"))
    on(page)
    more(page, "#to-count")
    expect(page.locator("#count-expected")).to_have_text("应有 1 人")
    page.context.set_offline(False)
    all_sent(page)
    with db.transaction() as session:
        (entry,) = session.scalars(select(TripEntry))
        assert (entry.kind, entry.answer, entry.stop_id) == ("walk_on", "kept", stand.world.stops[0].id)
        assert entry.person
        assert "韩梅梅" in journal.PERSON.open_bytes(entry.entry_id, entry.person).decode()


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
