"""A clerk's way in a real Chromium: sign in, upload, look, take, download the bad rows, mend, upload again."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import chromium
import openpyxl
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect, sync_playwright
from rosters.roster_world import CREDIT_CODE, HEADER, World, number, person, workbook
from werkzeug.serving import make_server

from charter.access.models import Account
from charter.access.service import sessions, staff
from charter.app import create_app
from charter.core import db
from charter.core.actor import Role
from charter.jobs import run_waiting

PASSWORD = "a long enough phrase 7"
SHOTS = Path(__file__).parents[1] / "shots"


class Desk:
    """A server, and a job worker whenever the test says so."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.server = make_server("127.0.0.1", 0, create_app(propagate_faults=True), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        db.act(staff.create_account, Role.EMPLOYER, "clerk", PASSWORD, scope_kind="employer",
               scope_id=str(world.firm.id), name="王会计")


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    made = Desk(world)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    path = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 900})
        opened = context.new_page()
        said: list[str] = []
        opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: said.append(str(error)))
        yield opened
        context.close()
        browser.close()
        assert said == []


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"rosters-{name}.png", full_page=True)


def work() -> None:
    """Let the job worker do what waits; the browser's own thread has a loop already."""
    worker = threading.Thread(target=run_waiting)
    worker.start()
    worker.join()


def dirty() -> bytes:
    rows = [HEADER, *[person(order) for order in range(8)], person(8, id=number(8)[:-1]),
            person(9, phone="0592-123456"), person(10, name=" 欧阳一 ", phone="+86 154-0000-0010"),
            person(11, origin="鼓楼区"), person(1)]
    return workbook([[*row, "一车间"] if place else [*row, "所属班组"] for place, row in enumerate(rows)])


@pytest.mark.browser
def test_a_clerk_hands_a_list_in_and_gets_the_bad_rows_back(desk: Desk, page: Page, tmp_path: Path) -> None:
    page.goto(desk.address + "/sign-in/staff")
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="名单", exact=True).click()
    expect(page.get_by_text("还没有交过名单")).to_be_visible()
    shot(page, "empty")
    page.get_by_label("名单文件").set_input_files({"name": "返岗名单.xlsx", "mimeType": "", "buffer": dirty()})
    page.get_by_role("button", name="上传并查看结果").click()
    expect(page.get_by_text("正在读取：")).to_be_visible()
    shot(page, "reading")
    work()
    expect(page.get_by_role("button", name="收下 9 行")).to_be_visible()  # the page noticed by itself
    expect(page.get_by_text("有 1 列没有读取：所属班组")).to_be_visible()
    expect(page.locator(".roster-problem")).to_have_count(3)
    shot(page, "preview-bad")
    page.get_by_role("link", name="已自动修正（行）").click()
    expect(page.get_by_text("去掉国家区号")).to_be_visible()
    page.get_by_role("link", name="行数").click()
    expect(page.locator("tr[data-row]")).to_have_count(13)
    assert number(1) not in page.content()
    shot(page, "preview-all")

    page.get_by_role("button", name="收下 9 行").click()
    work()
    expect(page.get_by_text("还有 3 行要修改")).to_be_visible()
    assert set(desk.world.people().values()) == {"confirmed"}
    shot(page, "committed")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载要修改的 3 行").click()
    assert download.value.suggested_filename == "返岗名单-要修改.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    sheet = book.worksheets[0]
    sheet["B10"], sheet["C11"], sheet["D13"] = number(8), "15400000009", "南京市鼓楼区"
    book.save(tmp_path / "改好.xlsx")

    page.get_by_role("link", name="名单", exact=True).click()
    page.get_by_label("名单文件").set_input_files(tmp_path / "改好.xlsx")
    page.get_by_role("button", name="上传并查看结果").click()
    work()
    page.get_by_role("button", name="收下 12 行").click()
    work()
    expect(page.get_by_text("已收下。")).to_be_visible()
    assert len(desk.world.people()) == 12
    page.get_by_role("link", name="名单", exact=True).click()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    shot(page, "list")


@pytest.mark.browser
def test_the_whole_list_shows_the_names_first_and_english_is_complete(desk: Desk, page: Page) -> None:
    taken = desk.world.upload(workbook([HEADER, *[person(order) for order in range(6)]])).json
    work()
    desk.world.post(f"/rosters/{taken['id']}/commit")
    work()
    batch = desk.world.upload(workbook([HEADER, *[person(order) for order in range(4)]]), name="short.xlsx").json
    work()
    with db.transaction() as session:
        account = session.query(Account).filter_by(username="clerk").one()
        cookie = sessions.begin(session, account, second_factor=False)
    page.context.add_cookies([{"name": "session", "value": cookie, "url": desk.address},
                              {"name": "lang", "value": "en", "url": desk.address}])
    page.goto(f"{desk.address}/desk/rosters/{batch['id']}")
    for order in (4, 5):
        expect(page.get_by_text(f"{person(order)[0]} {number(order)[-4:]}")).to_be_visible()
    shot(page, "whole-list-en")
    page.get_by_label("This is the whole list").check()
    page.get_by_role("button", name="Take 4 rows").click()
    work()
    expect(page.get_by_text("Withdrawn people")).to_be_visible()
    assert sorted(desk.world.people().values()) == ["confirmed"] * 4 + ["withdrawn"] * 2
    refused = desk.world.upload(b"%PDF-1.7", name="scan.pdf").json
    work()
    page.goto(f"{desk.address}/desk/rosters/{refused['id']}")
    expect(page.get_by_text("This is a PDF, not a spreadsheet")).to_be_visible()
    shot(page, "refused-en")


def form(client: FlaskClient, page: str) -> dict[str, str]:
    found = re.search(r'name="form_token" value="(\w+)"', client.get(page).text)
    assert found
    return {"form_token": found[1]}


@pytest.fixture
def organizer(world: World) -> FlaskClient:
    with db.transaction() as session:
        account = Account(role=Role.CITY_ORGANIZER, username="city", name="市总", scope_kind=None, scope_id=None)
        session.add(account)
        session.flush()
        world.client.set_cookie("session", sessions.begin(session, account, second_factor=True))
    return world.client


def test_an_organizer_names_the_employer_and_keeps_what_was_typed(world: World, organizer: FlaskClient) -> None:
    token = form(organizer, "/desk/rosters") | {"campaign": str(world.campaign.id)}
    wrong = organizer.post("/desk/rosters/upload", data=token | {
        "employer": "厦门丙有限公司", "file": (io.BytesIO(b"x"), "x.csv")})
    assert wrong.status_code == 422
    assert "没有找到这家用工企业" in wrong.text
    assert 'value="厦门丙有限公司"' in wrong.text
    nothing = organizer.post("/desk/rosters/upload", data=token | {"employer": "厦门甲有限公司"})
    assert nothing.status_code == 422
    assert "请选择要上传的文件" in nothing.text
    for employer in ("厦门甲有限公司", CREDIT_CODE, str(world.other.id)):
        made = organizer.post("/desk/rosters/upload", data=token | {
            "employer": employer, "file": (io.BytesIO(workbook([HEADER, person(1)])), "x.xlsx")})
        assert made.status_code == 303, employer
    assert organizer.get(made.headers["Location"]).status_code == 200


def test_a_heading_that_the_clerk_explains_is_remembered(world: World, organizer: FlaskClient) -> None:
    odd = workbook([["姓名", "身份证号", "手机号", "老家在哪"], person(1)])
    batch = world.previewed(odd)
    assert batch["summary"]["rejected"] == 1
    url = f"/desk/rosters/{batch['id']}"
    assert "老家在哪" in organizer.get(url).text
    answer = organizer.post(url + "/columns", data=form(organizer, url) | {"heading": "老家在哪", "field": "origin"})
    assert answer.status_code == 303
    run_waiting()
    assert world.get(f"/rosters/{batch['id']}").json["summary"]["accepted"] == 1
    assert world.previewed(odd)["summary"]["accepted"] == 1
    assert world.previewed(odd, caller="other")["summary"]["rejected"] == 1
