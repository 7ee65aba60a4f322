"""Tables of charter contracts and of settlements with carriers."""

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
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["CharterContract", "ContractDeparture", "Settlement", "SettlementLine"]


class CharterContract(Base):
    """A contract with a carrier: its number, how many quotes were had, and why only one where it was one."""

    __tablename__ = "charter_contract"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),
                      CheckConstraint("quotes > 1 OR why_one <> ''", name="quotes"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    carrier_id: Mapped[UUID] = mapped_column(ForeignKey("carrier.id"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date] = mapped_column(Date)
    quotes: Mapped[int] = mapped_column(SmallInteger)
    why_one: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class ContractDeparture(Base):
    """A departure that a contract covers, and its price: the whole vehicle for one sum, whole fen."""

    __tablename__ = "contract_departure"
    __table_args__ = (CheckConstraint("fen >= 0", name="fen"),)

    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), primary_key=True, autoincrement=False)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("charter_contract.id"), index=True)
    fen: Mapped[int] = mapped_column(BigInteger)


class Settlement(Base):
    """What a carrier is paid for trips that were made: frozen, with a digest of its lines."""

    __tablename__ = "settlement"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),
                      CheckConstraint("state IN ('made', 'paid', 'reversed')", name="state"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    carrier_id: Mapped[UUID] = mapped_column(ForeignKey("carrier.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8), default="made")
    fen: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    made_by: Mapped[str] = mapped_column(String(64))
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_entry.id"))  # the payment
    reason: Mapped[str] = mapped_column(String(200), default="")  # why it was taken back


class SettlementLine(Base):
    """One trip of a settlement: contract price and bill in whole fen, seats as sold and as used, and the manifest as it
    was sealed. A trip stands in one living settlement at most."""

    __tablename__ = "settlement_line"
    __table_args__ = (Index("uq_settlement_line_living", "departure_id", unique=True, postgresql_where=text("living")),)

    settlement_id: Mapped[UUID] = mapped_column(ForeignKey("settlement.id"), primary_key=True)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), primary_key=True, autoincrement=False)
    living: Mapped[bool] = mapped_column(default=True)
    contract_fen: Mapped[int | None] = mapped_column(BigInteger)
    fen: Mapped[int] = mapped_column(BigInteger)
    seats: Mapped[int]
    sold: Mapped[int]
    rode: Mapped[int]
    manifest_version: Mapped[int] = mapped_column(BigInteger)
    manifest_digest: Mapped[bytes] = mapped_column(LargeBinary)
