"""The pages of money: each act by its form, each figure opening to its entries, each role its own part."""

from __future__ import annotations

import re

import pytest
from bookings.factories import riders, scene
from desk import fields, sign_in, token
from sqlalchemy import select

from charter.boarding.service import leaving
from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Carrier
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.funding import accounts, claiming, sharing
from charter.funding.models import EmployerSubsidy, LedgerEntry, Settlement, ShareRule, TravelClaim
from charter.funding.rules.shares import Rule
from charter.funding.service import plan_costs, set_actual

CITY = Actor(Role.CITY_ORGANIZER, account_id="city")


@pytest.fixture
def made(database):
    """A coach of a carrier that left with two of three people, its bill written; the district bears one half."""
    with db.transaction() as session:
        found = scene(session)
        found.carrier = Carrier(name="南江运输公司", name_en="Nanjiang Transport", home_division="511922")
        session.add(found.carrier)
        session.flush()
        found.departure.carrier_id = found.carrier.id
        session.merge(found.departure)
        people = riders(session, found, 4)
        serials = place_many(session, found.campaign.id, [Placement(one, found.departure.id) for one in people[:3]])
        mark_boarded(session, found.campaign.id, dict.fromkeys(serials[:2], clock.now()))
        plan_costs(session, {found.departure.id: 1_000_000})
        sharing.add_rule(session, found.campaign.id, Rule("district", "percent", 5_000), "")
    db.act(leaving.depart, found.departure.id, CITY)
    db.act(set_actual, found.departure.id, 990_000)
    return found


@pytest.fixture
def desk(client, made):
    return sign_in(client)


def send(desk, page, action="", **changed):
    """Send the form of a page with these fields changed; where it leads."""
    sent = fields(desk.get(page).text, action) | changed
    where = action or page
    return desk.post(where, data=sent)


def one(model):
    with db.transaction(read_only=True) as session:
        return session.scalars(select(model)).one()


def test_a_rule_is_added_refused_at_its_field_and_removed(desk, made):
    with db.transaction() as session:
        session.delete(session.scalars(select(ShareRule)).one())
    base = {"payer": "employer", "basis": "head", "value": "12.5", "mode": "bus", "min_km": "300", "max_km": "800",
            "document": "厦工〔2026〕1号"}
    page = f"/desk/money/shares/rules?campaign={made.campaign.id}"
    form = fields(desk.get("/desk/money/shares").text, page)
    refused = desk.post(page, data=form | base | {"max_km": "300"})
    assert (refused.status_code, "终点公里数应大于起点" in refused.text) == (422, True)
    assert desk.post(page, data=form | base | {"basis": "percent", "value": "100.01"}).status_code == 422
    assert desk.post(page, data=form | base).status_code == 303
    row = one(ShareRule)
    assert (row.payer, row.basis, row.value, row.mode, row.min_km, row.max_km) == (
        "employer", "head", 1_250, "bus", 300, 800)
    assert desk.post(f"/desk/money/shares/rules/{row.id}/remove", data=form).status_code == 303
    assert "费用都由市总工会承担" in desk.get("/desk/money/shares").text


def test_shares_are_booked_and_the_figure_opens_to_its_entries(desk, made):
    page = desk.get("/desk/money/shares").text
    assert "1 个班次的账单已到" in page
    assert send(desk, "/desk/money/shares", f"/desk/money/shares/book?campaign={made.campaign.id}").status_code == 303
    page = desk.get("/desk/money/shares").text
    assert "4,950.00" in page
    account = re.search(r'href="(/desk/money/accounts/[\w-]+)">湖里区总工会承担', page)
    assert account
    shown = desk.get(account[1]).text
    assert "4,950.00" in shown
    entry = re.search(r'href="(/desk/money/entries/[\w-]+)"', shown)
    assert entry
    assert "已分担费用" in desk.get(entry[1]).text
    assert desk.post(entry[1] + "/reverse", data=fields(shown) | {"reason": "x"}).status_code == 404


def test_a_receipt_is_written_and_taken_back_by_its_mirror(desk, made):
    db.act(sharing.book, made.campaign.id)
    due = next(row for row in db.ask(accounts.balances, made.campaign.id) if row.item == "district")
    address = f"/desk/money/accounts/{due.id}"
    assert send(desk, address, fen="4950.01", document="收-9").status_code == 409
    assert send(desk, address, fen="", document="").status_code == 422
    assert send(desk, address, document="收-9").status_code == 303
    assert db.ask(accounts.account, CITY, due.id)[0].open_fen == 0
    with db.transaction(read_only=True) as session:
        receipt = session.scalar(select(LedgerEntry.id).where(LedgerEntry.kind == "receipt"))
    page = f"/desk/money/entries/{receipt}"
    assert send(desk, page, page + "/reverse", reason="").status_code == 422
    assert send(desk, page, page + "/reverse", reason="记错了").status_code == 303
    assert db.ask(accounts.account, CITY, due.id)[0].open_fen == 495_000
    assert "被第 4 号冲销" in desk.get(page).text


def test_shares_are_agreed_by_hand_only_if_they_are_the_cost(desk, made):
    page = f"/desk/departures/{made.departure.id}/shares"
    sent = fields(desk.get(page).text)
    assert sent["share_city"] == "4,950.00"
    worker = f"share_worker_{made.employer.id}"
    refused = desk.post(page, data=sent | {worker: "100"})
    assert refused.status_code == 422
    assert "应当等于费用" in refused.text
    assert desk.post(page, data=sent | {worker: "50", "share_city": "4900"}).status_code == 303
    assert "手工商定" in desk.get(page).text
    assert desk.post(page, data=sent | {"way": "rules"}).status_code == 303
    assert "按约定计算" in desk.get(page).text


def test_a_contract_is_recorded_with_its_prices(desk, made):
    page = f"/desk/money/contracts/new/{made.carrier.id}"
    sent = fields(desk.get(page).text)
    assert sent[f"price_{made.departure.id}"] == "10,000.00"
    refused = desk.post(page, data=sent | {"number": "HT-7", "quotes": "1"})
    assert refused.status_code == 422
    assert "只有一家报价时，请写明原因" in refused.text
    assert desk.post(page, data=sent | {"number": "HT-7"}).status_code == 303
    assert "HT-7" in desk.get("/desk/money/contracts").text
    assert "都已有合同" in desk.get(page).text


def test_a_carrier_is_settled_paid_and_the_settlement_taken_back(desk, made):
    page = f"/desk/money/settlements/new/{made.carrier.id}"
    assert desk.post(page, data={"form_token": fields(desk.get(page).text)["form_token"]}).status_code == 409
    assert send(desk, page, trip=str(made.departure.id)).status_code == 303
    address = f"/desk/money/settlements/{one(Settlement).id}"
    assert desk.get(address + "/trips.xlsx").data[:2] == b"PK"
    costs = fields(desk.get("/desk/costs").text, "/desk/costs/save?page=1")
    refused = desk.post("/desk/costs/save", data=costs | {f"actual_{made.departure.id}": "1"})
    assert (refused.status_code, "已经结算" in refused.text) == (409, True)
    assert send(desk, address, address + "/pay", document="").status_code == 422
    assert send(desk, address, address + "/pay", document="记-1").status_code == 303
    assert "已付款" in desk.get(address).text
    assert send(desk, address, address + "/take-back", reason="账单错了").status_code == 303
    assert "账单错了" in desk.get(address).text
    assert "还没有结算单" not in desk.get("/desk/money/settlements").text


def test_an_employers_subsidy_by_the_head_and_back(desk, made):
    page = f"/desk/money/subsidies/give/{made.employer.id}"
    assert send(desk, page, fen="30", basis="head", document="").status_code == 422
    assert send(desk, page, fen="30", basis="head", document="厦工3号").status_code == 303
    given = one(EmployerSubsidy)
    assert (given.fen, given.people) == (6_000, 2)
    assert "60.00" in desk.get("/desk/money/subsidies").text
    address = f"/desk/money/subsidies/{given.id}/take-back"
    assert send(desk, "/desk/money/subsidies", address, reason="").status_code == 422
    assert send(desk, "/desk/money/subsidies", address, reason="重复").status_code == 303
    assert one(EmployerSubsidy).reversal_id


def test_own_travel_is_claimed_answered_and_booked(desk, made):
    page = "/desk/money/travel"
    bands = f"/desk/money/travel/bands?campaign={made.campaign.id}"
    assert send(desk, page, bands, km_0="0", fen_0="80", km_1="0", fen_1="90").status_code == 422
    assert send(desk, page, bands, km_0="0", fen_0="80", km_1="800", fen_1="300").status_code == 303
    with db.transaction() as session:
        people = riders(session, made, 1, first=50)
        worker = session.get_one(claiming.Registration, (made.campaign.id, people[0])).worker_id
    db.act(claiming.claim, made.campaign.id, worker, claiming.ClaimIn("511922", "train", clock.today(), "E1", "0023",
                                                                      True))
    address = f"/desk/money/travel/{one(TravelClaim).id}/confirm"
    assert desk.post(address, data=token(desk, page)).status_code == 303
    assert send(desk, page, f"/desk/money/travel/book?campaign={made.campaign.id}").status_code == 303
    assert one(TravelClaim).state == "paid"
    assert "没有人坐了免费班车又领补助" in desk.get(page).text
    assert desk.get("/desk/money/travel.xlsx").data[:2] == b"PK"


def test_budgets_by_source_stand_beside_what_they_bear(desk, made):
    page = f"/desk/campaigns/{made.campaign.id}/budget"
    field = f"budget_district_{made.employer.district_id}"
    db.act(sharing.book, made.campaign.id)
    assert send(desk, page, **{field: "4,949.99"}).status_code == 422
    assert send(desk, page, **{field: "4,950"}).status_code == 303
    assert "4,950.00" in desk.get(page).text


def test_a_district_reads_its_own_shares_and_nothing_else(client, made):
    db.act(sharing.book, made.campaign.id)
    own = str(made.employer.district_id)
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id=own)
    page = client.get("/desk/money/shares").text
    assert "4,950.00" in page
    assert "市总工会承担" not in page
    for address in ("/desk/money/ledger", "/desk/money/contracts", "/desk/money/settlements", "/desk/money/subsidies"):
        assert client.get(address).status_code == 403
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    other = client.get("/desk/money/shares").text
    assert "4,950.00" not in other
    assert "巴中01" not in other


def test_a_funds_auditor_reads_all_of_its_campaign_and_writes_nothing(client, made):
    db.act(sharing.book, made.campaign.id)
    sign_in(client, Role.FUNDS_AUDITOR, scope_kind="campaign", scope_id=str(made.campaign.id))
    for address in ("ledger", "contracts", "settlements", "subsidies", "travel", "shares"):
        assert client.get(f"/desk/money/{address}").status_code == 200
    assert client.get("/desk/money/ledger.xlsx").data[:2] == b"PK"
    assert client.post("/desk/money/shares/book").status_code == 403
    sign_in(client, Role.FUNDS_AUDITOR, scope_kind="campaign", scope_id="00000000-0000-4000-8000-000000000000")
    with db.transaction(read_only=True) as session:
        entry = session.scalars(select(LedgerEntry.id).limit(1)).one()
    assert client.get(f"/desk/money/entries/{entry}").status_code == 404


def test_the_ledgers_sums_are_nothing(desk, made):
    db.act(sharing.book, made.campaign.id)
    page = desk.get("/desk/money/ledger?kind=share").text
    foot = re.search(r"<tfoot>.*?</tfoot>", page, re.S)
    assert foot
    debit, credit, rest = re.findall(r'num">([\d,.]+)<', foot[0])
    assert (debit, rest) == (credit, "0.00")
