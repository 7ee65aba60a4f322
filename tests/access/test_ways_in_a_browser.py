"""The ways in, in a real Chromium: from an invitation to its first page, a family's phone, a look at the chain."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import chromium
import pyotp
import pytest
from access import pages
from bookings import factories
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from charter.access.service import invitations
from charter.app import create_app
from charter.core import audit, db, settings
from charter.core.actor import Role
from charter.notices import queries as notices

SHOTS = Path(__file__).resolve().parents[1] / "shots"
PHONE = "15400000077"
OURS = "厦门甲有限公司|(厦门市)?湖里区|四川省\\w+县|、"  # names of things, in whatever language
pytestmark = pytest.mark.browser


class House:
    """A server, and browsers of any width."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []
        self.server = make_server("127.0.0.1", 0, create_app(propagate_faults=True), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        settings.use(settings.read({"CHARTER_URL": self.address}))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, width: int, language: str = "zh") -> Page:
        """A fresh browser, whose complaints fail the test at its end."""
        context = self.browser.new_context(viewport={"width": width, "height": 800},
                                           locale="zh-CN" if language == "zh" else "en-GB")
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def sign_in(self, page: Page, username: str) -> None:
        """By password and second factor."""
        page.goto(f"{self.address}/sign-in/staff")
        page.fill("#username", username)
        page.fill("#password", pages.PASSWORD)
        page.fill("#totp", pages.now_code())
        page.click("main button.button")

    def shot(self, page: Page, name: str) -> None:
        """A picture for people, and proof that nothing stands outside the phone's width."""
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"access-{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


@pytest.fixture
def house(database: str) -> Iterator[House]:
    path = chromium.find()
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=path, args=["--no-sandbox"])
        made = House(browser)
        yield made
        browser.close()
        made.server.shutdown()
        made.server.server_close()
        refused = "the server responded with a status of 422"  # what a form that is sent back is reported as
        assert [said for said in made.complaints if refused not in said] == []


def test_the_first_security_manager_gets_in_and_invites_an_auditor_who_looks_at_the_chain(house):
    page = house.page(360)
    page.goto(house.address + db.act(invitations.first_link))
    house.shot(page, "join-360")
    secret = page.inner_text("code.secret")
    assert page.eval_on_selector("img.authenticator", "picture => picture.naturalWidth") > 0
    page.fill("#name", "赵安")
    page.fill("#username", "zhao.an")
    page.fill("#password", "password1234")
    page.fill("#digits", "000000")
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#password-error")).to_be_visible()
    expect(page.locator("#username")).to_have_value("zhao.an")
    page.fill("#password", pages.PASSWORD)
    page.fill("#digits", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="完成").click()
    expect(page.locator(".recovery code")).to_have_count(10)
    house.shot(page, "recovery-360")
    page.get_by_role("button", name="我已收好，继续").click()
    expect(page.get_by_role("heading", name="账号")).to_be_visible()
    house.shot(page, "accounts-360")
    page.get_by_role("link", name="邀请").click()
    page.get_by_role("link", name="审计员").click()
    page.fill("#name", "钱审")
    page.get_by_role("button", name="做一个邀请链接").click()
    link = page.input_value("#link")
    auditor = house.page(1366)
    auditor.goto(link)
    expect(auditor.locator("#name")).to_have_value("钱审")
    auditor.fill("#username", "qian.shen")
    auditor.fill("#password", pages.PASSWORD)
    auditor.fill("#digits", pyotp.TOTP(auditor.inner_text("code.secret")).now())
    auditor.get_by_role("button", name="完成").click()
    auditor.get_by_role("button", name="我已收好，继续").click()
    db.act(audit.seal)
    auditor.get_by_role("button", name="核对整条链").click()
    expect(auditor.get_by_role("status")).to_contain_text("链完整")
    house.shot(auditor, "audit-1366")


def test_a_familys_phone_says_who_it_is_and_switches(house):
    with db.transaction() as session:
        made = factories.scene(session)
        wanted = [factories.request(number, phone=PHONE) for number in (1, 2)]
        factories.register_many(session, made.campaign.id, made.employer.id, wanted, source="employer", source_id="")
    page = house.page(360)
    page.goto(f"{house.address}/sign-in/phone")
    page.fill("#phone", "154 0000 0077")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.locator("#code")).to_be_visible()
    page.fill("#code", re.search(r"\d{6}", db.ask(notices.newest_to, PHONE, 1)[0])[0])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="这次是为谁？")).to_be_visible()
    house.shot(page, "who-360")
    page.fill("#name", wanted[0].name)
    page.fill("#tail", "123456")
    page.get_by_role("button", name="确认是我").click()
    expect(page.locator("#name-error")).to_be_visible()
    for person in wanted:
        page.fill("#name", person.name)
        page.fill("#tail", person.id_number[-6:])
        page.get_by_role("button", name="确认是我").click()
        expect(page.get_by_text(person.name).first).to_be_visible()
        page.goto(f"{house.address}/who")
    house.shot(page, "who-both-360")
    page.get_by_role("button", name=re.compile(wanted[0].name)).click()
    expect(page.get_by_text(wanted[0].name).first).to_be_visible()
    page.get_by_role("link", name="我的账号").click()
    house.shot(page, "own-account-360")
    page.get_by_role("button", name="在所有地方退出").click()
    expect(page.get_by_text("我是工友，用手机号登录")).to_be_visible()


@pytest.mark.parametrize(("width", "language"), [(360, "zh"), (390, "en"), (1366, "en")])
def test_pages_of_access_fit_every_width_in_both_languages(house, width, language):
    huli = pages.district()
    firm = pages.employer(huli)
    pages.account(Role.EMPLOYER, "lisi", kind="employer", key=firm)
    for role, username in ((Role.SECURITY_MANAGER, "manager1"), (Role.ADMINISTRATOR, "admin1"),
                           (Role.AUDITOR, "auditor1")):
        pages.account(role, username)
    pages.account(Role.CITY_ORGANIZER, "city1")
    pages.account(Role.DISTRICT_ORGANIZER, "huli", kind="district", key=huli)
    wanted = {"manager1": ["accounts", "accounts/invite", "accounts/invite?role=employer", "tokens"],
              "admin1": ["system"], "auditor1": ["audit?verify=1"], "city1": ["organizations"],
              "huli": ["employers", f"employers/{firm}", "employers/new"]}
    for username, paths in wanted.items():
        page = house.page(width, language)
        house.sign_in(page, username)
        for path in paths:
            page.goto(f"{house.address}/desk/{path}")
            name = re.sub(r"\W+", "-", path.split(str(firm))[0])
            house.shot(page, f"{name}-{width}-{language}")
            if language == "en":
                shown = re.sub(OURS, "", page.inner_text("main"))
                assert not re.search("[\u4e00-\u9fff]", shown), path
    public = house.page(width, language)
    for path in ("claim", "claim/done", "sign-in", "sign-in/staff", "sign-in/phone"):
        public.goto(f"{house.address}/{path}")
        house.shot(public, f"{path.replace('/', '-')}-{width}-{language}")
