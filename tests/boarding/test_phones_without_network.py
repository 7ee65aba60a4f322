"""Phones at the door with no network: two that board one pass, and one whose browser is killed with unsent scans."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from boarding.stand import Stand, begin, contexts, join, scan, wait_for
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from charter.boarding.models import BoardingConflict, Scan
from charter.bookings.models import Booking
from charter.core import db


def another(page: Page) -> BrowserContext:
    browser = page.context.browser
    assert browser
    return browser.new_context(viewport={"width": 360, "height": 740}, permissions=["camera"], locale="zh-CN")


@pytest.mark.browser
def test_two_phones_that_see_one_pass_offline_make_one_case(stand: Stand, phone: Page) -> None:
    first, second = join(phone.context, stand), join(another(phone), stand)
    for page in (first, second):
        page.context.set_offline(True)
    for page in (first, second):
        wait_for(page, "张建国")
        assert page.inner_text("#verdict-title") == "可以上车"
        page.click("#confirm")
        expect(page.locator("#unsent")).to_have_text("未上传 1")
    for page in (second, first):  # the later scan arrives first
        page.context.set_offline(False)
        expect(page.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)
    with db.transaction() as session:
        scans = session.scalars(select(Scan).order_by(Scan.corrected_at)).all()
        assert len({one.device for one in scans}) == 2
        (case,) = session.scalars(select(BoardingConflict))
        assert (case.state, case.booking_id) == ("open", stand.people[0].id)
        assert case.scan_ids == [str(one.scan_id) for one in scans]
        assert session.scalars(select(Booking.id).where(Booking.boarded_at.is_not(None))).all() == [stand.people[0].id]
    expect(second.locator("#counter")).to_have_text("1 / 2", timeout=25_000)


def kill(profile: Path) -> None:
    """End the browser of that profile as a phone that loses its battery ends it."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"--user-data-dir={profile}".encode() in command and not any(b"--type=" in part for part in command):
                os.kill(int(entry.name), signal.SIGKILL)


@pytest.mark.browser
def test_unsent_scans_survive_a_browser_that_is_killed(stand: Stand, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    for context in contexts(None, profile):
        page = join(context, stand)
        page.evaluate("() => navigator.serviceWorker.ready")
        page.context.set_offline(True)
        for booking in stand.people:
            scan(page, stand.text(booking))
            page.click("#confirm")
            page.wait_for_selector("#camera:not([hidden])")
        expect(page.locator("#unsent")).to_have_text("未上传 2")
        with context.expect_event("close"):
            kill(profile)
    for context in contexts(None, profile):
        context.set_offline(True)
        page = context.new_page()
        page.goto(stand.address + "/scan/")
        begin(page)
        expect(page.locator("#unsent")).to_have_text("未上传 2")
        expect(page.locator("#counter")).to_have_text("2 / 2")
        context.set_offline(False)
        expect(page.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)
        context.close()
    with db.transaction() as session:
        assert set(session.scalars(select(Booking.id).where(Booking.boarded_at.is_not(None)))) == {
            one.id for one in stand.people}
