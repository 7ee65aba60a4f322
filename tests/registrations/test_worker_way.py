"""The worker's way on a phone, from the door to the pass: register, be confirmed, choose a seat, show the code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from registrations.worker_stand import Stand, id_number, phone_browser, shot, sign_in

from charter.core import clock

PHONE = "15400000001"


@pytest.fixture
def stand(database: str) -> Iterator[Stand]:
    made = Stand()
    yield made
    made.close()


@pytest.fixture
def phone() -> Iterator[Page]:
    with phone_browser() as page:
        yield page


def fill_who(page: Page) -> None:
    page.fill("#name", "张建国")
    page.fill("#id_number", id_number(clock.today() - timedelta(days=30 * 365)))
    page.fill("#employer_q", "甲有限")
    page.locator("#choices .option", has_text="厦门甲有限公司").click()
    page.locator("main form button.button").last.click()


def fill_way(page: Page) -> None:
    page.fill("#origin_q", "nanjiang")
    page.locator("#choices .option", has_text="南江县").click()
    page.locator("#earliest .chip").nth(1).click()
    page.locator("#latest .chip").nth(9).click()
    page.locator("#modes .chip").first.click()
    page.locator("#reach .option").first.click()
    shot(page, "way")
    page.locator("main form button.button").last.click()


@pytest.mark.browser
def test_a_worker_registers_gets_a_seat_and_shows_the_pass(stand: Stand, phone: Page) -> None:
    faults: list[str] = []
    phone.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    phone.goto(stand.address)
    shot(phone, "door")
    phone.get_by_text("我要报名").click()
    shot(phone, "phone")
    sign_in(stand, phone, PHONE)
    expect(phone.locator("h1")).to_have_text("我是谁")
    shot(phone, "who-empty")
    phone.locator("main form button.button").last.click()
    shot(phone, "who-errors")
    fill_who(phone)
    expect(phone.locator("h1")).to_have_text("从哪里走、哪天走")
    fill_way(phone)
    expect(phone.locator("h1")).to_have_text("和谁一起走")
    phone.get_by_text("加一位同行的人").click()
    phone.locator("#kind .option").nth(1).click()
    phone.fill("#name", "张小宝")
    phone.select_option("#id_type", "household_book")
    phone.fill("#id_number", id_number(clock.today() - timedelta(days=9 * 365), 204))
    shot(phone, "companion")
    phone.get_by_text("记下这位").click()
    phone.fill("#emergency_name", "李秀英")
    phone.fill("#emergency_phone", "15400000009")
    phone.locator("#needs .chip").nth(3).click()
    shot(phone, "with")
    phone.locator("main form button.button").last.click()
    expect(phone.locator("h1")).to_have_text("您的同意")
    for box in phone.locator("input[type=checkbox]").all():
        box.check()
    shot(phone, "agree")
    phone.locator("main form button.button").last.click()
    expect(phone.locator("h1")).to_have_text("请核对，没错就提交")
    shot(phone, "check")
    phone.get_by_text("提交报名").dblclick()
    expect(phone.locator("h1")).to_have_text("报名收到了，正在等单位确认")
    shot(phone, "received")
    made = stand.requests()
    assert [one.state for one in made] == ["received", "received"]
    for one in made:
        stand.confirm(one.id)
    phone.reload()
    shot(phone, "confirmed")
    phone.get_by_text("看看有空座的班次").click()
    shot(phone, "rides")
    phone.get_by_text("选这一班").click()
    shot(phone, "choose")
    phone.get_by_text("帮我们选挨着的座位").click()
    expect(phone.locator("h1")).to_have_text("座位已为您保留，请在时间到之前确认")
    shot(phone, "held")
    phone.get_by_text("确认这 2 个座位").click()
    expect(phone.locator("h1")).to_have_text("您的座位确定了")
    shot(phone, "booked")
    phone.get_by_text("大家的乘车码").click()
    expect(phone.locator(".pass-row .pass-qr")).to_have_count(2)
    shot(phone, "together")
    phone.go_back()
    phone.get_by_text("换个座位").click()
    shot(phone, "seat")
    phone.get_by_text("不换了").click()
    phone.get_by_text("出示乘车码").click()
    expect(phone.locator(".pass-qr")).to_be_visible()
    shot(phone, "pass")
    assert faults == []
