"""One scan opens the whole party; a code that has boarded already asks which it is; all of it with no network."""

from __future__ import annotations

import boarding.factories as make
import chromium
import pytest
from boarding.stand import Stand, join, scan
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from charter.boarding.models import BoardingConflict, Scan
from charter.bookings.models import Booking
from charter.core import db
from charter.registrations.models import Party, Registration


@pytest.fixture
def family(stand: Stand) -> list[Booking]:
    """The two of the stand and a third, one party."""
    with db.transaction() as session:
        stand.people.append(make.booking(session, stand.world, stand.on, "25", name="张小宝", tail="9004"))
        party = Party(campaign_id=stand.world.campaign.id, employer_id=stand.world.employer.id, label="张家")
        session.add(party)
        session.flush()
        for request in session.scalars(select(Registration)):
            request.party_id = party.id
    return stand.people


def offline(blind: BrowserContext, stand: Stand) -> Page:
    """A phone that has everything and then loses the network."""
    page = join(blind, stand)
    page.context.set_offline(True)
    return page


def sent(page: Page) -> None:
    page.context.set_offline(False)
    expect(page.locator("#unsent")).to_have_text("未上传 0", timeout=25_000)


@pytest.mark.browser
def test_one_scan_offline_boards_the_ticked_of_a_party(stand: Stand, family: list[Booking],
                                                       blind: BrowserContext) -> None:
    page = offline(blind, stand)
    scan(page, stand.text(family[0]))
    assert page.inner_text("#verdict-person") == "张建国 0023"
    assert page.inner_text("#party-title") == "一家 3 口，已上 0"
    assert page.locator("#party label").all_inner_texts() == [
        "张建国 0023 · 23 座", "李秀英 118X · 24 座 怀抱儿童 1 名", "张小宝 9004 · 25 座"]
    assert page.inner_text("#confirm") == "确认 1 人上车"
    page.get_by_label("李秀英").check()
    assert page.inner_text("#confirm") == "确认 3 人上车"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    chromium.shot(page, "scan-party")
    page.click("#confirm")
    expect(page.locator("#counter")).to_have_text("2 / 3")
    assert "张建国" not in page.content()
    scan(page, stand.text(family[2]))
    assert page.inner_text("#party-title") == "一家 3 口，已上 2"
    assert page.locator("#party input:disabled").count() == 2
    page.click("#confirm")
    sent(page)
    with db.transaction() as session:
        kept = session.scalars(select(Scan).order_by(Scan.scanned_at)).all()
        assert [(one.booking_id, one.by_hand, one.reason, one.verdict) for one in kept] == [
            (family[0].id, False, "", "go"), (family[1].id, True, "party", "go"), (family[2].id, False, "", "go")]


@pytest.mark.browser
def test_one_tap_ticks_all_and_one_undo_takes_them_all_back(stand: Stand, family: list[Booking],
                                                            blind: BrowserContext) -> None:
    page = offline(blind, stand)
    scan(page, stand.text(family[1]))
    page.click("#party-all")
    page.click("#confirm")
    expect(page.locator("#counter")).to_have_text("3 / 3")
    page.click("#undo")
    expect(page.locator("#message-text")).to_have_text("最近一次上车已撤销，共 3 人。")
    page.click("#message .back")
    expect(page.locator("#counter")).to_have_text("0 / 3")
    sent(page)
    with db.transaction() as session:
        assert session.scalars(select(Booking.id).where(Booking.boarded_at.is_not(None))).all() == []


def twice(page: Page, stand: Stand, answer: str) -> None:
    """The first passenger boards, his code comes again, and the volunteer answers."""
    text = stand.text(stand.people[0])
    scan(page, text)
    page.click("#confirm")
    page.wait_for_selector("#camera:not([hidden])")
    scan(page, text)
    assert page.inner_text("#verdict-title") == "已经上过车"
    assert page.evaluate("document.body.dataset.verdict") == "look"
    assert page.locator("#confirm").is_hidden()
    page.click(f"#twice button:has-text(\"{answer}\")")
    page.wait_for_selector("#verdict", state="hidden")


@pytest.mark.browser
def test_the_same_person_back_is_counted_once_and_is_no_case(stand: Stand, blind: BrowserContext) -> None:
    page = offline(blind, stand)
    twice(page, stand, "本人回来")
    expect(page.locator("#counter")).to_have_text("1 / 2")
    sent(page)
    assert kept() == [("board", "ok", ""), ("board", "already_boarded", "same_person")]
    assert cases() == []


@pytest.mark.browser
def test_who_is_turned_away_leaves_the_first_on_board_and_makes_a_case(stand: Stand, blind: BrowserContext) -> None:
    page = offline(blind, stand)
    twice(page, stand, "不是本人")
    expect(page.locator("#counter")).to_have_text("1 / 2")
    sent(page)
    assert kept() == [("board", "ok", ""), ("deny", "already_boarded", "turned_away")]
    assert cases() == [2]
    with db.transaction() as session:
        assert session.scalars(select(Booking.id).where(Booking.boarded_at.is_not(None))).all() == [stand.people[0].id]


@pytest.mark.browser
def test_where_the_earlier_one_was_wrong_he_is_taken_back_and_looked_up(stand: Stand, blind: BrowserContext) -> None:
    page = offline(blind, stand)
    twice(page, stand, "前面的上错了")
    page.wait_for_selector("#unlock:not([hidden])")
    expect(page.locator("#counter")).to_have_text("1 / 2")
    sent(page)
    assert kept() == [("board", "ok", ""), ("undo", "already_boarded", "earlier_wrong"),
                      ("board", "already_boarded", "earlier_wrong")]
    with db.transaction() as session:
        first, undo, second = session.scalars(select(Scan).order_by(Scan.scanned_at))
        assert undo.undoes == first.scan_id
        assert second.verdict in ("go", "look")


@pytest.mark.browser
def test_old_pictures_new_passes_and_wrong_buses_are_told_offline(stand: Stand, blind: BrowserContext) -> None:
    with db.transaction() as session:
        other = make.departure(session, stand.world, hours=3)
        stranger = make.booking(session, stand.world, other, "23", name="王五")
    old = stand.text(stand.people[0])
    with db.transaction() as session:
        found = session.scalars(select(Booking).where(Booking.id == stand.people[0].id)).one()
        found.seat, found.slot = "14", 14
    page = offline(blind, stand)
    scan(page, old)
    assert (page.inner_text("#verdict-title"), page.inner_text("#verdict-seat")) == ("旧乘车码", "14 座")
    assert page.evaluate("document.body.dataset.verdict") == "look"
    chromium.shot(page, "scan-superseded")
    page.click("#confirm")
    page.wait_for_selector("#camera:not([hidden])")
    scan(page, stand.text(stranger))
    assert page.inner_text("#verdict-title") == "不是这趟车"
    assert "他的车在 7号车位" in page.inner_text("#verdict-text")
    assert "巴中1线-03。他坐 23 座" in page.inner_text("#verdict-text")
    assert page.locator("#confirm").is_hidden()
    chromium.shot(page, "scan-wrong-bus")
    page.click("#verdict .back")
    with db.transaction() as session:
        late = make.booking(session, stand.world, stand.on, "31", name="赵六")
    scan(page, stand.text(late))
    assert (page.inner_text("#verdict-title"), page.inner_text("#verdict-seat")) == ("码比名单新", "31 座")
    page.click("#confirm")
    expect(page.locator("#counter")).to_have_text("2 / 2")
    sent(page)
    with db.transaction() as session:
        assert set(session.scalars(select(Booking.id).where(Booking.boarded_at.is_not(None)))) == {
            stand.people[0].id, late.id}


def kept() -> list[tuple[str, str, str]]:
    with db.transaction() as session:
        return [(one.kind, one.shown, one.reason) for one in session.scalars(select(Scan).order_by(Scan.scanned_at))]


def cases() -> list[int]:
    with db.transaction() as session:
        return [len(one.scan_ids) for one in session.scalars(select(BoardingConflict))]
