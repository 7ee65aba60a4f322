"""A server with a campaign, an employer and a coach to choose seats on; and a worker's phone in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import bookings.factories as make
import chromium
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from charter.app import create_app
from charter.campaigns.vehicle_types import coach_map
from charter.core import db
from charter.core.actor import Actor, Role, acting
from charter.notices.queries import newest_to
from charter.passes import keys
from charter.people.rules.documents import check_character
from charter.registrations import service
from charter.registrations.models import Registration

SHOTS = Path(__file__).resolve().parents[1] / "shots"
CITY = Actor(Role.CITY_ORGANIZER)


class Stand:
    """The server, and what an organizer and an employer do meanwhile."""

    def __init__(self, seats: int = 42) -> None:
        self.server = make_server("127.0.0.1", 0, create_app(propagate_faults=True), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        with db.transaction() as session:
            made = make.scene(session, seats)
            made.vehicle.seat_map = coach_map(seats)
            made.employer.name_pinyin = "xiamenjiayouxiangongsi"
            made.departure.crew_name, made.departure.crew_phone = "王师傅", "15400001234"
            made.stop.lon, made.stop.lat = 106.83, 32.35
            keys.ensure(session, made.campaign.id)
        self.made = made

    def code(self, phone: str) -> str:
        """The code of the newest message."""
        return re.search(r"\d{6}", db.ask(newest_to, phone, 1)[0])[0]  # type: ignore[index]

    def requests(self) -> list[Registration]:
        with db.transaction() as session:
            return list(session.scalars(select(Registration).order_by(Registration.created_at, Registration.id)))

    def confirm(self, registration_id: UUID) -> None:
        """The employer says yes."""
        with acting(Actor(Role.EMPLOYER, scope_kind="employer", scope_id=str(self.made.employer.id))):
            db.act(service.confirm, registration_id)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def phone_browser(width: int = 360, height: int = 740, locale: str = "zh-CN", *,
                  script: bool = True) -> Iterator[Page]:
    """A page as wide as a cheap phone."""
    path = chromium.find()  # asks Playwright itself, which cannot be asked twice at once
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": width, "height": height}, locale=locale,
                                   device_scale_factor=2, java_script_enabled=script).new_page()
        page.set_default_timeout(15_000)
        yield page
        browser.close()


def id_number(born: date, order: int = 102) -> str:
    """A resident's number, right in form, of nobody."""
    body = f"511922{born:%Y%m%d}{order:03d}"
    return body + check_character(body)


def shot(page: Page, name: str) -> None:
    """A picture to look at, in a folder that git leaves out."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"worker-{name}.png", full_page=True)


def sign_in(stand: Stand, page: Page, phone: str) -> None:
    """From the phone's page by the code that came."""
    page.fill("#phone", phone)
    page.click("main button")
    page.fill("#code", stand.code(phone))
    page.click("main button")
