"""A volunteer's phone in a real Chromium with a camera that sees two passes: online, offline, reloaded."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import boarding.factories as make
import chromium
import pytest
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from charter.access.service.staff import create_account
from charter.app import create_app
from charter.boarding.models import Scan
from charter.boarding.service.inviting import invite
from charter.bookings.models import Booking
from charter.core import db, sealed
from charter.core.actor import Actor, Role
from charter.passes import rendering, service

CITY = Actor(Role.CITY_ORGANIZER)


class Stand:
    """A server with one departure and two people, and what the camera will see."""

    def __init__(self, folder: Path) -> None:
        sealed.configure(sealed.new_ring())
        self.server = make_server("127.0.0.1", 0, create_app(propagate_faults=True), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        with db.transaction() as session:
            world = make.world(session)
            self.on = make.departure(session, world)
            self.people = [make.booking(session, world, self.on, "23", name="张建国", tail="0023"),
                           make.booking(session, world, self.on, "24", name="李秀英", tail="118X", lap_children=1)]
        self.video = folder / "passes.mjpeg"
        texts = [db.act(service.prepare, one.id, CITY).text for one in self.people]
        self.video.write_bytes(b"".join(frame(text) * 45 for text in texts))

    def link(self) -> str:
        return self.address + db.act(invite, self.on.id)


def frame(text: str) -> bytes:
    """One picture of a camera that is held before a phone with this pass."""
    picture = Image.new("RGB", (640, 480), (120, 120, 120))
    code = Image.open(io.BytesIO(rendering.png(text, scale=8))).convert("RGB")
    picture.paste(code, (124, 44))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


@pytest.fixture
def stand(database: str, tmp_path: Path) -> Iterator[Stand]:
    made = Stand(tmp_path)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def phone(stand: Stand) -> Iterator[Page]:
    path = chromium.find()
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=path, args=[
            "--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={stand.video}"])
        context = browser.new_context(viewport={"width": 360, "height": 740}, permissions=["camera"], locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page
        browser.close()


def wait_for(page: Page, name: str) -> None:
    """Look at verdicts until that person is shown."""
    for _ in range(40):
        page.wait_for_selector("#verdict:not([hidden])")
        if name in page.inner_text("#verdict-person"):
            return
        page.click("#verdict .back")
        page.wait_for_timeout(400)
    raise AssertionError(f"{name} was never seen")


def begin(page: Page) -> None:
    page.wait_for_selector("#ready:not([hidden])")
    page.click("#begin")


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
