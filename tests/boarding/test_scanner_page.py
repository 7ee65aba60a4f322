"""A volunteer's phone in a real Chromium with a camera that sees two passes: online, offline, reloaded."""

from __future__ import annotations

import chromium
import pytest
from boarding.stand import Stand, begin, wait_for
from playwright.sync_api import Page, expect
from sqlalchemy import select

from charter.access.service.staff import create_account
from charter.boarding.models import Scan
from charter.bookings.models import Booking
from charter.core import db
from charter.core.actor import Role


@pytest.mark.browser
def test_a_volunteer_scans_online_and_offline_and_nothing_is_lost(stand: Stand, phone: Page) -> None:
    faults: list[str] = []
    phone.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    phone.goto(stand.link())
    begin(phone)
    wait_for(phone, "张建国")
    assert phone.inner_text("#verdict-title") == "可以上车"
    assert phone.inner_text("#verdict-person") == "张建国 0023"
    assert phone.inner_text("#verdict-seat") == "23 座"
    phone.click("#confirm")
    expect(phone.locator("#counter")).to_have_text("1 / 2", timeout=25_000)
    expect(phone.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)
    assert boarded() == {stand.people[0].id}
    assert faults == []
    kept = phone.evaluate("() => navigator.serviceWorker.ready.then(() => caches.keys())")
    assert len(kept) == 1
    phone.context.set_offline(True)
    wait_for(phone, "李秀英")
    phone.click("#confirm")
    expect(phone.locator("#unsent")).to_have_text("未上传 1", timeout=25_000)
    phone.reload()
    begin(phone)
    assert phone.inner_text("#unsent") == "未上传 1"
    assert phone.inner_text("#counter") == "2 / 2"
    wait_for(phone, "李秀英")
    assert phone.inner_text("#verdict-title") == "已经上过车"
    phone.click("#verdict .back")
    assert boarded() == {stand.people[0].id}
    phone.context.set_offline(False)
    expect(phone.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)
    assert boarded() == {one.id for one in stand.people}
    with db.transaction() as session:
        assert len(session.scalars(select(Scan)).all()) == 2


@pytest.mark.browser
def test_a_volunteer_signs_in_and_scans_with_the_very_phone(stand: Stand, phone: Page) -> None:
    with db.transaction() as session:
        create_account(session, Role.VOLUNTEER, "zhiyuan", "xia-yu-tian-jie-ren", scope_kind="campaign",
                       scope_id=str(stand.on.campaign_id), name="王老师")
    phone.goto(stand.address + "/sign-in/staff")
    phone.fill("input[name=username]", "zhiyuan")
    phone.fill("input[name=password]", "xia-yu-tian-jie-ren")
    phone.click("main button, form button[type=submit]")
    phone.wait_for_url("**/boarding")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    chromium.shot(phone, "boarding-volunteer")
    phone.click("button:has-text(\"用这部手机扫码\")")
    begin(phone)
    wait_for(phone, "张建国")
    chromium.shot(phone, "boarding-verdict")
    phone.click("#confirm")
    expect(phone.locator("#counter")).to_have_text("1 / 2", timeout=25_000)
    expect(phone.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)
    phone.goto(stand.address + f"/boarding/{stand.on.id}")
    expect(phone.locator("body")).to_contain_text("已上车")


@pytest.mark.browser
def test_an_invitation_works_once_and_no_name_is_kept_on_the_phone(stand: Stand, phone: Page) -> None:
    link = stand.link()
    phone.goto(link)
    begin(phone)
    wait_for(phone, "张建国")
    phone.click("#confirm")
    kept = phone.evaluate("""async () => {
        const store = await import('/static/boarding/store.js');
        const keys = ['token', 'trip', 'list', 'state', 'departure'];
        return JSON.stringify([await Promise.all(keys.map((key) => store.get(key))), await store.scans()]);
    }""")
    assert stand.on.code in kept
    assert not any(name in kept for name in ("张建国", "李秀英", "0023", "118X"))
    other = phone.context.browser.new_context(locale="zh-CN").new_page()  # type: ignore[union-attr]
    other.goto(link)
    expect(other.locator("#message-title")).to_have_text("邀请已失效")


def boarded() -> set[int]:
    with db.transaction() as session:
        return set(session.scalars(select(Booking.id).where(Booking.boarded_at.is_not(None))))
