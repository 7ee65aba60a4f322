"""The waiting list on a narrow phone: join, see how many are before, take or decline what is offered; no script."""

from __future__ import annotations

from collections.abc import Iterator

import bookings.factories as make
import pytest
from bookings.worker_phone import LATER_BYTES, enter, go, look, weight
from playwright.sync_api import expect
from registrations.worker_stand import Stand, phone_browser

from charter.bookings import service
from charter.core import db


@pytest.fixture
def stand(database: str) -> Iterator[Stand]:
    made = Stand(seats=4)
    yield made
    made.close()


def full(stand: Stand) -> tuple[list[int], list]:
    """All four seats taken; two people without one."""
    with db.transaction() as session:
        people = make.riders(session, stand.made, 6)
    seated = [db.act(service.confirm, db.act(service.hold, stand.made.departure.id, one).id).id for one in people[:4]]
    return seated, people[4:]


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_somebody_joins_the_line_is_offered_a_seat_and_takes_it(stand: Stand, locale: str) -> None:
    seated, (first, _) = full(stand)
    with phone_browser(360, locale=locale) as page:
        enter(stand, page, first)
        page.goto(f"{stand.address}/trip/{first}/departures")
        go(page, page.locator("a[href$='/waiting']"))
        expect(page.locator("#corridor input:checked")).to_have_count(1)
        look(page, f"waiting-join-{locale}")
        assert weight(page, page.url) < LATER_BYTES
        go(page, page.locator("main form button"))
        expect(page.locator("section.card h2").first).to_contain_text("巴中线")
        look(page, f"waiting-{locale}")
        assert weight(page, page.url) < LATER_BYTES
        db.act(service.cancel, seated[0])
        page.reload()
        expect(page.locator("h1")).to_have_text("候补到您了：有一个座位留给您" if locale == "zh-CN"
                                                else "It is your turn: a seat is kept for you")
        look(page, f"offered-{locale}")
        go(page, page.locator("a[href$='/offer']"))
        look(page, f"decline-{locale}")
        page.go_back()
        go(page, page.locator("form[action$='/confirm'] button"))
        expect(page.locator(".ticket .seat-no")).to_have_text("1")


@pytest.mark.browser
def test_a_declined_seat_goes_on_and_nobody_stands_in_line_who_left(stand: Stand) -> None:
    seated, (first, second) = full(stand)
    with phone_browser(360, script=False) as page:
        enter(stand, page, first)
        page.goto(f"{stand.address}/trip/{first}/waiting")
        go(page, page.locator("main form button"))
        db.act(service.wait_for, [second], service.Wanted(
            stand.made.corridor.id, stand.made.departure.date, stand.made.departure.date, 0))
        db.act(service.cancel, seated[0])
        page.goto(f"{stand.address}/trip/{first}/offer")
        go(page, page.get_by_text("不要，继续等别的班次"))
        expect(page.get_by_text("您排在第一位")).to_be_visible()
        go(page, page.get_by_text("看看轮到我没有"))
        expect(page.get_by_text("您排在第一位")).to_be_visible()
        go(page, page.get_by_text("不等了，退出候补"))
        expect(page.get_by_text("没有合适的？排候补")).to_be_visible()
        page.context.clear_cookies()
        enter(stand, page, second)
        page.goto(f"{stand.address}/trip/{second}")
        expect(page.locator("h1")).to_have_text("候补到您了：有一个座位留给您")
