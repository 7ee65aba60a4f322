"""The worker's pages: small, readable, usable without script, and nothing typed is lost or sent back whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from registrations.worker_stand import Stand, id_number, phone_browser, sign_in

from charter.core import clock

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = "15400000001"
SERIOUS = ("serious", "critical")


@pytest.fixture
def stand(database: str) -> Iterator[Stand]:
    made = Stand()
    yield made
    made.close()


def number() -> str:
    return id_number(clock.today() - timedelta(days=30 * 365))


def onward(page: Page) -> None:
    go(page, page.locator("main form button.button").last)


def go(page: Page, part: Locator) -> None:
    """Press what leads to another page, and wait until that page stands."""
    with page.expect_navigation():
        part.click()


def register(stand: Stand, page: Page) -> None:
    """Without any companion, from the door to my trip, by forms alone."""
    page.goto(stand.address)
    page.locator("main .button").first.click()
    sign_in(stand, page, PHONE)
    page.fill("#name", "张建国")
    page.fill("#id_number", number())
    page.fill("#employer_q", "甲有限")
    page.click("button[value=find]")
    page.locator("#choices .option").first.click()
    onward(page)
    page.fill("#origin_q", "nj")
    page.click("button[value=find]")
    page.locator("#choices .option", has_text="南江").click()
    page.locator("#earliest .chip").first.click()
    page.locator("#latest .chip").last.click()
    page.locator("#modes .chip").first.click()
    page.locator("#reach .option").first.click()
    onward(page)
    page.fill("#emergency_name", "李秀英")
    page.fill("#emergency_phone", "15400000009")
    onward(page)
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    onward(page)
    onward(page)


def seated(stand: Stand, page: Page) -> None:
    """A seat chosen on the picture, and confirmed."""
    stand.confirm(stand.requests()[0].id)
    page.reload()
    page.locator("main .button").first.click()
    page.locator(".ride .button").first.click()
    page.locator("label.place-free").nth(6).click()
    page.click("button[value=take]")
    onward(page)


@pytest.mark.browser
def test_all_works_without_script_and_stands_on_a_narrow_phone(stand: Stand) -> None:
    with phone_browser(360, script=False) as page:
        register(stand, page)
        expect(page.locator("h1")).to_have_text("报名收到了，正在等单位确认")
        seated(stand, page)
        expect(page.locator("h1")).to_have_text("您的座位确定了")
        expect(page.locator(".seat-no")).to_have_text("7")
        page.click("text=换个座位")
        page.locator("label.place-free").first.click()
        onward(page)
        expect(page.locator(".seat-no")).to_have_text("1")
        page.click("text=退掉座位，改天再走")
        page.click("button.button-stop")
        expect(page.locator("h1")).to_have_text("单位已经确认，正在安排座位")
        page.click("text=改出发地、日期或交通工具")
        page.locator("#latest .chip").nth(4).click()
        onward(page)
        last = (clock.today() + timedelta(days=4))
        expect(page.locator(".facts")).to_contain_text(f"{last.month}月{last.day}日")
        page.click("text=我同意过什么")
        page.locator("summary").first.click()
        page.locator("button.button-stop").first.click()
        page.click("text=返回我的行程")
        expect(page.locator("h1")).to_have_text("您已取消这次报名")
        assert [one.state for one in stand.requests()] == ["withdrawn"]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "elder", "locale"), [(360, False, "zh-CN"), (360, True, "zh-CN"),
                                                        (390, False, "en-GB"), (360, True, "en-GB")])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_phone(stand: Stand, width: int, elder: bool,
                                                                       locale: str) -> None:
    with phone_browser(width, locale=locale) as page:
        looked: dict[str, list[str]] = {}

        def look() -> None:
            page.add_script_tag(path=AXE)
            found = page.evaluate("axe.run()")["violations"]
            looked[page.url] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found
                                if one["impact"] in SERIOUS]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                looked[page.url].append("wider than the phone")
            small = page.evaluate(SMALL, 60 if elder else 44)
            looked[page.url] += [f"small target: {one}" for one in small]
        page.goto(stand.address)
        if elder:
            go(page, page.locator(".switch button").first)
        bypass(page)
        look()
        go(page, page.locator("main .button").first)
        look()
        walk(stand, page, look)
        assert {url: wrong for url, wrong in looked.items() if wrong} == {}
        assert len(looked) >= 12


# Buttons, links and fields that are smaller than a finger; a link inside a sentence may be.
SMALL = """(least) => [...document.querySelectorAll("main a, button:not(.enter), .input, main select, label")]
  .filter((part) => part.offsetParent && !part.closest("p, li, dd, h1, h2") && !part.matches(".field label"))
  .filter((part) => Math.round(part.getBoundingClientRect().height) < least)
  .map((part) => part.outerHTML.slice(0, 100))"""


def bypass(page: Page) -> None:
    """Let the test put its own script into pages whose policy allows none but ours."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    page.reload()


def walk(stand: Stand, page: Page, look: object) -> None:
    """The way, with a look at every page."""
    assert callable(look)
    sign_in(stand, page, PHONE)
    onward(page)
    look()
    page.fill("#name", "张建国")
    page.fill("#id_number", number())
    page.fill("#employer_q", "jia")
    page.locator("#choices .option").first.click()
    onward(page)
    onward(page)
    look()
    page.fill("#origin_q", "nanjiang")
    page.locator("#choices .option").first.click()
    page.locator("#earliest .chip").first.click()
    page.locator("#latest .chip").last.click()
    page.locator("#modes .chip").first.click()
    page.locator("#reach .option").first.click()
    onward(page)
    go(page, page.locator("button[value=add]"))
    look()
    page.locator("#kind .option").last.click()
    page.fill("#name", "张小宝")
    page.select_option("#id_type", "household_book")
    page.fill("#id_number", id_number(clock.today() - timedelta(days=3 * 365), 204))
    onward(page)
    look()
    page.fill("#emergency_name", "李秀英")
    page.fill("#emergency_phone", "15400000009")
    onward(page)
    look()
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    onward(page)
    look()
    onward(page)
    page.wait_for_selector(".state")
    look()
    stand.confirm(stand.requests()[0].id)
    page.reload()
    go(page, page.locator("main .button").first)
    look()
    go(page, page.locator(".ride .button").first)
    look()
    page.locator("label.place-free").nth(2).click()
    go(page, page.locator("button[value=take]"))
    page.wait_for_selector(".state")
    onward(page)
    page.locator(".ticket .button").wait_for()
    home = page.url
    look()
    for rest in ("seat", "seat/back", "leave", "consents"):
        page.goto(f"{home}/{rest}")
        look()
    page.goto(home)
    go(page, page.locator(".ticket .button"))
    look()


@pytest.mark.browser
def test_the_first_visit_is_small_and_later_ones_smaller(stand: Stand) -> None:
    with phone_browser(360) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: list[int] = []
        session.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
        page.goto(stand.address)
        page.wait_for_load_state("networkidle")
        assert len(sizes) <= 6
        assert sum(sizes) <= 60_000
        register(stand, page)
        sizes.clear()
        page.reload()
        page.wait_for_load_state("networkidle")
        assert sum(sizes) <= 15_000


@pytest.mark.browser
def test_a_draft_survives_going_back_and_reload_and_the_number_is_not_sent_back(stand: Stand) -> None:
    with phone_browser(360) as page:
        page.goto(f"{stand.address}/join?employer={stand.made.employer.id}")  # an employer's QR link
        sign_in(stand, page, PHONE)
        expect(page.locator("#choices input:checked")).to_have_value(str(stand.made.employer.id))
        page.fill("#name", "张建国")
        page.fill("#id_number", number()[:-1] + ("0" if number()[-1] != "0" else "1"))
        onward(page)
        expect(page.locator("#id_number-error")).to_contain_text("证件号码有误")
        expect(page.locator("#name")).to_have_value("张建国")
        page.fill("#id_number", number())
        onward(page)
        page.go_back()
        page.reload()
        expect(page.locator("#name")).to_have_value("张建国")
        expect(page.locator("#id_number")).to_have_value("")
        expect(page.locator("#id_number-hint")).to_contain_text(number()[-4:])
        assert number() not in page.content()
        onward(page)
        expect(page.locator("h1")).to_have_text("从哪里走、哪天走")
