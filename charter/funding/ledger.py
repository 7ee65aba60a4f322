"""The ledger: entries are posted and taken back, never edited; every figure is a sum of their lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from charter.core import audit, clock, locks
from charter.core.actor import current
from charter.core.ids import new_uuid
from charter.core.problems import NotFound
from charter.funding.models import LedgerAccount, LedgerEntry, LedgerLine
from charter.funding.problems import AlreadyReversed
from charter.funding.rules import ledger as rules

__all__ = ["Said", "follow_bill", "lines_of", "post", "reverse", "standing", "standing_entries"]


@dataclass(frozen=True, slots=True)
class Said:
    """What is written beside an entry's lines; `day` is today unless the voucher says another."""

    departure_id: int | None = None
    settlement_id: UUID | None = None
    item: str = ""
    document: str = ""
    note: str = ""
    day: date | None = None
    reverses_id: UUID | None = None


def post(session: Session, campaign_id: UUID, kind: str, lines: Iterable[rules.Line], said: Said | None = None) -> UUID:
    """Write an entry; its id. Numbers run without gaps. Raises `rules.Unbalanced` for lines that are no entry."""
    checked, said = rules.entry_lines(lines), said or Said()
    locks.take(session, "ledger", [campaign_id])
    known = _accounts(session, campaign_id, [line.account for line in checked])
    number = session.scalar(select(func.coalesce(func.max(LedgerEntry.number), 0) + 1).where(
        LedgerEntry.campaign_id == campaign_id))
    made = LedgerEntry(
        id=new_uuid(), campaign_id=campaign_id, number=number, kind=kind, item=said.item, day=said.day or clock.today(),
        departure_id=said.departure_id, settlement_id=said.settlement_id, document=said.document, note=said.note,
        reverses_id=said.reverses_id, booked_by=current().caller[:64])
    session.add(made)
    session.flush()
    session.add_all(LedgerLine(entry_id=made.id, seq=seq, account_id=known[line.account], fen=line.fen)
                    for seq, line in enumerate(checked, 1))
    session.flush()
    audit.record(session, f"ledger.{kind}", "ledger_entry", made.id, number=number,
                 fen=sum(line.fen for line in checked if line.fen > 0))
    return made.id


def _accounts(session: Session, campaign_id: UUID, wanted: Sequence[rules.Account]) -> dict[rules.Account, UUID]:
    """The accounts' ids; made where they have not been. Called under the ledger's lock."""
    rows = session.scalars(select(LedgerAccount).where(LedgerAccount.campaign_id == campaign_id))
    known = {rules.Account(row.kind, row.item, row.party_id): row.id for row in rows}
    for account in wanted:
        if account not in known:
            made = LedgerAccount(id=new_uuid(), campaign_id=campaign_id, kind=account.kind, item=account.item,
                                 party_id=account.party)
            session.add(made)
            known[account] = made.id
    session.flush()
    return known


def lines_of(session: Session, entry_id: UUID) -> tuple[rules.Line, ...]:
    """The lines of an entry in their order."""
    rows = session.execute(
        select(LedgerAccount.kind, LedgerAccount.item, LedgerAccount.party_id, LedgerLine.fen)
        .join(LedgerLine, LedgerLine.account_id == LedgerAccount.id).where(LedgerLine.entry_id == entry_id)
        .order_by(LedgerLine.seq))
    return tuple(rules.Line(rules.Account(kind, item, party), fen) for kind, item, party, fen in rows)


def reverse(session: Session, entry_id: UUID, note: str) -> UUID:
    """Take an entry back by its mirror; the mirror's id. Raises NotFound, AlreadyReversed."""
    found = session.get(LedgerEntry, entry_id)
    if found is None or current().scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    locks.take(session, "ledger", [found.campaign_id])
    taken = session.scalar(select(LedgerEntry.id).where(LedgerEntry.reverses_id == entry_id))
    if taken is not None or found.reverses_id is not None:
        raise AlreadyReversed
    return post(session, found.campaign_id, "reversal", rules.mirrored(lines_of(session, entry_id)), Said(
        departure_id=found.departure_id, settlement_id=found.settlement_id, item=found.item, note=note,
        reverses_id=entry_id))


def standing_entries(session: Session, departure_ids: Iterable[int], kind: str) -> dict[tuple[int, str], UUID]:
    """The entries of a kind that nobody has taken back, by departure and item."""
    undone = aliased(LedgerEntry)
    rows = session.execute(
        select(LedgerEntry.departure_id, LedgerEntry.item, LedgerEntry.id)
        .outerjoin(undone, undone.reverses_id == LedgerEntry.id)
        .where(LedgerEntry.departure_id.in_(list(departure_ids)), LedgerEntry.kind == kind, undone.id.is_(None)))
    return {(departure, item): entry for departure, item, entry in rows if departure is not None}


def standing(session: Session, departure_id: int, kind: str, item: str) -> UUID | None:
    """The entry of a departure that nobody has taken back."""
    return standing_entries(session, [departure_id], kind).get((departure_id, item))


def follow_bill(session: Session, campaign_id: UUID, departure_id: int, carrier: UUID | None, item: str,
                fen: int | None) -> None:
    """Bring the ledger to what a bill says now: the earlier entry is taken back, a new one posted."""
    earlier = standing(session, departure_id, "bill", item)
    if earlier is not None:
        if fen and lines_of(session, earlier)[0].fen == fen:
            return
        reverse(session, earlier, "")
    if fen:
        owed = rules.carrier(carrier if item == "charter" else None)
        post(session, campaign_id, "bill", (rules.Line(rules.cost(item), fen), rules.Line(owed, -fen)),
             Said(departure_id=departure_id, item=item))
