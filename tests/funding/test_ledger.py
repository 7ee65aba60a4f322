"""The ledger balances after whatever is done, also by whoever goes past the application; nothing in it is edited."""

from __future__ import annotations

from uuid import UUID

import pytest
from bookings.factories import scene
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from charter.campaigns.models import Departure
from charter.core import clock, db
from charter.funding import accounts, ledger
from charter.funding.models import DepartureCost, LedgerAccount, LedgerEntry, LedgerLine
from charter.funding.problems import AlreadyReversed
from charter.funding.rules.ledger import BANK, BORNE, Account, Line, Unbalanced, carrier, cost, due, entry_lines
from charter.funding.service import plan_costs, set_actual

BILLS = st.lists(st.tuples(st.sampled_from(["charter", "meals"]), st.one_of(st.none(), st.integers(0, 10**9))),
                 max_size=8)


@pytest.fixture
def made(database):
    with db.transaction() as session:
        found = scene(session)
        plan_costs(session, {found.departure.id: 100})
        plan_costs(session, {found.departure.id: 100}, "meals")
    return found


def sums(session, campaign_id):
    return {(row.kind, row.item): row.fen for row in accounts.balances(session, campaign_id)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bills=BILLS)
def test_after_any_bills_the_ledger_balances_and_says_what_the_bills_say(made, bills):
    with db.transaction() as session:
        for kind, fen in bills:
            set_actual(session, made.departure.id, fen, kind)
    with db.transaction(read_only=True) as session:
        found = sums(session, made.campaign.id)
        assert sum(found.values()) == 0
        for row in session.scalars(select(DepartureCost)):
            assert found.get(("cost", row.kind), 0) == (row.actual_fen or 0)
        numbers = list(session.scalars(select(LedgerEntry.number).order_by(LedgerEntry.number)))
        assert numbers == list(range(1, len(numbers) + 1))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-50, 50)), max_size=6))
def test_lines_are_an_entry_only_if_they_sum_to_nothing(pairs):
    lines = [Line(cost(str(place)), fen) for place, fen in pairs]
    try:
        found = entry_lines(lines)
    except Unbalanced:
        totals = {place: sum(fen for at, fen in pairs if at == place) for place, _ in pairs}
        assert sum(totals.values()) or sum(bool(fen) for fen in totals.values()) < 2
    else:
        assert sum(line.fen for line in found) == 0
        assert len({line.account for line in found}) == len(found) >= 2


def test_no_carrier_meets_what_workers_owe(made):
    firm = UUID(int=5)
    with pytest.raises(Unbalanced):
        entry_lines([Line(carrier(None), 100), Line(due("worker", firm), -100)])


def entry_past_the_application(session, campaign_id, sides):
    """An entry by plain SQL, as a hand at the database would write it."""
    made = LedgerEntry(campaign_id=campaign_id, number=77, day=clock.today(), kind="bill", booked_by="hand")
    session.add(made)
    session.flush()
    for seq, (kind, fen) in enumerate(sides):
        account = session.scalar(select(LedgerAccount).where(LedgerAccount.kind == kind)) or LedgerAccount(
            campaign_id=campaign_id, kind=kind)
        session.add(account)
        session.flush()
        session.add(LedgerLine(entry_id=made.id, seq=seq, account_id=account.id, fen=fen))
    return made.id


def half_back(session, campaign_id, entry_id):
    """A reversal that takes back less than the entry."""
    half = LedgerEntry(campaign_id=campaign_id, number=78, day=clock.today(), kind="reversal", reverses_id=entry_id,
                       booked_by="hand")
    session.add(half)
    session.flush()
    for seq, (kind, fen) in enumerate([("cost", -4), ("bank", 4)]):
        account = session.scalar(select(LedgerAccount).where(LedgerAccount.kind == kind))
        session.add(LedgerLine(entry_id=half.id, seq=seq, account_id=account.id, fen=fen))


@pytest.mark.parametrize("sides", [[], [("cost", 5)], [("cost", 5), ("bank", -4)], [("carrier", 5), ("due", -5)]])
def test_the_database_itself_refuses_what_is_no_entry(made, sides):
    with pytest.raises(DBAPIError), db.transaction() as session:
        entry_past_the_application(session, made.campaign.id, sides)


def test_the_database_refuses_changes_late_lines_and_half_reversals(made):
    with db.transaction() as session:
        entry_id = entry_past_the_application(session, made.campaign.id, [("cost", 5), ("bank", -5)])
    for statement in ("UPDATE ledger_line SET fen = fen * 2", "DELETE FROM ledger_entry", "TRUNCATE ledger_line",
                      "UPDATE ledger_entry SET note = 'x'",
                      "INSERT INTO ledger_line SELECT entry_id, seq + 2, account_id, fen FROM ledger_line"):
        with pytest.raises(DBAPIError), db.transaction() as session:
            session.execute(text(statement))
    with pytest.raises(DBAPIError):
        db.act(half_back, made.campaign.id, entry_id)


def test_a_correction_is_a_reversing_entry_and_the_first_one_stays(made):
    db.act(set_actual, made.departure.id, 1_000)
    db.act(set_actual, made.departure.id, 1_200)
    with db.transaction(read_only=True) as session:
        rows = accounts.entries(session, made.campaign.id, departure_id=made.departure.id)
        assert [(row.number, row.kind, row.fen, row.reverses, row.reversed_by) for row in rows] == [
            (3, "bill", 1_200, None, None), (2, "reversal", 1_000, 1, None), (1, "bill", 1_000, None, 2)]
        assert sums(session, made.campaign.id)["cost", "charter"] == 1_200


def test_an_entry_is_taken_back_once(made):
    entry_id = db.act(ledger.post, made.campaign.id, "share", [Line(due("city", None), 9), Line(BORNE, -9)])
    db.act(ledger.reverse, entry_id, "说明")
    with pytest.raises(AlreadyReversed):
        db.act(ledger.reverse, entry_id, "说明")
    with db.transaction(read_only=True) as session:
        mirror = session.scalar(select(LedgerEntry.id).where(LedgerEntry.kind == "reversal"))
    with pytest.raises(AlreadyReversed):
        db.act(ledger.reverse, mirror, "说明")


def test_the_same_bill_again_writes_nothing(made):
    for _ in range(2):
        db.act(set_actual, made.departure.id, 1_000)
    with db.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_the_ledger_holds_ids_and_sums_and_no_personal_column(database):
    person = {"worker", "registration", "booking", "name", "phone"}
    for table in (LedgerAccount, LedgerEntry, LedgerLine):
        columns = {column.name for column in table.__table__.columns}
        assert not {column for column in columns if any(word in column for word in person)}
        keys = {key.column.table.name for column in table.__table__.columns for key in column.foreign_keys}
        assert keys <= {"campaign", "ledger_entry", "ledger_account"}


def test_a_ledger_outlives_the_departure_it_speaks_of(made):
    db.act(set_actual, made.departure.id, 1_000)
    with db.transaction() as session:
        for statement in ("DELETE FROM departure_cost", "DELETE FROM departure_stop", "DELETE FROM departure"):
            session.execute(text(statement))
        assert session.get(Departure, made.departure.id) is None
    with db.transaction(read_only=True) as session:
        assert sums(session, made.campaign.id)["cost", "charter"] == 1_000


def test_an_account_is_named_once(made):
    for _ in range(2):
        db.act(ledger.post, made.campaign.id, "receipt", [Line(BANK, 5), Line(Account("due", "city"), -5)])
    with db.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(LedgerAccount)) == 2
