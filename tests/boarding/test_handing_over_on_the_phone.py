"""Unsent scans go to another phone as a row of codes or a file; the other phone cannot read them and brings them in."""

from __future__ import annotations

from pathlib import Path

import chromium
import pytest
import zxingcpp
from boarding.stand import Stand, join, scan
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from charter.boarding.models import Scan
from charter.bookings.models import Booking
from charter.core import db


def second(blind: BrowserContext) -> BrowserContext:
    browser = blind.browser
    assert browser
    return browser.new_context(viewport={"width": 360, "height": 740}, permissions=["camera"], locale="zh-CN")


def boarded_offline(page: Page, stand: Stand) -> None:
    page.context.set_offline(True)
    for booking in stand.people:
        scan(page, stand.text(booking))
        page.click("#confirm")
        page.wait_for_selector("#camera:not([hidden])")
    page.click("#to-more")
    page.click("#to-handover")
    page.wait_for_selector("#handover-step:not(:empty)")


def codes(page: Page) -> set[str]:
    """Each code of the row as an independent reader sees it on the screen."""
    total = int(page.inner_text("#handover-step").split("/")[1].split(" ")[1].strip())
    seen: set[str] = set()
    shot = Path(chromium.SHOTS) / "scan-handover.png"
    shot.parent.mkdir(exist_ok=True)
    for _ in range(60):
        page.locator("#handover-code").screenshot(path=shot)
        seen |= {found.text for found in zxingcpp.read_barcodes(Image.open(shot))}
        if len(seen) == total:
            return seen
        page.wait_for_timeout(250)
    raise AssertionError(f"{len(seen)} of {total} codes were read")


@pytest.mark.browser
def test_a_row_of_codes_carries_scans_of_a_phone_that_never_gets_a_network(stand: Stand, blind: BrowserContext) -> None:
    first, other = join(blind, stand), join(second(blind), stand)
    boarded_offline(first, stand)
    chromium.shot(first, "scan-handover-page")
    row = codes(first)
    assert all(text.startswith("CHARTER-BUNDLE:") for text in row)
    for text in sorted(row, reverse=True):
        scan(other, text)
    expect(other.locator("#message-title")).to_have_text("已替那部手机上传", timeout=25_000)
    with db.transaction() as session:
        assert set(session.scalars(select(Booking.id).where(Booking.boarded_at.is_not(None)))) == {
            one.id for one in stand.people}
        assert len(set(session.scalars(select(Scan.device)))) == 1
    first.context.set_offline(False)
    expect(first.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)
    with db.transaction() as session:
        assert len(session.scalars(select(Scan)).all()) == 2


@pytest.mark.browser
def test_a_file_carries_them_too_and_a_spoiled_one_is_refused(stand: Stand, blind: BrowserContext,
                                                              tmp_path: Path) -> None:
    first, other = join(blind, stand), join(second(blind), stand)
    boarded_offline(first, stand)
    with first.expect_download() as told:
        first.click("#handover-file")
    path = tmp_path / "bundle.txt"
    told.value.save_as(path)
    text = path.read_text()
    assert not any(stand.text(one)[:40] in text for one in stand.people)
    other.click("#to-more")
    other.click("#to-handover")
    path.write_text("x" + text)
    other.set_input_files("#handover-take", path)
    expect(other.locator("#message-title")).to_have_text("这份记录读不出来")
    other.click("#message .back")
    other.click("#to-more")
    other.click("#to-handover")
    path.write_text(text)
    other.set_input_files("#handover-take", path)
    expect(other.locator("#message-title")).to_have_text("已替那部手机上传", timeout=25_000)
    with db.transaction() as session:
        assert len(session.scalars(select(Scan)).all()) == 2
