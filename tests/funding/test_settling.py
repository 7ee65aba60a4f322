"""Contracts, settlements with the sealed manifest as proof, subsidies of employers, payments and receipts."""

from __future__ import annotations

import pytest
from bookings.factories import riders, scene

from charter.boarding.models import ManifestSnapshot
from charter.boarding.service import leaving
from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Carrier
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.core.problems import Invalid, NotFound
from charter.funding import accounts, granting, settling, sharing
from charter.funding.problems import InContract, NothingToSettle, NumberTaken, SettledAlready, TooMuch
from charter.funding.rules.shares import Rule
from charter.funding.service import plan_costs, set_actual

CITY = Actor(Role.CITY_ORGANIZER, account_id="city")


@pytest.fixture
def made(database):
    with db.transaction() as session:
        found = scene(session)
        found.carrier = Carrier(name="南江运输公司", home_division="511922")
        session.add(found.carrier)
        session.flush()
        found.departure.carrier_id = found.carrier.id
        session.merge(found.departure)
        people = riders(session, found, 3)
        serials = place_many(session, found.campaign.id, [Placement(one, found.departure.id) for one in people])
        mark_boarded(session, found.campaign.id, dict.fromkeys(serials[:2], clock.now()))
        plan_costs(session, {found.departure.id: 1_000_000})
    return found


def contract(made, number="HT-1", **changed):
    values = {"carrier_id": made.carrier.id, "number": number, "signed_on": clock.today(), "quotes": 3, "why_one": "",
              "prices": {made.departure.id: 980_000}} | changed
    return db.act(settling.make_contract, made.campaign.id, settling.ContractIn(**values))


def left(made):
    db.act(leaving.depart, made.departure.id, CITY)
    db.act(set_actual, made.departure.id, 990_000)


def settled(made):
    left(made)
    return db.act(settling.settle, made.campaign.id, made.carrier.id, [made.departure.id])


def owed(made, kind="carrier"):
    return sum(one.open_fen for one in db.ask(accounts.balances, made.campaign.id) if one.kind == kind)


def test_a_departure_stands_in_one_contract(made):
    contract(made)
    with pytest.raises((Invalid, InContract)):
        contract(made, "HT-2")
    assert [(one.number, count, fen) for one, _, count, fen in db.ask(settling.contracts, made.campaign.id)] == [
        ("HT-1", 1, 980_000)]


def test_a_single_quote_needs_its_reason_and_a_number_is_taken_once(made):
    with pytest.raises(Invalid) as refused:
        contract(made, quotes=1)
    assert [one.field for one in refused.value.errors] == ["why_one"]
    contract(made, quotes=1, why_one="只有一家有车")
    with db.transaction() as session:
        session.delete(session.get_one(settling.ContractDeparture, made.departure.id))
    with pytest.raises(NumberTaken):
        contract(made)


def test_a_trip_without_bill_or_manifest_is_not_settled(made):
    with pytest.raises(NothingToSettle):
        db.act(settling.settle, made.campaign.id, made.carrier.id, [made.departure.id])
    db.act(leaving.depart, made.departure.id, CITY)
    assert [row.lacks for row in db.ask(settling.trips, made.campaign.id, made.carrier.id)] == ["bill"]


def test_a_settlement_freezes_seats_bill_and_proof(made):
    contract(made)
    found = settled(made)
    (line, departure), = db.ask(settling.lines, found)
    with db.transaction(read_only=True) as session:
        digest = session.get_one(ManifestSnapshot, departure.id).digest
    assert (line.contract_fen, line.fen, line.seats, line.sold) == (980_000, 990_000, 8, 3)
    assert line.manifest_digest == digest
    assert db.ask(settling.trips, made.campaign.id, made.carrier.id) == []
    with pytest.raises(SettledAlready):
        db.act(set_actual, made.departure.id, 1)


def test_paid_once_by_its_voucher_and_taken_back_by_reversing_entries(made):
    found = settled(made)
    assert owed(made) == 990_000
    db.act(settling.pay, found, "记-0215", clock.today())
    assert owed(made) == 0
    db.act(settling.take_back, found, "账单有误")
    assert owed(made) == 990_000
    db.act(set_actual, made.departure.id, 900_000)
    assert db.act(settling.settle, made.campaign.id, made.carrier.id, [made.departure.id]) != found
    assert owed(made) == 900_000


def test_a_foreign_settlement_is_not_found(made):
    with pytest.raises(NotFound):
        db.ask(settling.own_settlement, made.campaign.id)


def test_what_a_firm_bears_is_received_and_never_more(made):
    with db.transaction() as session:
        sharing.add_rule(session, made.campaign.id, Rule("employer", "vehicle", 50_000), "")
    left(made)
    db.act(sharing.book, made.campaign.id)
    mine, = [one for one in db.ask(accounts.balances, made.campaign.id) if (one.kind, one.item) == ("due", "employer")]
    with pytest.raises(TooMuch):
        db.act(accounts.settle_account, CITY, mine.id, 50_001, "收-1", clock.today())
    db.act(accounts.settle_account, CITY, mine.id, 50_000, "收-1", clock.today())
    assert db.ask(accounts.account, CITY, mine.id)[0].open_fen == 0


def test_a_district_reads_its_own_accounts_alone(made):
    with db.transaction() as session:
        sharing.add_rule(session, made.campaign.id, Rule("district", "percent", 5_000), "")
    left(made)
    db.act(sharing.book, made.campaign.id)
    mine, = [one for one in db.ask(accounts.balances, made.campaign.id) if one.item == "district"]
    own = Actor(Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id=str(made.employer.district_id))
    far = Actor(Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    assert db.ask(accounts.account, own, mine.id)[0].fen == 495_000
    with pytest.raises(NotFound):
        db.ask(accounts.account, far, mine.id)
    bank = [one for one in db.ask(accounts.balances, made.campaign.id) if one.kind == "cost"]
    with pytest.raises(NotFound):
        db.ask(accounts.account, own, bank[0].id)


def test_an_employers_subsidy_is_an_entry_and_is_taken_back_by_one(made):
    given = db.act(granting.grant, made.campaign.id, made.employer.id, 20_000, "厦工〔2026〕3号")
    assert owed(made, "aid") == 20_000
    row, = db.ask(granting.firms, made.campaign.id)
    assert (row.people, row.fen) == (2, 20_000)
    db.act(granting.take_back, given, "重复")
    assert owed(made, "aid") == 0
    assert db.ask(granting.firms, made.campaign.id)[0].fen == 0
