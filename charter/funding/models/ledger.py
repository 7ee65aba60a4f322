"""Tables of the ledger: insert only. Triggers refuse changes, sums that are not nothing, and late lines."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["ENTRY_KINDS", "LedgerAccount", "LedgerEntry", "LedgerLine"]

ENTRY_KINDS = ("bill", "share", "payment", "receipt", "subsidy", "travel", "reversal")


class LedgerAccount(Base):
    """An account of a campaign; `party_id` names a district, employer or carrier, never a person."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        CheckConstraint("kind IN ('cost', 'due', 'borne', 'carrier', 'aid', 'travel', 'bank')", name="kind"),
        UniqueConstraint("campaign_id", "kind", "item", "party_id", postgresql_nulls_not_distinct=True))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str] = mapped_column(String(8))
    item: Mapped[str] = mapped_column(String(16), default="")
    party_id: Mapped[UUID | None]


class LedgerEntry(Base):
    """One thing that happened to money. Departure and settlement are names, not keys: an entry outlives both.

    `document` is the voucher's number in the federation's own books. A reversal takes back exactly one entry, whole.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('" + "','".join(ENTRY_KINDS) + "')", name="kind"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        UniqueConstraint("campaign_id", "number"), UniqueConstraint("reverses_id"),
        Index("ix_ledger_entry_departure", "departure_id", "kind"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int] = mapped_column(Integer)  # from 1, without gaps
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(8))
    item: Mapped[str] = mapped_column(String(16), default="")
    departure_id: Mapped[int | None] = mapped_column(BigInteger)
    settlement_id: Mapped[UUID | None]
    document: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_entry.id"))
    booked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    booked_by: Mapped[str] = mapped_column(String(64))
    xact: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))


class LedgerLine(Base):
    """One side of an entry, whole fen: above 0 debit, below 0 credit. The lines of an entry sum to nothing."""

    __tablename__ = "ledger_line"
    __table_args__ = (CheckConstraint("fen <> 0", name="fen"), Index("ix_ledger_line_account", "account_id"))

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entry.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_account.id"))
    fen: Mapped[int] = mapped_column(BigInteger)
