"""The desk's pages about people in a real Chromium: a clerk follows his own, the hotline acts, an organizer decides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import cast as casts
import chromium
import pytest
from bookings.factories import request
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from charter.app import create_app
from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.core import db
from charter.registrations.models import Registration

SHOTS = Path(__file__).resolve().parents[1] / "shots"
pytestmark = pytest.mark.browser


class Desk:
    """A server with the cast, and a browser that may be anybody of it."""

    def __init__(self, browser) -> None:
        with db.transaction() as session:
            self.cast = casts.assemble(session)
            firm = self.cast.scene.employer
            self.seated = casts.listed(session, self.cast, firm, [0, 1])
            self.waiting = casts.listed(session, self.cast, firm, [2, 3], source="worker")
            casts.listed(session, self.cast, self.cast.far, [4])
            self.case = casts.listed(session, self.cast, firm, [4])[0]
            self.serials = place_many(session, self.cast.scene.campaign.id, [
                Placement(key, self.cast.scene.departure.id) for key in self.seated])
        self.browser = browser
        self.server = make_server("127.0.0.1", 0, create_app(propagate_faults=True), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, name: str, width: int = 1366, language: str = "zh") -> Page:
        """A page of this member, whose complaints fail the test at its end."""
        context = self.browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN",
                                           permissions=["clipboard-read", "clipboard-write"])
        context.add_cookies([{"name": key, "value": value, "url": self.address} for key, value in (
            ("session", self.cast.cookies[name]), ("lang", language))])
        page = context.new_page()
        page.set_default_timeout(10_000)
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def shot(self, page: Page, name: str) -> None:
        """A picture for people, and proof that nothing stands outside the phone's width."""
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"people-{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture
def desk(database: str) -> Iterator[Desk]:
    path = chromium.find()
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=path, args=["--no-sandbox"])
        made = Desk(browser)
        yield made
        browser.close()
        made.server.shutdown()
        made.server.server_close()
        assert made.complaints == []


def state(key):
    with db.transaction() as session:
        return session.scalars(select(Registration.state).where(Registration.id == key)).one()


@pytest.mark.parametrize("width", [1366, 390])
def test_a_clerk_follows_and_confirms_his_own_people(desk: Desk, width: int) -> None:
    page = desk.page("clerk", width)
    page.goto(f"{desk.address}/desk/people")
    expect(page.locator("a.figure", has_text="人等您确认").locator("b")).to_have_text("2")
    desk.shot(page, f"list-{width}")
    page.click("a.figure:has-text('人等您确认')")
    for box in page.locator("input[name=id]").all():
        box.check()
    page.click("text=处理勾选的人")
    expect(page.locator("h1")).to_have_text("这 2 个人等确认")
    desk.shot(page, f"chosen-{width}")
    page.click("text=全部确认")
    expect(page.get_by_role("status")).to_contain_text("已确认 2 个人")
    assert {state(key) for key in desk.waiting} == {"confirmed"}
    page.click("a.figure:has-text('已订座')")
    page.click("text=王甲")
    expect(page.locator("#seats")).to_contain_text("1 座")
    desk.shot(page, f"person-{width}")
    page.click("text=换一个同事坐这个座位")
    page.select_option("#colleague", str(desk.waiting[0]))
    desk.shot(page, f"replace-{width}")
    page.click("button:has-text('换人')")
    expect(page.get_by_role("status")).to_contain_text("座位归同事")
    assert (state(desk.seated[0]), state(desk.waiting[0])) == ("withdrawn", "booked")


@pytest.mark.parametrize("width", [1366, 390])
def test_the_hotline_finds_somebody_by_phone_and_acts_with_a_reason(desk: Desk, width: int) -> None:
    page = desk.page("hotline", width)
    page.goto(f"{desk.address}/desk/people")
    page.keyboard.press("/")
    page.keyboard.type(request(1).phone)
    page.keyboard.press("Enter")
    page.wait_for_url("**search=**")
    assert request(1).phone not in page.url
    page.click("text=王乙")
    page.click("summary:has-text('看完整手机号')")
    page.fill("#reason-phone", "核对来电号码")
    page.click("details[open] >> text=显示")
    expect(page.locator(".revealed")).to_have_text(request(1).phone)
    desk.shot(page, f"revealed-{width}")
    page.click("summary:has-text('他不来了')")
    page.locator("details", has=page.locator("summary", has_text="他不来了")).locator("[name=reason]").fill("本人来电")
    page.click("button:has-text('他不来了')")
    expect(page.get_by_role("status")).to_contain_text("座位也退了")
    expect(page.locator(".history")).to_contain_text("本人来电")
    desk.shot(page, f"withdrawn-{width}")
    assert state(desk.seated[1]) == "withdrawn"
    page.goto(f"{desk.address}/desk/people/new")
    page.fill("#name", "李四")
    page.fill("#id_number", "123")
    page.fill("#phone", request(50).phone)
    page.fill("#employer", "厦门甲")
    page.fill("#origin", "朝阳区")
    page.fill("#reason", "本人来电")
    page.click("text=加到名单")
    expect(page.locator(".error-summary")).to_contain_text("符合这个出发地的不止一处")
    expect(page.locator("#name")).to_have_value("李四")
    desk.shot(page, f"add-wrong-{width}")
    desk.complaints = [said for said in desk.complaints if "422" not in said]  # the browser notes the refusal
    page.fill("#id_number", request(50).id_number)
    page.fill("#origin", "四川南江县")
    page.click("text=加到名单")
    expect(page.get_by_role("status")).to_contain_text("已加到名单")


@pytest.mark.parametrize("width", [1366, 390])
def test_an_organizer_decides_a_case(desk: Desk, width: int) -> None:
    page = desk.page("district", width)
    page.goto(f"{desk.address}/desk/people")
    page.click("text=要您核实和决定")
    expect(page.locator(".side")).to_have_count(2)
    desk.shot(page, f"decisions-{width}")
    page.fill("[name=reason]", "劳动合同在甲公司")
    page.click("text=用新交来的")
    expect(page.get_by_role("status")).to_contain_text("双方都已通知")
    assert state(desk.case) == "confirmed"


def test_a_seat_is_moved_on_the_page(desk: Desk) -> None:
    page = desk.page("city", 390)
    page.goto(f"{desk.address}/desk/people/{desk.seated[0]}")
    page.click("text=换座位或班次")
    page.select_option("#seat", "7")
    desk.shot(page, "seat-390")
    page.click("button:has-text('换到这里')")
    expect(page.get_by_role("status")).to_contain_text("旧登车牌作废")
    with db.transaction() as session:
        assert session.scalars(select(Booking.seat).where(Booking.id == desk.serials[0])).one() == "7"


def test_the_text_for_the_chat_is_copied(desk: Desk) -> None:
    page = desk.page("clerk", 390)
    page.goto(f"{desk.address}/desk/coaches")
    page.click("button:has-text('复制')")
    expect(page.locator("button[data-copy]")).to_have_text("已复制")
    assert "王甲 1 座" in page.evaluate("navigator.clipboard.readText()")
    desk.shot(page, "coaches-390")


def test_english_pages_say_no_chinese_of_ours(desk: Desk) -> None:
    page = desk.page("city", 1366, "en")
    for path in ("/desk/people", f"/desk/people/{desk.seated[0]}", "/desk/decisions", "/desk/coaches",
                 "/desk/people/new", f"/desk/people/{desk.seated[0]}/change", f"/desk/people/{desk.seated[0]}/replace",
                 f"/desk/people/{desk.seated[0]}/seat", "/desk/people/chosen?all=1"):
        page.goto(desk.address + path)
        text = page.locator("main").inner_text()
        for name in ("王甲", "王乙", "王丙", "王丁", "王戊", "厦门甲有限公司", "厦门丙有限公司", "南江客运站", "巴中01",
                     "四川南江县", "南江", "返岗直通车", "city 的名字", "中文"):
            text = text.replace(name, "")
        left = [letter for letter in text if "\u4e00" <= letter <= "\u9fff"]
        assert left == [], f"{path}: {''.join(left)}"
        desk.shot(page, "en-" + path.strip("/").replace("/", "-").split("?")[0][-24:])


def test_a_names_markup_is_only_text(desk: Desk) -> None:
    with db.transaction() as session:
        casts.listed(session, desk.cast, desk.cast.scene.employer, [60], name="<img src=x onerror=alert(1)>")
    page = desk.page("city")
    page.goto(f"{desk.address}/desk/people")
    expect(page.locator("main")).to_contain_text("<img src=x onerror=alert(1)>")
    page.click("text=<img src=x")
    expect(page.locator("h1")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img").count() == 0
