"""Pictures of every page as every role sees it, from the demo: `make screenshots [ROLE=worker] [WIDTH=390] [CHOSEN=1]`.

They lie in tests/shots; a chosen dozen goes to docs/screenshots. What is wider than the screen, answers with an error
or writes one to the console is told at the end, since nobody sees all pictures.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import chromium
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy import select
from wiring.installations import Installation

from charter.access.models import Account
from charter.access.service import sessions
from charter.app import create_app
from charter.bookings.models import Booking
from charter.campaigns.models import Carrier, Corridor, Fleet, VehicleType
from charter.core import db, routes, settings
from charter.core.actor import Role
from charter.core.installation import enter, leave
from charter.core.sealed import tag
from charter.people.models import Employer, Worker
from charter.planning.models import Plan
from charter.registrations.models import Registration
from charter.rosters.models import RosterBatch

HERE = Path(__file__).parent
SHOTS, CHOSEN_IN = HERE / "shots", HERE.parent / "docs" / "screenshots"
DATA = HERE.parent / "var" / "shots"
PHONE, WIDTHS = ("worker", "nobody", "volunteer"), (360, 390, 1366)
NO_PAGE = (".json", ".xlsx", ".csv", ".pdf", ".png", ".js", ".webmanifest", "/progress", "/find/", "<secret>", "<path:")
CHOSEN = {  # role, endpoint, language, width: name in docs/screenshots
    ("nobody", "door.door", "zh", 390): "door",
    ("worker", "bookings.person", "zh", 390): "trip",
    ("worker", "passes.boarding_pass", "zh", 390): "pass",
    ("worker", "joining.who", "en", 390): "register",
    ("volunteer", "boarding.board", "zh", 390): "boarding",
    ("city_organizer", "insight.overview", "zh", 1366): "overview",
    ("city_organizer", "planning.show", "zh", 1366): "plan",
    ("city_organizer", "insight.departures", "en", 1366): "departures",
    ("city_organizer", "insight.departure", "zh", 1366): "departure",
    ("city_organizer", "funding.costs", "en", 1366): "costs",
    ("employer", "bookings_desk.people", "zh", 1366): "people",
    ("employer", "rosters.show", "zh", 1366): "list",
    ("auditor", "access.audit_log", "en", 1366): "audit",
}


@dataclass
class Walk:
    """One role's way through its pages."""

    role: str
    session: str | None
    keys: dict[str, Any]
    faults: list[str] = field(default_factory=list)

    def hear(self, said: ConsoleMessage) -> None:
        """What a page writes to the console; that it was refused is seen otherwise."""
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.faults.append(f"{self.role}: {said.page and said.page.url}: {said.text}")

    def pages(self) -> Iterator[tuple[str, str]]:
        """Endpoint and address of each page that this role may open and whose places can be filled."""
        for route in sorted(routes.ROUTES.values(), key=lambda one: one.rule):
            mine = self.role in route.roles or (self.role == "nobody" and not route.roles)
            shown = route.kind == "page" and "GET" in route.methods and not any(no in route.rule for no in NO_PAGE)
            if not (mine and shown):
                continue
            names = re.findall(r"<(?:\w+:)?(\w+)>", route.rule)
            if all(self.keys.get(name) is not None for name in names):
                yield route.endpoint, re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(self.keys[found[1]]), route.rule)


def keys_of(found: dict[str, Any], account: dict[str, Any]) -> dict[str, Any]:
    """What fills the places of addresses: the account's own things, else the demo's."""
    def first(query: Any) -> Any:
        return db.ask(lambda session: session.scalar(query.limit(1)))
    mine = select(Booking.registration_id, Booking.id).where(Booking.state == "confirmed")
    employer = None
    if account.get("credit_code"):
        employer = first(select(Employer.id).where(Employer.credit_code == account["credit_code"]))
        mine = mine.join(Registration, Registration.id == Booking.registration_id).where(
            Registration.employer_id == employer)
    if account.get("worker_id"):
        mine = mine.join(Registration, Registration.id == Booking.registration_id).where(
            Registration.worker_id == account["worker_id"])
    booked = db.ask(lambda session: session.execute(mine.order_by(Booking.created_at).limit(1)).first())
    rides = found["departures"]["boarding" if account["role"] == "volunteer" else "bookable"]
    batch = select(RosterBatch.id)
    return {"campaign_id": found["campaign_id"], "departure_id": account.get("departure_id") or next(iter(rides), None),
            "registration_id": booked and booked[0], "booking_id": booked and booked[1], "kind": "seating",
            "employer_id": employer or first(select(Employer.id)), "account_id": first(select(Account.id)),
            "plan_id": first(select(Plan.id).where(Plan.state == "published")), "position": 0, "copy": 0,
            "corridor_id": first(select(Corridor.id)), "fleet_id": first(select(Fleet.id)),
            "carrier_id": first(select(Carrier.id)), "type_id": first(select(VehicleType.id)),
            "batch_id": first(batch.where(RosterBatch.employer_id == employer) if employer else batch)}


def walks(found: dict[str, Any]) -> Iterator[Walk]:
    """Everybody whom the sign-ins name, once a role, and somebody who is not signed in."""
    seen: set[str] = set()
    for account in found["accounts"]:
        role = account["role"]
        if role in seen or account.get("state") or role == "scanner":
            continue
        seen.add(role)
        yield Walk(role, *_signed_in(account, found))
    yield Walk("nobody", None, {"campaign_id": found["campaign_id"]})


def _signed_in(account: dict[str, Any], found: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    worker = account["role"] == Role.WORKER
    if worker:
        account = account | {"worker_id": _worker(account)}

    def begin(session: Any) -> str:
        if worker:
            made = Account(role=Role.WORKER, name="")
            session.add(made)
            session.flush()
            return sessions.begin(session, made, second_factor=False, worker_id=account["worker_id"])
        known = session.scalars(select(Account).where(Account.username == account["username"])).one()
        return sessions.begin(session, known, second_factor=True)
    return db.act(begin), keys_of(found, account)


def _worker(account: dict[str, Any]) -> Any:
    return db.ask(lambda session: session.scalar(select(Worker.id).where(
        Worker.phone_tag == tag("phone", "+86" + account["phone"]), Worker.name == account["name"]).limit(1)))


def _context(browser: Browser, url: str, walk: Walk, lang: str, width: int, elder: bool) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 800 if width > 500 else 760},
                                  locale="zh-CN" if lang == "zh" else "en-GB")
    cookies = {"lang": lang} | ({"session": walk.session} if walk.session else {}) | ({"elder": "1"} if elder else {})
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    return context


def _take(page: Page, url: str, walk: Walk, endpoint: str, path: str, lang: str, width: int, elder: bool) -> None:
    name = f"{walk.role}-{endpoint}-{lang}-{width}{'-elder' if elder else ''}"
    answer = page.goto(url + path, wait_until="load")
    if answer is None or answer.status >= 500:
        walk.faults.append(f"{name}: {answer and answer.status} {path}")
    if answer is None or answer.status >= 400:  # a page that this trip, plan or list does not have now
        return
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        walk.faults.append(f"{name}: wider than the screen")
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    chosen = CHOSEN.get((walk.role, endpoint, lang, width))
    if chosen and not elder:
        page.screenshot(path=SHOTS / "chosen.png")
        with Image.open(SHOTS / "chosen.png") as picture:
            small = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64)
            small.save(CHOSEN_IN / f"{chosen}.png", optimize=True)
        (SHOTS / "chosen.png").unlink()


def shoot(browser: Browser, url: str, walk: Walk, only: int | None) -> int:
    """All pictures of one role; how many."""
    ways = [(lang, width, False) for width in WIDTHS if only in (None, width) for lang in ("zh", "en")]
    ways += [("zh", 390, True)] if walk.role in PHONE and only in (None, 390) else []
    taken, few = 0, bool(os.environ.get("CHOSEN"))
    for lang, width, elder in ways:
        with contextlib.closing(_context(browser, url, walk, lang, width, elder)) as context:
            page = context.new_page()
            page.on("console", walk.hear)
            for endpoint, path in walk.pages():
                if few and (elder or (walk.role, endpoint, lang, width) not in CHOSEN):
                    continue
                _take(page, url, walk, endpoint, path, lang, width, elder)
                taken += 1
    return taken


@contextlib.contextmanager
def demo() -> Iterator[tuple[str, dict[str, Any]]]:
    """The demo of 500, served; this process is a part of it."""
    made = Installation(DATA)
    command = [sys.executable, "-m", "charter.serve", "--demo", "--workers", "500"]
    process = subprocess.Popen(command, cwd=HERE.parent, env=made.environment)
    try:
        while not made.ready():
            if process.poll() is not None:
                sys.exit("the demo did not start")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
        os.environ.update({name: value for name, value in made.environment.items() if name.startswith("CHARTER_")})
        enter(settings.load())
        yield f"http://127.0.0.1:{made.port}", json.loads((DATA / "sign-ins.json").read_text())
    finally:
        leave()
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def main() -> int:
    """Take all pictures; 1 where a page showed a fault."""
    create_app()  # knows the routes
    only_role, only_width = os.environ.get("ROLE"), os.environ.get("WIDTH")
    path = chromium.find()
    if not (only_role or only_width or os.environ.get("CHOSEN")):
        shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(exist_ok=True)
    CHOSEN_IN.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with demo() as (url, found), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for walk in walks(found):
            if only_role in (None, walk.role):
                print(f"{walk.role}: {shoot(browser, url, walk, int(only_width) if only_width else None)} pictures",
                      flush=True)
                faults += walk.faults
        browser.close()
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
