"""Budgets by source: what each gives at most, what the plan takes of it, what is booked; warnings before it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.campaigns.setting_up import own_campaign
from charter.core import audit, money
from charter.core.forms import still
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid
from charter.funding import sharing
from charter.funding.models import Budget, LedgerAccount, LedgerEntry, LedgerLine
from charter.funding.rules.shares import Cost, Share, shares
from charter.people.models import District

__all__ = ["Source", "Warned", "budget_texts", "set_budgets", "sources", "warnings"]

Key = tuple[str, UUID | None]


@dataclass(frozen=True, slots=True)
class Source:
    """One source of money, whole fen; `party` is a district. `planned`: bills where they came, else the plan."""

    payer: str
    party: UUID | None
    name: str
    name_en: str
    budget: int | None
    planned: int
    booked: int

    @property
    def field(self) -> str:
        """Its field in a form."""
        return f"budget_{self.payer}" + (f"_{self.party}" if self.party else "")

    @property
    def over(self) -> int:
        """By how much the plan is above the budget; 0 where it is not."""
        return max(self.planned - self.budget, 0) if self.budget is not None else 0


def sources(session: Session, campaign_id: UUID, rows: Iterable[sharing.Borne] | None = None) -> list[Source]:
    """The city, each district, all employers, all workers."""
    planned = _summed(one for row in (
        sharing.borne(session, campaign_id, coarse=True) if rows is None else rows)
                      for one in row.shares)
    budgets = _budgets(session, campaign_id)
    booked = _booked(session, campaign_id)
    keys: list[tuple[str, UUID | None, str, str]] = [("city", None, "", "")]
    keys += [("district", row.id, row.name, row.name_en) for row in session.scalars(
        select(District).order_by(District.code))]
    keys += [("employer", None, "", ""), ("worker", None, "", "")]
    return [Source(payer, party, name, name_en, budgets.get((payer, party)), planned.get((payer, party), 0),
                   booked.get((payer, party), 0)) for payer, party, name, name_en in keys]


def _summed(found: Iterable[Share]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for one in found:
        key = (one.payer, one.party if one.payer == "district" else None)
        sums[key] = sums.get(key, 0) + one.fen
    return sums


def _budgets(session: Session, campaign_id: UUID) -> dict[Key, int]:
    return {(row.payer, row.party_id): row.fen for row in session.scalars(
        select(Budget).where(Budget.campaign_id == campaign_id))}


def _booked(session: Session, campaign_id: UUID) -> dict[Key, int]:
    """What payers bear by the ledger, receipts apart: debits of entries of shares."""
    rows = session.execute(
        select(LedgerAccount.item, LedgerAccount.party_id, func.sum(LedgerLine.fen))
        .join(LedgerLine, LedgerLine.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(LedgerAccount.campaign_id == campaign_id, LedgerAccount.kind == "due",
               LedgerEntry.departure_id.is_not(None))
        .group_by(LedgerAccount.item, LedgerAccount.party_id))
    return _summed(Share(item, party, int(fen)) for item, party, fen in rows)


def budget_texts(found: Iterable[Source]) -> dict[str, str]:
    """The fields of the sources' budgets."""
    return {one.field: "" if one.budget is None else money.yuan(one.budget) for one in found}


def set_budgets(session: Session, campaign_id: UUID, wanted: Mapping[str, int | None], was: Mapping[str, str]) -> None:
    """Set what sources give, by field; None is without limit. Raises NotFound, ChangedMeanwhile, Invalid below what is
    booked."""
    own_campaign(session, campaign_id, lock=True)
    found = sources(session, campaign_id)
    still(budget_texts(found), was)
    below = N_("已经入账 %(spent)s 元，预算不能更低")
    wrong = [FieldProblem(one.field, "below_spent", below, {"spent": money.yuan(one.booked)}) for one in found
             if (fen := wanted.get(one.field)) is not None and fen < one.booked]
    if wrong:
        raise Invalid(errors=wrong)
    known = {(row.payer, row.party_id): row for row in session.scalars(
        select(Budget).where(Budget.campaign_id == campaign_id))}
    for one in found:
        fen, row = wanted.get(one.field), known.get((one.payer, one.party))
        if fen is None and row is not None:
            session.delete(row)
        elif fen is not None and row is not None:
            row.fen = fen
        elif fen is not None:
            session.add(Budget(campaign_id=campaign_id, payer=one.payer, party_id=one.party, fen=fen))
    audit.record(session, "budgets.set", "campaign", campaign_id,
                 sources=sum(fen is not None for fen in wanted.values()))


@dataclass(frozen=True, slots=True)
class Warned:
    """A budget that a plan would break, whole fen. `payer` is "" for the campaign's whole budget."""

    payer: str
    name: str
    name_en: str
    budget: int
    planned: int


def warnings(session: Session, campaign: Campaign, more: Iterable[Cost]) -> list[Warned]:
    """The budgets that what stands and `more` (the vehicles of a plan) break together; none where all hold."""
    budgets = _budgets(session, campaign.id)
    if campaign.budget_fen is None and not budgets:
        return []
    costs, rows = list(more), sharing.borne(session, campaign.id, coarse=True)
    found, total = [], sum(row.fen for row in rows) + sum(one.fen for one in costs)
    if campaign.budget_fen is not None and total > campaign.budget_fen:
        found.append(Warned("", "", "", campaign.budget_fen, total))
    rules = sharing.rules_of(session, campaign.id) if budgets else []
    extra = _summed(share for one in costs for share in shares(one, rules)) if budgets else {}
    for one in sources(session, campaign.id, rows) if budgets else ():
        planned = one.planned + extra.get((one.payer, one.party), 0)
        if one.budget is not None and planned > one.budget:
            found.append(Warned(one.payer, one.name, one.name_en, one.budget, planned))
    return found
