"""The pages of money, briefs and files in a real Chromium: both languages, laptop and phone, axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bookings.factories import riders, scene
from looking import looking

from charter.access.models import Account
from charter.access.service import sessions
from charter.boarding.service import leaving
from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Carrier, Departure
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.demo import money, papers
from charter.funding import accounts, settling, sharing
from charter.funding.rules.shares import Rule
from charter.funding.service import plan_costs, set_actual

CITY = Actor(Role.CITY_ORGANIZER, account_id="city")


@pytest.fixture
def made(database):
    """A coach that left yesterday with most of its people, billed; money and papers filled as the demo fills them."""
    with db.transaction() as session:
        found = scene(session, seats=40)
        firm = Carrier(name="南江长途客运有限责任公司", name_en="Nanjiang Long-Distance Passenger Transport",
                       home_division="511922")
        session.add(firm)
        session.flush()
        row = session.get_one(Departure, found.departure.id)
        row.carrier_id, row.date = firm.id, clock.today() - timedelta(days=1)
        people = riders(session, found, 14)
        serials = place_many(session, found.campaign.id, [Placement(one, row.id) for one in people[:12]])
        mark_boarded(session, found.campaign.id, dict.fromkeys(serials[:11], clock.now()))
        plan_costs(session, {row.id: 2_345_600})
        account = Account(role=Role.CITY_ORGANIZER, username="city", name="市总")
        session.add(account)
        session.flush()
        found.cookie, found.carrier = sessions.begin(session, account, second_factor=True), firm
    db.act(leaving.depart, found.departure.id, CITY)
    db.act(set_actual, found.departure.id, 2_345_600)
    db.act(sharing.add_rule, found.campaign.id, Rule("district", "percent", 5_000), "")
    db.act(money.fill, found.campaign.id)
    db.act(papers.fill, found.campaign.id)
    return found


def paths(made):
    """Every page of money, briefs and files, each with something on it."""
    departure = f"/desk/departures/{made.departure.id}"
    due = next(row for row in db.ask(accounts.balances, made.campaign.id) if row.kind == "due")
    entry = db.ask(accounts.entries, made.campaign.id)[0]
    settled = db.ask(settling.settlements, made.campaign.id)[0][0]
    return {
        "money-costs": "/desk/costs", "money-shares": "/desk/money/shares", "money-contracts": "/desk/money/contracts",
        "money-new-contract": f"/desk/money/contracts/new/{made.carrier.id}",
        "money-settlements": "/desk/money/settlements", "money-settlement": f"/desk/money/settlements/{settled.id}",
        "money-subsidies": "/desk/money/subsidies", "money-give": f"/desk/money/subsidies/give/{made.employer.id}",
        "money-travel": "/desk/money/travel", "money-ledger": "/desk/money/ledger",
        "money-account": f"/desk/money/accounts/{due.id}", "money-entry": f"/desk/money/entries/{entry.id}",
        "money-departure": f"{departure}/costs", "money-departure-shares": f"{departure}/shares",
        "money-budget": f"/desk/campaigns/{made.campaign.id}/budget", "report": "/desk/report",
        "report-issues": "/desk/report/issues", "papers": "/desk/papers", "papers-file": f"{departure}/file",
        "signs": "/desk/signs", "sign": f"{departure}/signs/empty", "public": f"/figures/{made.campaign.id}"}


@pytest.mark.browser
def test_no_page_of_money_breaks_a_rule_or_is_wider_than_a_phone(made):
    with looking() as looker:
        assert looker.look(paths(made), made.cookie) == []


@pytest.mark.browser
def test_the_words_for_a_chat_are_copied_and_a_brief_is_opened(made):
    with looking() as looker:
        page = looker.page(made.cookie)
        page.goto(looker.address + "/desk/report/issues")
        with page.expect_navigation():
            page.get_by_role("link", name="第 2 期").click()
        page.get_by_role("button", name="复制这段话").click()
        page.get_by_role("button", name="已复制").wait_for()
        with page.expect_download() as download:
            page.get_by_role("link", name="Word 文档").click()
        assert download.value.suggested_filename.endswith(".docx")
        assert looker.complaints == []
