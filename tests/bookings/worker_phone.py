"""A worker who is signed in on his phone, and what a page may not do: break WCAG badly, be wider than the phone, weigh
more than a weak network carries."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from playwright.sync_api import Locator, Page
from registrations.worker_stand import Stand, shot
from sqlalchemy import select

from charter.access.models import Account
from charter.access.service import sessions
from charter.core import db
from charter.registrations.models import Registration

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LATER_BYTES = 15_000  # of a later page over the wire
SERIOUS = ("serious", "critical")


def enter(stand: Stand, page: Page, registration_id: UUID) -> None:
    """The person of this request is signed in."""
    with db.transaction() as session:
        worker = session.scalars(select(Registration.worker_id).where(Registration.id == registration_id)).one()
        account = Account(role="worker", name="工友")
        session.add(account)
        session.flush()
        secret = sessions.begin(session, account, second_factor=False, worker_id=worker)
    page.context.add_cookies([{"name": "session", "value": secret, "url": stand.address}])


def go(page: Page, part: Locator) -> None:
    """Press what leads to another page, and wait until that page stands."""
    with page.expect_navigation():
        part.click()


def look(page: Page, name: str) -> None:
    """A picture, and nothing on the page that keeps somebody from using it."""
    shot(page, name)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"{page.url} is {wide} px wider than the phone"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    wrong = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in SERIOUS]
    assert not wrong, "\n".join(wrong)


def weight(page: Page, url: str) -> int:
    """The bytes of the page's own answer, as sent."""
    answer = page.request.get(url, headers={"Accept-Encoding": "gzip"})
    return int(answer.headers.get("content-length") or len(answer.body()))
