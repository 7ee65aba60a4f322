"""Who bears what: by the campaign's rules, or as agreed by hand; forecasts before a bill, entries after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.campaigns.models import Corridor, Departure
from charter.campaigns.setting_up import own_campaign
from charter.campaigns.trip import own_departure
from charter.core import audit, money
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.funding import ledger
from charter.funding.models import (
    DepartureCost,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    ShareByHand,
    ShareRule,
)
from charter.funding.rules.ledger import BORNE, Line, due
from charter.funding.rules.shares import PAYERS, Cost, Heads, Rule, Share, shares
from charter.people.models import Employer
from charter.registrations.models import Registration

__all__ = ["Borne", "add_rule", "book", "borne", "rule_rows", "rules_of", "set_by_hand", "take_rule"]

GONE = ("departed", "arrived")


def rule_rows(session: Session, campaign_id: UUID) -> list[ShareRule]:
    """The campaign's rules in their order."""
    return list(session.scalars(select(ShareRule).where(ShareRule.campaign_id == campaign_id).order_by(ShareRule.seq)))


def rules_of(session: Session, campaign_id: UUID) -> list[Rule]:
    """The same as pure rules."""
    return [Rule(row.payer, row.basis, row.value, row.mode, row.min_km, row.max_km)
            for row in rule_rows(session, campaign_id)]


def add_rule(session: Session, campaign_id: UUID, rule: Rule, document: str) -> UUID:
    """A new last rule; its id. Raises NotFound."""
    own_campaign(session, campaign_id, lock=True)
    last = session.scalar(select(func.max(ShareRule.seq)).where(ShareRule.campaign_id == campaign_id))
    made = ShareRule(campaign_id=campaign_id, seq=(last or 0) + 1, payer=rule.payer, basis=rule.basis, value=rule.value,
                     mode=rule.mode, min_km=rule.min_km, max_km=rule.max_km, document=document)
    session.add(made)
    session.flush()
    audit.record(session, "share_rule.added", "campaign", campaign_id, payer=rule.payer, basis=rule.basis,
                 value=rule.value)
    return made.id


def take_rule(session: Session, campaign_id: UUID, rule_id: UUID) -> None:
    """Take a rule out. What is booked stays until it is booked anew. Raises NotFound."""
    own_campaign(session, campaign_id, lock=True)
    found = session.get(ShareRule, rule_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound
    session.delete(found)
    audit.record(session, "share_rule.removed", "campaign", campaign_id, payer=found.payer, basis=found.basis,
                 value=found.value)


@dataclass(frozen=True, slots=True)
class Borne:
    """One departure: its cost (the bills where they came, else the plan), and who bears it. `booked`: the shares that
    the ledger holds; `off_by`: fen by which an agreement by hand misses the bill."""

    departure_id: int
    code: str
    date: date
    mode: str
    fen: int
    billed: bool
    cost: Cost
    shares: tuple[Share, ...]
    by_hand: bool
    booked: tuple[Share, ...]
    off_by: int

    @property
    def to_book(self) -> bool:
        """Whether the ledger must follow."""
        return self.billed and not self.off_by and self.shares != self.booked


def borne(session: Session, campaign_id: UUID, only: int | None = None, *, coarse: bool = False) -> list[Borne]:
    """Every departure with its cost and who bears it, by day; what was called off counts what it really cost.

    `coarse`: employers and workers stand under their district instead of each under his firm, for sums over a campaign.
    """
    counts = (Departure.state != "called_off") | DepartureCost.actual_fen.is_not(None)
    mine = (Departure.campaign_id == campaign_id, *((Departure.id == only,) if only else ()))
    rows = session.execute(
        select(Departure.id, Departure.code, Departure.date, Departure.mode, Departure.state, Corridor.distance_km,
               func.sum(func.coalesce(DepartureCost.actual_fen, DepartureCost.planned_fen)).label("fen"),
               func.sum(DepartureCost.actual_fen).label("actual"),
               func.bool_and(DepartureCost.actual_fen.is_not(None) | (DepartureCost.planned_fen == 0)).label("billed"))
        .join(DepartureCost, DepartureCost.departure_id == Departure.id)
        .join(Corridor, Corridor.id == Departure.corridor_id).where(*mine, counts)
        .group_by(Departure.id, Corridor.distance_km).order_by(Departure.date, Departure.code)).all()
    rules, heads = rules_of(session, campaign_id), _heads(session, mine, coarse)
    hand, booked = _by_hand(session, campaign_id, coarse), _booked(session, campaign_id, only, coarse)
    found = []
    for row in rows:
        cost = Cost(int(row.fen or 0), row.mode, row.distance_km, tuple(heads[row.id]))
        agreed = tuple(hand.get(row.id, ()))
        off = cost.fen - sum(one.fen for one in agreed) if agreed else 0
        found.append(Borne(row.id, row.code, row.date, row.mode, cost.fen, bool(row.billed and row.actual), cost,
                           agreed or shares(cost, rules), bool(agreed), booked.get(row.id, ()), off))
    return found


def _heads(session: Session, mine: Sequence[ColumnElement[bool]], coarse: bool) -> Mapping[int, list[Heads]]:
    """Who rides by employer: those who got on where it has left, else those who hold a seat."""
    people = func.count().filter(Departure.state.not_in(GONE) | Booking.boarded_at.is_not(None))
    party = Employer.district_id if coarse else Employer.id
    rows = session.execute(
        select(Departure.id, party, Employer.district_id, people)
        .join(Booking, Booking.departure_id == Departure.id)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Employer, Employer.id == Registration.employer_id)
        .where(*mine, Booking.state.in_(LIVING)).group_by(Departure.id, party, Employer.district_id)
        .order_by(Departure.id, party))
    found: dict[int, list[Heads]] = defaultdict(list)
    for departure, firm, district, count in rows:
        if count:
            found[departure].append(Heads(firm, district, count))
    return found


def _by_hand(session: Session, campaign_id: UUID, coarse: bool) -> dict[int, tuple[Share, ...]]:
    """What was agreed by hand, by departure."""
    party = func.coalesce(Employer.district_id, ShareByHand.party_id) if coarse else ShareByHand.party_id
    return _by_departure(session.execute(
        select(ShareByHand.departure_id, ShareByHand.payer, party, func.sum(ShareByHand.fen))
        .join(Departure, Departure.id == ShareByHand.departure_id)
        .outerjoin(Employer, Employer.id == ShareByHand.party_id)
        .where(Departure.campaign_id == campaign_id)
        .group_by(ShareByHand.departure_id, ShareByHand.payer, party)))


def _by_departure(rows: Iterable[Any]) -> dict[int, tuple[Share, ...]]:
    found: dict[int, list[Share]] = defaultdict(list)
    for departure, payer, party, fen in rows:
        found[departure].append(Share(payer, party, int(fen)))
    return {key: tuple(sorted(value, key=lambda one: (PAYERS.index(one.payer), one.party.int if one.party else 0)))
            for key, value in found.items()}


def _booked(session: Session, campaign_id: UUID, only: int | None, coarse: bool) -> dict[int, tuple[Share, ...]]:
    """The shares that the ledger holds, by departure: sums over entries and what took them back."""
    party = func.coalesce(Employer.district_id, LedgerAccount.party_id) if coarse else LedgerAccount.party_id
    query = (select(LedgerEntry.departure_id, LedgerAccount.item, party, func.sum(LedgerLine.fen))
             .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
             .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
             .outerjoin(Employer, Employer.id == LedgerAccount.party_id)
             .where(LedgerEntry.campaign_id == campaign_id, LedgerAccount.kind == "due",
                    LedgerEntry.departure_id.is_not(None))
             .group_by(LedgerEntry.departure_id, LedgerAccount.item, party)
             .having(func.sum(LedgerLine.fen) != 0))
    return _by_departure(session.execute(query if only is None else query.where(LedgerEntry.departure_id == only)))


def book(session: Session, campaign_id: UUID) -> int:
    """Bring the shares in the ledger to what bills, rules and agreements say now; how many departures changed."""
    own_campaign(session, campaign_id)
    rows = [row for row in borne(session, campaign_id) if row.to_book]
    earlier = ledger.standing_entries(session, [row.departure_id for row in rows], "share")
    for row in rows:
        for (departure, _), entry in earlier.items():
            if departure == row.departure_id:
                ledger.reverse(session, entry, "")
        if row.shares:
            lines = [Line(due(one.payer, one.party), one.fen) for one in row.shares]
            ledger.post(session, campaign_id, "share", [*lines, Line(BORNE, -row.fen)],
                        ledger.Said(departure_id=row.departure_id, item="share"))
    if rows:
        audit.record(session, "shares.booked", "campaign", campaign_id, departures=len(rows))
    return len(rows)


def set_by_hand(session: Session, departure_id: int, agreed: Sequence[Share]) -> None:
    """Agree the shares of one departure beside the rules; none gives it back to them.

    Raises NotFound, Invalid where they are not its cost.
    """
    departure = own_departure(session, departure_id, lock=True)
    found = borne(session, departure.campaign_id, departure_id)
    wanted = [one for one in agreed if one.fen]
    total, cost = sum(one.fen for one in wanted), found[0].fen if found else 0
    if wanted and total != cost:
        message = N_("各方合计 %(total)s 元，应当等于费用 %(cost)s 元")
        params = {"total": money.yuan(total), "cost": money.yuan(cost)}
        raise Invalid(errors=[FieldProblem("share_city", "sum_differs", message, params)])
    session.execute(delete(ShareByHand).where(ShareByHand.departure_id == departure_id))
    session.add_all(ShareByHand(departure_id=departure_id, payer=one.payer, party_id=one.party, fen=one.fen)
                    for one in wanted)
    audit.record(session, "shares.by_hand", "departure", departure_id, parties=len(wanted))
