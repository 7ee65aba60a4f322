"""Tables of who bears what: rules, amounts by hand, budgets by source, subsidies of employers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["Budget", "EmployerSubsidy", "ShareByHand", "ShareRule"]

PAYER = "payer IN ('city', 'district', 'employer', 'worker')"


class ShareRule(Base):
    """One line of the agreement on who bears what; `seq` is their order. `value`: fen, or hundredths of a per cent."""

    __tablename__ = "share_rule"
    __table_args__ = (
        CheckConstraint(PAYER, name="payer"),
        CheckConstraint("basis IN ('vehicle', 'head', 'percent', 'rest')", name="basis"),
        CheckConstraint("value >= 0 AND (basis <> 'percent' OR value <= 10000)", name="value"),
        CheckConstraint("min_km >= 0 AND (max_km IS NULL OR max_km > min_km)", name="band"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    seq: Mapped[int] = mapped_column(SmallInteger)
    payer: Mapped[str] = mapped_column(String(8))
    basis: Mapped[str] = mapped_column(String(8))
    value: Mapped[int] = mapped_column(BigInteger, default=0)
    mode: Mapped[str] = mapped_column(String(8), default="")
    min_km: Mapped[int] = mapped_column(default=0)
    max_km: Mapped[int | None]
    document: Mapped[str] = mapped_column(String(80), default="")  # the ordering document
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class ShareByHand(Base):
    """What was agreed for one departure beside the rules; all its rows together are its cost."""

    __tablename__ = "share_by_hand"
    __table_args__ = (CheckConstraint(PAYER, name="payer"), CheckConstraint("fen > 0", name="fen"),
                      UniqueConstraint("departure_id", "payer", "party_id", postgresql_nulls_not_distinct=True))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"))
    payer: Mapped[str] = mapped_column(String(8))
    party_id: Mapped[UUID | None]
    fen: Mapped[int] = mapped_column(BigInteger)


class Budget(Base):
    """What a source gives at most: the city, one district, all employers, all workers. The whole is the campaign's."""

    __tablename__ = "budget"
    __table_args__ = (CheckConstraint(PAYER, name="payer"), CheckConstraint("fen >= 0", name="fen"),
                      UniqueConstraint("campaign_id", "payer", "party_id", postgresql_nulls_not_distinct=True))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    payer: Mapped[str] = mapped_column(String(8))
    party_id: Mapped[UUID | None]
    fen: Mapped[int] = mapped_column(BigInteger)


class EmployerSubsidy(Base):
    """What an employer is given, for so many people brought; the entry that says so, and the one that took it back."""

    __tablename__ = "employer_subsidy"
    __table_args__ = (CheckConstraint("fen > 0 AND people >= 0", name="amounts"),
                      Index("ix_employer_subsidy_campaign", "campaign_id", "employer_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    employer_id: Mapped[UUID] = mapped_column(ForeignKey("employer.id"))
    people: Mapped[int]
    fen: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[str] = mapped_column(String(80), default="")
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entry.id"))
    reversal_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_entry.id"))
