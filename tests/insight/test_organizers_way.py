"""The organizer's way in a real Chromium: sign in, set up, see demand, plan, publish, follow the boarding, report."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import chromium
import pyotp
import pytest
from bookings.factories import request
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from charter.access.service.staff import create_account
from charter.app import create_app
from charter.boarding.service import leaving, scans
from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Departure
from charter.campaigns.vehicle_types import load_vehicle_types
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.jobs import run_waiting
from charter.people.models import Employer
from charter.people.service import organizations
from charter.registrations.service import register_many

SHOTS = Path(__file__).resolve().parents[1] / "shots"
DESK = Actor(Role.CITY_ORGANIZER, account_id="desk", name="desk")
SECRET = pyotp.random_base32()
PASSWORD = "correct horse battery"
PEOPLE = 24
pytestmark = pytest.mark.browser


@pytest.fixture
def address(database: str) -> Iterator[str]:
    """A server whose organizer has a password and a second factor."""
    with db.transaction() as session:
        load_vehicle_types(session)
        union = organizations.add_union(session, kind="city", name="厦门市总工会", name_en="City federation",
                                        hotline="0592-12351")
        district = organizations.add_district(session, code="350206", name="湖里区", name_en="Huli", union_id=union.id)
        organizations.add_employer(session, name="厦门甲有限公司", credit_code=None, district_id=district.id)
        create_account(session, Role.CITY_ORGANIZER, "organizer", PASSWORD, totp_secret=SECRET, name="林组织")
    server = make_server("127.0.0.1", 0, create_app(propagate_faults=True), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = chromium.find()
    with sync_playwright() as browsers:
        opened = browsers.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


class Desk:
    """One organizer's browser; whatever its console complains of fails the test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": 1366, "height": 800}, locale="zh-CN")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self) -> None:
        self.page.goto(self.address + "/sign-in/staff")
        self.page.fill("[name=username]", "organizer")
        self.page.fill("[name=password]", PASSWORD)
        self.page.fill("[name=totp]", pyotp.TOTP(SECRET).now())
        self.page.click("form button.button")

    def fill(self, **values: str) -> None:
        for name, text in values.items():
            self.page.fill(f"[name={name}]", text)

    def shot(self, name: str) -> None:
        """A picture for people, and proof that nothing stands outside the screen's width."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"desk-{name}.png", full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"


def set_up(desk: Desk) -> None:
    """Campaign, corridor, carrier and offer, all by forms."""
    page, first = desk.page, clock.today() + timedelta(days=1)
    page.click("a.btn-primary")
    page.select_option("[name=union]", label="厦门市总工会")
    desk.fill(name="春节返岗直通车", destination="厦门市", hotline="0592-12351", budget="500000",
              starts_on=first.isoformat(), ends_on=(first + timedelta(days=6)).isoformat())
    page.click("form.panel button.btn-primary")
    page.click("a >> text=加一条线路")
    desk.fill(name="巴中—厦门大巴", stop_1="南江客运站", county_1="南江县", stop_2="枋湖客运中心",
              county_2="厦门市湖里区")
    page.select_option("[name=kind_2]", "alight")
    page.click("form.panel button.btn-primary")
    page.click("a >> text=加一家承运企业")
    desk.fill(name="闽运客运", home_division="厦门市")
    page.click("form.panel button.btn-primary")
    page.click("a >> text=加一条报价")
    page.select_option("[name=carrier]", label="闽运客运")
    page.select_option("[name=vehicle_type]", label="33座客车")
    desk.fill(size="4", base="900", per_km="6.9")
    page.click("form.panel button.btn-primary")
    expect(page.locator("#fleets + .sheet")).to_contain_text("闽运客运")


def hand_in() -> None:
    """The employer's people, as its list would bring them."""
    with db.transaction() as session:
        campaign = session.scalars(select(Campaign)).one()
        firm = session.scalars(select(Employer)).one()
        register_many(session, campaign.id, firm.id, [
            request(number, earliest=campaign.starts_on, latest=campaign.starts_on + timedelta(days=1))
            for number in range(PEOPLE)], source="employer", source_id="")


def work() -> None:
    """Run what waits in the queue; in a thread of its own, since the browser's driver owns this one's loop."""
    worker = threading.Thread(target=run_waiting)
    worker.start()
    worker.join(120)
    assert not worker.is_alive()


def board(departure_id: int) -> int:
    """All but one get on, and the coach leaves."""
    with db.transaction(read_only=True) as session:
        serials = session.scalars(select(Booking.id).where(Booking.departure_id == departure_id)
                                  .order_by(Booking.slot)).all()
        leaves = session.get_one(Departure, departure_id).departs_at
    with clock.travel(leaves - timedelta(minutes=10) - clock.now()):
        for serial in serials[:-1]:
            db.act(scans.take_by_desk, DESK, departure_id, {
                "scan_id": str(uuid4()), "booking_id": str(serial), "departure_id": str(departure_id), "stop_id": None,
                "kind": "board", "scanned_at": clock.local(clock.now()).isoformat(), "shown": "ok"})
    return len(serials) - 1


def leave(departure_id: int, on_board: int) -> None:
    """Heads are counted and the manifest is sealed."""
    db.act(leaving.count, departure_id, DESK, stop_id=None, counted=on_board)
    db.act(leaving.depart, departure_id, DESK)


def test_from_signing_in_to_the_report(address: str, browser: Browser) -> None:
    desk = Desk(browser, address)
    page = desk.page
    desk.sign_in()
    expect(page.locator("h1")).to_have_text("总览")
    set_up(desk)
    desk.shot("setup")
    hand_in()

    page.click("nav >> text=需求")
    expect(page.locator("#demand-map[data-drawn]")).to_be_visible()
    expect(page.locator("tbody")).to_contain_text("四川省巴中市南江县")
    desk.shot("demand")

    page.click("nav >> text=方案")
    desk.fill(name="节前", time_limit_s="5")
    page.click("text=计算新方案")
    expect(page.locator("h1")).to_contain_text("排队中")
    work()
    expect(page.locator(".publish")).to_contain_text(f"{PEOPLE} 人得到座位", timeout=30_000)  # by itself
    desk.shot("plan")
    page.click("tr[data-row] a")
    expect(page.locator("tbody")).to_contain_text("王甲")
    page.go_back()
    page.click(f"text=发布：{PEOPLE} 人得到座位")
    expect(page.locator("h1")).to_contain_text("已发布")

    page.click("text=查看班次")
    page.click("tbody tr:first-child a")
    expect(page.locator(".figure").first).to_contain_text(f"{PEOPLE} / 30")
    page.click("text=安排带车人员")
    page.locator("[name^=crew_name]").fill("王敏")
    page.locator("[name^=crew_phone]").fill("15400000009")
    page.click("form.panel button.btn-primary")
    expect(page.locator("main")).to_contain_text("王敏")
    desk.shot("departure")

    departure = int(re.findall(r"\d+", page.url)[-1])
    on_board = board(departure)
    followed = page.locator(".figure:has-text('已上车') b")
    expect(followed).to_have_text(str(on_board), timeout=30_000)  # the page follows by itself
    leave(departure, on_board)
    page.click("nav >> text=报表")
    expect(page.locator("#report-words")).to_contain_text(f"接回 {on_board} 人（{on_board} 人次）")
    desk.shot("report")
    assert desk.complaints == []


AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def barriers(page: Page) -> list[str]:
    """What of WCAG 2 (A and AA) the page breaks, as axe finds it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


PAGES = ("/desk", "/desk/demand", "/desk/demand?by=employer", "/desk/setup", "/desk/plans", "/desk/departures",
         "/desk/crew", "/desk/costs", "/desk/notices", "/desk/report", "/desk/campaigns/new", "/desk/vehicle-types")


def test_every_page_fits_a_phone_in_both_languages(address: str, browser: Browser) -> None:
    desk = Desk(browser, address)
    desk.sign_in()
    set_up(desk)
    hand_in()
    desk.page.click("nav >> text=方案")
    desk.fill(time_limit_s="2")
    desk.page.click("text=计算新方案")
    work()
    desk.page.click("text=发布：")
    desk.page.set_viewport_size({"width": 390, "height": 780})
    for language in ("zh", "en"):
        desk.context.add_cookies([{"name": "lang", "value": language, "url": address}])
        for place in PAGES:
            desk.page.goto(address + place)
            desk.shot(f"{language}-{re.sub('[^a-z]+', '-', place.removeprefix('/desk')).strip('-') or 'overview'}")
            if language == "zh":
                assert barriers(desk.page) == [], place
            if language == "en":
                said = desk.page.locator("h1").inner_text()
                assert not re.search("[\u4e00-\u9fff]", said), f"{place} says {said}"
    assert desk.complaints == []


def test_the_keyboard_moves_through_a_list(address: str, browser: Browser) -> None:
    desk = Desk(browser, address)
    desk.sign_in()
    set_up(desk)
    page = desk.page
    page.goto(address + "/desk/departures")
    page.keyboard.press("/")
    expect(page.locator("main [data-search]")).to_be_focused()
    page.goto(address + "/desk/report")
    page.keyboard.press("/")
    expect(page.locator("header [data-search]")).to_be_focused()
    page.goto(address + "/desk/vehicle-types")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".coach, .empty-state")).to_be_visible()
