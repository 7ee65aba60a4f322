"""Wishes on a narrow phone, and the carrier's list on the desk."""

from __future__ import annotations

from collections.abc import Iterator

import bookings.factories as make
import pytest
from bookings.worker_phone import LATER_BYTES, enter, go, look, weight
from playwright.sync_api import expect
from registrations.worker_stand import Stand, phone_browser
from sqlalchemy import select

from charter.bookings.models import SeatWish
from charter.core import db


@pytest.fixture
def stand(database: str) -> Iterator[Stand]:
    made = Stand(seats=4)
    yield made
    made.close()


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_somebody_says_where_he_would_like_to_sit(stand: Stand, locale: str) -> None:
    with db.transaction() as session:
        person = make.riders(session, stand.made, 1)[0]
    with phone_browser(360, locale=locale) as page:
        enter(stand, page, person)
        page.goto(f"{stand.address}/trip/{person}")
        go(page, page.locator("a[href$='/wish']"))
        look(page, f"wish-{locale}")
        assert weight(page, page.url) < LATER_BYTES
        page.locator("#place .option").nth(1).click()
        go(page, page.locator("main form button.button-large"))
        go(page, page.locator("a[href$='/wish']"))
        expect(page.locator("#place input:checked")).to_have_value("window")
    with db.transaction() as session:
        assert session.scalars(select(SeatWish.place)).all() == ["window"]
