"""Names on a volunteer's phone: open by PIN or card, in memory only, gone with the page, never on the disk."""

from __future__ import annotations

import json
from pathlib import Path

import boarding.factories as make
import chromium
import pytest
from boarding.stand import CITY, Stand, all_sent, contexts, join, scan
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from charter.boarding.models import MissingCall, Scan, TripEntry
from charter.boarding.people_list import PHONE
from charter.boarding.service import unlocking
from charter.bookings.models import Booking
from charter.core import db
from charter.people.models import Worker

NAMES = [f"{family}{given}" for family in "赵钱孙李周吴郑王" for given in ("文博", "雅静", "子轩")]


@pytest.fixture
def crowd(stand: Stand) -> list[Booking]:
    """24 more people with phones."""
    with db.transaction() as session:
        made = [make.booking(session, stand.world, stand.on, str(seat), name=name, tail=f"{seat:02}7X")
                for seat, name in enumerate(NAMES, 25)]
        for number, worker in enumerate(session.scalars(select(Worker).order_by(Worker.number))):
            worker.phone_sealed = PHONE.seal(worker.id, f"+86138{number:08}")
    return made


def set_pin(page: Page) -> None:
    page.click("#to-more")
    page.click("#to-ready")
    page.fill("#new-pin", "402913")
    page.click("#pin-form button")
    expect(page.locator("#pin-block")).to_be_hidden()
    page.click("#begin")


def open_by_pin(page: Page, pin: str = "402913") -> None:
    page.wait_for_selector("#unlock:not([hidden])")
    page.fill("#pin", pin)
    page.click("#unlock-form button")


def look_for(page: Page, wanted: str) -> list[str]:
    page.fill("#words-wanted", wanted)
    return page.locator("#found .person b").all_inner_texts()


@pytest.mark.browser
def test_people_are_found_by_name_pinyin_and_digits_and_boarded_by_hand(
        stand: Stand, crowd: list[Booking], blind: BrowserContext) -> None:
    page = join(blind, stand)
    set_pin(page)
    page.click("#to-hand")
    open_by_pin(page, "111112")
    expect(page.locator("#unlock-told")).to_have_text("口令不对，还可以试 4 次。")
    open_by_pin(page)
    page.wait_for_selector("#hand:not([hidden])")
    page.context.set_offline(True)
    assert look_for(page, "雅静")[:1] == ["赵雅静 267X · 26 座"]
    assert look_for(page, "zhaowen") == ["赵文博 257X · 25 座"]
    assert look_for(page, "qzx") == ["钱子轩 307X · 30 座"]
    assert look_for(page, "118x") == ["李秀英 118X · 24 座 · 怀抱儿童 1 名"]
    assert look_for(page, "nobody") == []
    look_for(page, "118x")
    chromium.shot(page, "scan-search")
    page.click("#found .person")
    chromium.shot(page, "scan-person")
    page.click("#person-acts button:has-text(\"手机没电\")")
    expect(page.locator("#message-title")).to_have_text("已手工上车")
    page.click("#message .back")
    expect(page.locator("#counter")).to_have_text("1 / 26")
    page.click("#to-hand")
    look_for(page, "118x")
    assert "在车上" in page.inner_text("#found")
    page.click("#found .person")
    page.click("#person-acts button:has-text(\"请下车\")")
    page.select_option("#refuse-witness", "driver")
    page.select_option("#refuse-taker", "family")
    chromium.shot(page, "scan-refuse")
    page.click("#refuse-why button:has-text(\"喝醉\")")
    expect(page.locator("#message-title")).to_have_text("已记下")
    page.context.set_offline(False)
    expect(page.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)
    with db.transaction() as session:
        kept = session.scalars(select(Scan).order_by(Scan.scanned_at)).all()
        assert [(one.kind, one.by_hand, one.reason) for one in kept] == [
            ("board", True, "phone_dead"), ("deny", True, "drunk/driver/family")]
    all_sent(page)
    with db.transaction() as session:
        (noted,) = session.scalars(select(TripEntry))
        told = {"reason": "drunk", "witness": "司机", "taken_over_by": "家属"}
        assert (noted.kind, noted.details) == ("set_down", told)


@pytest.mark.browser
def test_the_missing_stand_on_one_screen_with_their_phones_and_what_calls_came_to(
        stand: Stand, crowd: list[Booking], blind: BrowserContext) -> None:
    page = join(blind, stand)
    set_pin(page)
    scan(page, stand.text(stand.people[0]))
    page.click("#confirm")
    page.wait_for_selector("#camera:not([hidden])")
    page.click("#to-missing")
    open_by_pin(page)
    page.wait_for_selector("#missing:not([hidden])")
    page.context.set_offline(True)
    expect(page.locator("#missing-title")).to_have_text("还没到 25 人")
    assert "张建国" not in page.inner_text("#missing")
    first = page.locator("#missing-list li").first
    assert first.locator("a").get_attribute("href") == "tel:+8613800000001"
    assert "再等" in page.inner_text("#wait-clock")
    first.locator("button", has_text="没人接").click()
    expect(first.locator("small")).to_contain_text("没人接")
    first.locator("button", has_text="到").first.click()
    expect(first.locator("small")).to_contain_text("在路上")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    chromium.shot(page, "scan-missing")
    page.context.set_offline(False)
    all_sent(page)
    with db.transaction() as session:
        assert [one.outcome for one in session.scalars(select(MissingCall).order_by(MissingCall.at))] == [
            "no_answer", "on_the_way"]


@pytest.mark.browser
def test_the_card_opens_the_list_with_no_network_and_a_reload_forgets_it(
        stand: Stand, crowd: list[Booking], blind: BrowserContext) -> None:
    card = db.act(unlocking.new_card, stand.on.id, CITY)
    page = join(blind, stand)
    page.evaluate("() => navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.click("#to-hand")
    page.fill("#pin", "402913")
    page.click("#unlock-form button")
    expect(page.locator("#unlock-told")).to_contain_text("现在没有网络")
    page.click("#unlock-card")
    assert page.inner_text("#camera-hint") == "请把相机对准解锁卡"
    scan(page, "CHARTER-CARD:" + "0" * 24)
    expect(page.locator("#message-title")).to_have_text("这张卡打不开名单")
    page.click("#message .back")
    scan(page, card)
    page.wait_for_selector("#hand:not([hidden])")
    assert look_for(page, "277X") == ["赵子轩 277X · 27 座"]
    page.reload()
    page.wait_for_selector("#ready:not([hidden])")
    page.click("#begin")
    page.click("#to-hand")
    page.wait_for_selector("#unlock:not([hidden])")
    assert not any(name in page.content() for name in NAMES)


@pytest.mark.browser
def test_names_close_by_themselves_when_nobody_uses_them(stand: Stand, crowd: list[Booking],
                                                             blind: BrowserContext) -> None:
    card = db.act(unlocking.new_card, stand.on.id, CITY)
    page = blind.new_page()
    page.clock.install()
    page.goto(stand.link())
    page.wait_for_selector("#ready:not([hidden])")
    page.evaluate("async (card) => (await import('/static/boarding/names.js')).openByCard(card)", card)
    here = "async () => (await import('/static/boarding/names.js')).people()?.length ?? 0"
    page.clock.run_for(9 * 60_000)
    page.keyboard.press("Shift")
    page.clock.run_for(9 * 60_000)
    assert page.evaluate(here) == 26
    page.clock.run_for(61_000)
    assert page.evaluate(here) == 0


@pytest.mark.browser
def test_nothing_on_the_disk_names_anybody(stand: Stand, crowd: list[Booking], tmp_path: Path) -> None:
    card = db.act(unlocking.new_card, stand.on.id, CITY)
    profile = tmp_path / "profile"
    profile.mkdir()
    for context in contexts(None, profile):
        page = join(context, stand)
        page.context.set_offline(True)
        for booking in crowd[:3]:
            scan(page, stand.text(booking))
            page.click("#confirm")
            page.wait_for_selector("#camera:not([hidden])")
        page.click("#to-hand")
        page.click("#unlock-card")
        scan(page, card)
        page.wait_for_selector("#hand:not([hidden])")
        assert look_for(page, "zhou")
        page.click("#found .person")
        kept = page.evaluate("""async () => {
            const store = await import('/static/boarding/store.js');
            const keys = ['token', 'trip', 'list', 'people', 'state', 'departure', 'device'];
            return [await Promise.all(keys.map((key) => store.get(key))), await store.scans(), await store.notes()];
        }""")
        context.close()
    words = [*NAMES, "张建国", "李秀英", *(f"138{number:08}" for number in range(26))]
    needles = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le")]
    files = [path for path in profile.rglob("*") if path.is_file()]
    assert any("IndexedDB" in str(path) for path in files)
    found = [(path.name, needle) for path in files for needle in needles if needle in path.read_bytes()]
    assert found == []
    assert not any(word in json.dumps(kept, ensure_ascii=False) for word in words)
