"""The ledger as it is read: balances of accounts, the entries behind each, one entry; receipts and payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from charter.campaigns.models import Campaign, Carrier
from charter.core.actor import Actor, Role
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.funding import ledger
from charter.funding.models import LedgerAccount, LedgerEntry, LedgerLine
from charter.funding.problems import TooMuch
from charter.funding.rules.ledger import BANK, Account, Line
from charter.people.models import District, Employer

__all__ = ["Balance", "EntryRow", "LineRow", "account", "balances", "entries", "entry", "every_line", "own",
           "parties", "settle_account"]

OWED = ("carrier", "aid", "travel")  # what the campaign owes; "due" is what it is owed


@dataclass(frozen=True, slots=True)
class Balance:
    """An account with its sum in whole fen (debit above 0), both sides of it, and how many entries."""

    id: UUID
    kind: str
    item: str
    party_id: UUID | None
    fen: int
    debit: int
    credit: int
    entries: int

    @property
    def open_fen(self) -> int:
        """What is still to be received, or to be paid; 0 for accounts of neither kind."""
        return self.fen if self.kind == "due" else -self.fen if self.kind in OWED else 0


def own(actor: Actor) -> ColumnElement[bool]:
    """The accounts that a reader sees: a district organizer what its district, its employers and their workers bear."""
    if actor.role != Role.DISTRICT_ORGANIZER:
        return true()
    district = UUID(actor.scope("district") or "00000000-0000-0000-0000-000000000000")
    firms = select(Employer.id).where(Employer.district_id == district)
    its_own = (LedgerAccount.kind == "due") & (LedgerAccount.item == "district")
    return or_(its_own & (LedgerAccount.party_id == district),
               LedgerAccount.kind.in_(("due", "aid")) & LedgerAccount.item.in_(("employer", "worker", ""))
               & LedgerAccount.party_id.in_(firms))


def balances(session: Session, campaign_id: UUID, which: ColumnElement[bool] | None = None) -> list[Balance]:
    """The accounts of a campaign with their sums."""
    rows = session.execute(
        select(LedgerAccount.id, LedgerAccount.kind, LedgerAccount.item, LedgerAccount.party_id,
               func.coalesce(func.sum(LedgerLine.fen), 0),
               func.coalesce(func.sum(LedgerLine.fen).filter(LedgerLine.fen > 0), 0),
               func.coalesce(-func.sum(LedgerLine.fen).filter(LedgerLine.fen < 0), 0), func.count(LedgerLine.fen))
        .outerjoin(LedgerLine, LedgerLine.account_id == LedgerAccount.id)
        .where(LedgerAccount.campaign_id == campaign_id, true() if which is None else which)
        .group_by(LedgerAccount.id).order_by(LedgerAccount.kind, LedgerAccount.item, LedgerAccount.party_id))
    return [Balance(key, kind, item, party, int(fen), int(debit), int(credit), count)
            for key, kind, item, party, fen, debit, credit, count in rows]


def account(session: Session, actor: Actor, account_id: UUID) -> tuple[Balance, UUID]:
    """One account and its campaign. Raises NotFound."""
    found = session.scalar(select(LedgerAccount).where(LedgerAccount.id == account_id, own(actor)))
    if found is None or actor.scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    return balances(session, found.campaign_id, LedgerAccount.id == account_id)[0], found.campaign_id


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry, with the fen of the account that is looked at (else the sum of its debits), and its mirror's number."""

    id: UUID
    number: int
    day: date
    kind: str
    item: str
    departure_id: int | None
    settlement_id: UUID | None
    document: str
    note: str
    fen: int
    reverses: int | None
    reversed_by: int | None


def entries(session: Session, campaign_id: UUID, *, account_id: UUID | None = None, departure_id: int | None = None,
            kind: str = "", limit: int = 100, offset: int = 0) -> list[EntryRow]:
    """Entries, the newest first; one more than wanted."""
    mirror, origin = aliased(LedgerEntry), aliased(LedgerEntry)
    line = LedgerLine.account_id == account_id if account_id else LedgerLine.fen > 0
    query = (select(LedgerEntry, func.sum(LedgerLine.fen), origin.number, mirror.number)
             .join(LedgerLine, (LedgerLine.entry_id == LedgerEntry.id) & line)
             .outerjoin(origin, origin.id == LedgerEntry.reverses_id)
             .outerjoin(mirror, mirror.reverses_id == LedgerEntry.id)
             .where(LedgerEntry.campaign_id == campaign_id)
             .group_by(LedgerEntry.id, origin.number, mirror.number))
    if departure_id is not None:
        query = query.where(LedgerEntry.departure_id == departure_id)
    if kind:
        query = query.where(LedgerEntry.kind == kind)
    rows = session.execute(query.order_by(LedgerEntry.number.desc()).limit(limit + 1).offset(offset))
    return [EntryRow(row.id, row.number, row.day, row.kind, row.item, row.departure_id, row.settlement_id, row.document,
                     row.note, int(fen), reverses, reversed_by) for row, fen, reverses, reversed_by in rows]


def entry(session: Session, actor: Actor, entry_id: UUID) -> tuple[LedgerEntry, tuple[Line, ...], int | None]:
    """One entry, its lines, and the number of the entry that took it back. Raises NotFound."""
    found = session.get(LedgerEntry, entry_id)
    if found is None or actor.scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    mirror = session.scalar(select(LedgerEntry.number).where(LedgerEntry.reverses_id == entry_id))
    return found, ledger.lines_of(session, entry_id), mirror


def parties(session: Session, ids: set[UUID | None]) -> dict[UUID | None, tuple[str, str]]:
    """Names of districts, employers and carriers, Chinese and English."""
    known: dict[UUID | None, tuple[str, str]] = {}
    for query in (select(District.id, District.name, District.name_en), select(Carrier.id, Carrier.name,
                                                                             Carrier.name_en),
                  select(Employer.id, Employer.name, Employer.name)):
        column = query.selected_columns[0]
        for key, name, name_en in session.execute(query.where(column.in_([one for one in ids if one]))):
            known[key] = (name, name_en or name)
    return known


def settle_account(session: Session, actor: Actor, account_id: UUID, fen: int, document: str, day: date) -> UUID:
    """Money came in on what is due, or went out on what is owed, by this voucher; the entry's id.

    Raises NotFound, Invalid, TooMuch where it is more than is open.
    """
    found, campaign_id = account(session, actor, account_id)
    if found.kind not in ("due", "aid", "travel", "carrier"):
        raise NotFound
    if fen <= 0:
        raise Invalid(errors=[FieldProblem("fen", "invalid", N_("请填写金额，最多两位小数"))])
    session.get_one(Campaign, campaign_id, with_for_update=True)
    found, _ = account(session, actor, account_id)
    if fen > found.open_fen:
        raise TooMuch
    side = -fen if found.kind == "due" else fen
    return ledger.post(session, campaign_id, "receipt" if found.kind == "due" else "payment",
                       (Line(Account(found.kind, found.item, found.party_id), side), Line(BANK, -side)),
                       ledger.Said(document=document, day=day))


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the ledger with its entry, whole fen; `reverses` is the number of the entry that it takes back."""

    number: int
    day: date
    kind: str
    account: Account
    fen: int
    document: str
    reverses: int | None


def every_line(session: Session, campaign_id: UUID) -> list[LineRow]:
    """Every line of a campaign's ledger, by number."""
    origin = aliased(LedgerEntry)
    rows = session.execute(
        select(LedgerEntry.number, LedgerEntry.day, LedgerEntry.kind, LedgerAccount.kind, LedgerAccount.item,
               LedgerAccount.party_id, LedgerLine.fen, LedgerEntry.document, origin.number)
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .outerjoin(origin, origin.id == LedgerEntry.reverses_id)
        .where(LedgerEntry.campaign_id == campaign_id).order_by(LedgerEntry.number, LedgerLine.seq))
    return [LineRow(number, day, kind, Account(account_kind, item, party), fen, document, reverses)
            for number, day, kind, account_kind, item, party, fen, document, reverses in rows]
