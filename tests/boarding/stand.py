"""What browser tests of the scanner stand on: a server with people, a camera's video of their passes, a phone."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import boarding.factories as make
import chromium
from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from charter.app import create_app
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
            self.world = make.world(session)
            self.on = make.departure(session, self.world)
            self.people = [make.booking(session, self.world, self.on, "23", name="张建国", tail="0023"),
                           make.booking(session, self.world, self.on, "24", name="李秀英", tail="118X", lap_children=1)]
        self.video = folder / "passes.mjpeg"
        self.video.write_bytes(b"".join(frame(self.text(one)) * 45 for one in self.people))

    def text(self, booking: Booking) -> str:
        return db.act(service.prepare, booking.id, CITY).text

    def link(self) -> str:
        return self.address + db.act(invite, self.on.id)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def frame(text: str) -> bytes:
    """One picture of a camera that is held before a phone with this pass."""
    picture = Image.new("RGB", (640, 480), (120, 120, 120))
    code = Image.open(io.BytesIO(rendering.png(text, scale=8))).convert("RGB")
    picture.paste(code, (124, 44))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def contexts(video: Path | None, folder: Path | None = None) -> Iterator[BrowserContext]:
    """A phone's browser whose camera sees the video, or that has none; `folder` is its profile, if it is to last."""
    camera = [f"--use-file-for-fake-video-capture={video}"] if video else []
    options = {"executable_path": chromium.find(), "args": [
        "--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", *camera]}
    context = {"viewport": {"width": 360, "height": 740}, "permissions": ["camera"], "locale": "zh-CN"}
    with sync_playwright() as browsers:
        if folder is not None:
            yield browsers.chromium.launch_persistent_context(folder, **options, **context)
            return
        browser = browsers.chromium.launch(**options)
        yield browser.new_context(**context)
        browser.close()


def begin(page: Page) -> None:
    page.wait_for_selector("#ready:not([hidden])")
    page.click("#begin")


def join(context: BrowserContext, stand: Stand) -> Page:
    """A phone that has joined and looks through its camera."""
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(stand.link())
    begin(page)
    page.wait_for_selector("#camera:not([hidden])")
    return page


def scan(page: Page, text: str) -> None:
    """What the page does when its camera reads this."""
    page.evaluate("async (text) => (await import('/static/boarding/scanner.js')).onText(text)", text)


def all_sent(page: Page) -> None:
    """Wait until nothing that is no scan waits on the phone."""
    for _ in range(120):
        if not page.evaluate("async () => (await (await import('/static/boarding/store.js')).notes()).length"):
            return
        page.wait_for_timeout(250)
    raise AssertionError("something was never sent")


def wait_for(page: Page, name: str) -> None:
    """Look at verdicts until that person is shown."""
    for _ in range(40):
        page.wait_for_selector("#verdict:not([hidden])")
        if name in page.inner_text("#verdict-person"):
            return
        page.click("#verdict .back")
        page.wait_for_timeout(400)
    raise AssertionError(f"{name} was never seen")
