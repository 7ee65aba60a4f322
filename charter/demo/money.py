"""The demo's money: an agreement on shares, budgets, contracts, a settlement that is paid and one that waits,
subsidies of employers, claims of own travel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import SYSTEM
from charter.funding import accounts, budgets, claiming, granting, settling, sharing
from charter.funding.rules.shares import Rule
from charter.registrations.models import Registration

__all__ = ["fill"]

RULES = (Rule("district", "percent", 3_000), Rule("employer", "head", 8_000, mode="flight"),
         Rule("employer", "head", 2_000, mode="bus", min_km=800), Rule("worker", "head", 1_000, mode="flight"))
BANDS = {0: 8_000, 300: 12_000, 600: 20_000, 1_000: 30_000, 1_500: 45_000}
CLAIMS, ANSWERED, FIRMS = 12, 8, 3


def fill(session: Session, campaign_id: UUID) -> str:
    """Fill the pages of money; says with what."""
    for rule in RULES:
        sharing.add_rule(session, campaign_id, rule, "厦工〔2026〕5号（演示）")
    contracts = sum(_contract(session, campaign_id, one, place) for place, one in enumerate(
        settling.carriers(session, campaign_id), 1))
    ready = [one for one in settling.carriers(session, campaign_id) if one.ready]
    settled = sum(_settle(session, campaign_id, one, place) for place, one in enumerate(ready))
    booked = sharing.book(session, campaign_id)
    _receive(session, campaign_id)
    for firm in granting.firms(session, campaign_id, limit=FIRMS)[:FIRMS]:
        granting.grant(session, campaign_id, firm.id, firm.people * 3_000, "厦工〔2026〕6号（演示）")
    sources = budgets.sources(session, campaign_id)
    budgets.set_budgets(session, campaign_id, {
        one.field: -(-max(one.planned, one.booked) * 11 // 10_000_000) * 1_000_000 for one in sources
        if one.payer in ("city", "district") and one.planned}, {})
    claims = _claims(session, campaign_id)
    return f"{contracts} contracts, {settled} settlements, shares of {booked} departures, {claims} claims of own travel"


def _contract(session: Session, campaign_id: UUID, carrier: settling.CarrierRow, place: int) -> int:
    free = settling.to_contract(session, campaign_id, carrier.id)
    prices = {departure.id: fen for departure, fen in free if fen is not None}
    if not prices:
        return 0
    one = place % 4 == 0
    settling.make_contract(session, campaign_id, settling.ContractIn(
        carrier.id, f"厦工包-2026-{place:03d}", clock.today() - timedelta(days=7), 1 if one else 3,
        "春运期间仅此一家有空余运力" if one else "", prices))
    return 1


def _settle(session: Session, campaign_id: UUID, carrier: settling.CarrierRow, place: int) -> int:
    """Every other carrier with something to settle is settled, the first of them paid."""
    if place % 2:
        return 0
    ready = [row.departure_id for row in settling.trips(session, campaign_id, carrier.id) if not row.lacks]
    made = settling.settle(session, campaign_id, carrier.id, ready)
    if place % 4 == 0:
        settling.pay(session, made, f"记-{210 + place:04d}", clock.today())
    return 1


def _receive(session: Session, campaign_id: UUID) -> None:
    for one in accounts.balances(session, campaign_id):
        if one.kind == "due" and one.item == "district" and one.open_fen > 100:
            accounts.settle_account(session, SYSTEM, one.id, one.open_fen // 2, "收-0021", clock.today())
            return


def _claims(session: Session, campaign_id: UUID) -> int:
    """People without a seat who travelled by themselves, and one who rode free and is refused."""
    claiming.set_bands(session, campaign_id, BANDS)
    starts = session.get_one(Campaign, campaign_id).starts_on
    made = 0
    for row, rode in _claimants(session, campaign_id):
        found = claiming.claim(session, campaign_id, row.worker_id, claiming.ClaimIn(
            row.origin, ("train", "bus", "car")[made % 3], starts, f"E{700_100 + made}", f"{3000 + made}", True))
        made += 1
        if made <= ANSWERED and not rode:
            claiming.answer(session, SYSTEM, found.id, member=made % 5 != 0)
    return made


def _claimants(session: Session, campaign_id: UUID) -> Iterator[tuple[Registration, bool]]:
    for states, most in ((("left_behind", "withdrawn", "confirmed"), CLAIMS - 1), (("arrived", "boarded"), 1)):
        for row in session.scalars(select(Registration).where(
                Registration.campaign_id == campaign_id, Registration.state.in_(states))
                .order_by(Registration.created_at, Registration.id).limit(most)):
            yield row, states[0] == "arrived"
