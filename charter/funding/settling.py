"""Contracts with carriers, and settlements: trips with their bills, seats as used, and the manifest as proof."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from charter.boarding.models import ManifestSnapshot
from charter.bookings.models import LIVING, Booking
from charter.campaigns.models import Carrier, Departure
from charter.campaigns.setting_up import own_campaign
from charter.core import audit, locks, money
from charter.core.actor import current
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.funding import ledger
from charter.funding.accounts import balances
from charter.funding.models import CharterContract, ContractDeparture, DepartureCost, Settlement, SettlementLine
from charter.funding.problems import AlreadyReversed, NothingToSettle
from charter.funding.rules.ledger import BANK, Line, carrier

__all__ = ["CarrierRow", "ContractIn", "TripRow", "carriers", "contracts", "lines", "make_contract", "own_settlement",
           "pay", "settle", "settlements", "take_back", "to_contract", "trips"]

ABOARD = ("boarded", "alighted")


@dataclass(frozen=True, slots=True)
class TripRow:
    """A trip of a carrier: prices in whole fen, seats sold and used; `digest` of its sealed manifest, None without.

    `lacks` names what it lacks for a settlement: "bill", "manifest", or "" where nothing.
    """

    departure_id: int
    code: str
    date: date
    state: str
    plate: str
    contract_fen: int | None
    bill_fen: int | None
    seats: int
    sold: int
    rode: int
    version: int
    digest: bytes | None

    @property
    def lacks(self) -> str:
        """What is missing before it can be settled."""
        return "bill" if self.bill_fen is None else "manifest" if self.digest is None else ""


def trips(session: Session, campaign_id: UUID, carrier_id: UUID, settlement_id: UUID | None = None) -> list[TripRow]:
    """A carrier's trips that have left and stand in no living settlement; or those of one settlement."""
    sold = (select(Booking.departure_id, func.count().label("sold")).where(
        Booking.campaign_id == campaign_id, Booking.state.in_(LIVING)).group_by(Booking.departure_id).subquery())
    query = (select(Departure, ContractDeparture.fen, DepartureCost.actual_fen, func.coalesce(sold.c.sold, 0),
                    ManifestSnapshot)
             .outerjoin(ContractDeparture, ContractDeparture.departure_id == Departure.id)
             .outerjoin(DepartureCost, (DepartureCost.departure_id == Departure.id) & (DepartureCost.kind == "charter"))
             .outerjoin(sold, sold.c.departure_id == Departure.id)
             .outerjoin(ManifestSnapshot, ManifestSnapshot.departure_id == Departure.id)
             .where(Departure.campaign_id == campaign_id, Departure.carrier_id == carrier_id))
    living = select(SettlementLine.departure_id).where(SettlementLine.living)
    query = query.where(Departure.state.in_(("departed", "arrived")), Departure.id.not_in(living)) \
        if settlement_id is None else query.where(Departure.id.in_(select(SettlementLine.departure_id).where(
            SettlementLine.settlement_id == settlement_id)))
    return [TripRow(row.id, row.code, row.date, row.state, row.plate, agreed, bill, row.seats_total, count,
                    sum(one["state"] in ABOARD for one in kept.rows) if kept else 0, kept.version if kept else 0,
                    kept.digest if kept else None)
            for row, agreed, bill, count, kept in session.execute(query.order_by(Departure.date, Departure.code))]


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """A carrier with what stands between it and the campaign, whole fen."""

    id: UUID
    name: str
    name_en: str
    trips: int
    ready: int
    billed: int
    owed: int


def carriers(session: Session, campaign_id: UUID) -> list[CarrierRow]:
    """The carriers of a campaign: trips that have left and are not settled, how many of them could be, bills, debts."""
    living = select(SettlementLine.departure_id).where(SettlementLine.living)
    gone = Departure.state.in_(("departed", "arrived")) & Departure.id.not_in(living)
    rows = session.execute(
        select(Carrier, func.count().filter(gone),
               func.count().filter(gone, DepartureCost.actual_fen.is_not(None),
                                   ManifestSnapshot.departure_id.is_not(None)),
               func.coalesce(func.sum(DepartureCost.actual_fen), 0))
        .join(Departure, Departure.carrier_id == Carrier.id)
        .outerjoin(DepartureCost, (DepartureCost.departure_id == Departure.id) & (DepartureCost.kind == "charter"))
        .outerjoin(ManifestSnapshot, ManifestSnapshot.departure_id == Departure.id)
        .where(Departure.campaign_id == campaign_id).group_by(Carrier.id).order_by(Carrier.name))
    owed = {one.party_id: -one.fen for one in balances(session, campaign_id) if one.kind == "carrier"}
    return [CarrierRow(row.id, row.name, row.name_en or row.name, gone_count, ready, int(billed or 0),
                       owed.get(row.id, 0))
            for row, gone_count, ready, billed in rows]


@dataclass(frozen=True, slots=True)
class ContractIn:
    """A contract as typed, whole fen by departure."""

    carrier_id: UUID
    number: str
    signed_on: date
    quotes: int
    why_one: str
    prices: Mapping[int, int]


def to_contract(session: Session, campaign_id: UUID, carrier_id: UUID) -> list[tuple[Departure, int | None]]:
    """A carrier's departures that stand in no contract, with the planned price."""
    rows = session.execute(
        select(Departure, DepartureCost.planned_fen)
        .outerjoin(DepartureCost, (DepartureCost.departure_id == Departure.id) & (DepartureCost.kind == "charter"))
        .outerjoin(ContractDeparture, ContractDeparture.departure_id == Departure.id)
        .where(Departure.campaign_id == campaign_id, Departure.carrier_id == carrier_id,
               Departure.state != "called_off", ContractDeparture.departure_id.is_(None))
        .order_by(Departure.date, Departure.code))
    return [(departure, fen) for departure, fen in rows]


def make_contract(session: Session, campaign_id: UUID, values: ContractIn) -> UUID:
    """Write a contract down; its id. Raises NotFound, Invalid, InContract, NumberTaken."""
    own_campaign(session, campaign_id)
    free = {row.id for row, _ in to_contract(session, campaign_id, values.carrier_id)}
    wrong = []
    if not values.prices or not set(values.prices) <= free:
        wrong.append(FieldProblem("number", "no_departures", N_("请至少给一个班次填写合同价")))
    if values.quotes < 2 and not values.why_one:
        wrong.append(FieldProblem("why_one", "missing", N_("只有一家报价时，请写明原因")))
    if wrong:
        raise Invalid(errors=wrong)
    made = CharterContract(campaign_id=campaign_id, carrier_id=values.carrier_id, number=values.number,
                           signed_on=values.signed_on, quotes=values.quotes, why_one=values.why_one)
    session.add(made)
    session.flush()
    session.add_all(ContractDeparture(departure_id=key, contract_id=made.id, fen=fen)
                    for key, fen in values.prices.items())
    session.flush()
    audit.record(session, "contract.made", "charter_contract", made.id, departures=len(values.prices))
    return made.id


def contracts(session: Session, campaign_id: UUID) -> list[tuple[CharterContract, Carrier, int, int]]:
    """The contracts with carrier, how many departures and for how much in whole fen, the newest first."""
    rows = session.execute(
        select(CharterContract, Carrier, func.count(), func.sum(ContractDeparture.fen))
        .join(Carrier, Carrier.id == CharterContract.carrier_id)
        .join(ContractDeparture, ContractDeparture.contract_id == CharterContract.id)
        .where(CharterContract.campaign_id == campaign_id).group_by(CharterContract.id, Carrier.id)
        .order_by(CharterContract.made_at.desc()))
    return [(contract, firm, count, int(fen)) for contract, firm, count, fen in rows]


def settlements(session: Session, campaign_id: UUID) -> list[tuple[Settlement, Carrier, int]]:
    """The settlements with carrier and number of trips, the newest first."""
    rows = session.execute(
        select(Settlement, Carrier, func.count()).join(Carrier, Carrier.id == Settlement.carrier_id)
        .join(SettlementLine, SettlementLine.settlement_id == Settlement.id)
        .where(Settlement.campaign_id == campaign_id).group_by(Settlement.id, Carrier.id)
        .order_by(Settlement.number.desc()))
    return [(found, firm, count) for found, firm, count in rows]


def own_settlement(session: Session, settlement_id: UUID, *, lock: bool = False) -> Settlement:
    """A settlement that the caller may see. Raises NotFound."""
    found = session.get(Settlement, settlement_id, with_for_update=lock)
    if found is None or current().scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    return found


def lines(session: Session, settlement_id: UUID) -> list[tuple[SettlementLine, Departure]]:
    """The trips of a settlement as they were frozen, by day."""
    rows = session.execute(select(SettlementLine, Departure)
                           .join(Departure, Departure.id == SettlementLine.departure_id)
                           .where(SettlementLine.settlement_id == settlement_id)
                           .order_by(Departure.date, Departure.code))
    return [(line, departure) for line, departure in rows]


def settle(session: Session, campaign_id: UUID, carrier_id: UUID, chosen: Sequence[int]) -> UUID:
    """Freeze the chosen trips that have bill and sealed manifest; the settlement's id.

    Raises NotFound, NothingToSettle, SettledAlready.
    """
    own_campaign(session, campaign_id)
    locks.take(session, "settling", [campaign_id])
    ready = [row for row in trips(session, campaign_id, carrier_id) if not row.lacks and row.departure_id in chosen]
    if not ready:
        raise NothingToSettle
    number = session.scalar(select(func.coalesce(func.max(Settlement.number), 0) + 1).where(
        Settlement.campaign_id == campaign_id))
    text = json.dumps([[row.departure_id, row.contract_fen, row.bill_fen, row.seats, row.sold, row.rode, row.version,
                        (row.digest or b"").hex()] for row in ready])
    made = Settlement(campaign_id=campaign_id, carrier_id=carrier_id, number=number,
                      fen=sum(row.bill_fen or 0 for row in ready), made_by=current().caller[:64],
                      digest=hashlib.sha256(text.encode()).digest())
    session.add(made)
    session.flush()
    session.add_all(SettlementLine(
        settlement_id=made.id, departure_id=row.departure_id, contract_fen=row.contract_fen, fen=row.bill_fen or 0,
        seats=row.seats, sold=row.sold, rode=row.rode, manifest_version=row.version, manifest_digest=row.digest or b"")
        for row in ready)
    session.flush()
    audit.record(session, "settlement.made", "settlement", made.id, trips=len(ready), fen=made.fen)
    return made.id


def pay(session: Session, settlement_id: UUID, document: str, day: date) -> None:
    """The carrier was paid by this voucher of the federation's own books. Raises NotFound, AlreadyReversed."""
    found = own_settlement(session, settlement_id, lock=True)
    if found.state != "made":
        raise AlreadyReversed
    found.entry_id = ledger.post(
        session, found.campaign_id, "payment", (Line(carrier(found.carrier_id), found.fen), Line(BANK, -found.fen)),
        ledger.Said(settlement_id=found.id, document=document, day=day))
    found.state = "paid"
    audit.record(session, "settlement.paid", "settlement", found.id, fen=found.fen)


def take_back(session: Session, settlement_id: UUID, reason: str) -> None:
    """Take a settlement back, its payment too, so that bills can be corrected. Raises NotFound, AlreadyReversed."""
    found = own_settlement(session, settlement_id, lock=True)
    if found.state == "reversed":
        raise AlreadyReversed
    if found.entry_id is not None:
        ledger.reverse(session, found.entry_id, reason)
    found.state, found.reason = "reversed", reason
    session.execute(update(SettlementLine).where(SettlementLine.settlement_id == found.id).values(living=False))
    audit.record(session, "settlement.reversed", "settlement", found.id, fen=money.yuan(found.fen))
