"""Tables of the fixed subsidy for own travel. Claims name people and go with them; the ledger holds sums alone."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["CLAIM_STATES", "TravelBand", "TravelClaim"]

CLAIM_STATES = ("claimed", "confirmed", "paid", "refused", "withdrawn")


class TravelBand(Base):
    """From so many km on this is paid once a person, whole fen."""

    __tablename__ = "travel_band"
    __table_args__ = (CheckConstraint("from_km >= 0 AND fen > 0", name="amounts"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    from_km: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fen: Mapped[int] = mapped_column(BigInteger)


class TravelClaim(Base):
    """A worker's claim. `code` says why it was refused; `employer_id` is whose member he is; `card_tail` the last four
    of his union card; at most one living claim a person and campaign."""

    __tablename__ = "travel_claim"
    __table_args__ = (
        CheckConstraint("state IN ('" + "','".join(CLAIM_STATES) + "')", name="state"),
        CheckConstraint("mode IN ('bus', 'train', 'flight', 'car')", name="mode"),
        Index("uq_travel_claim_person", "campaign_id", "worker_id", unique=True,
              postgresql_where=text("state IN ('claimed', 'confirmed', 'paid')")),
        Index("ix_travel_claim_state", "campaign_id", "state", "made_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    employer_id: Mapped[UUID] = mapped_column(ForeignKey("employer.id"), index=True)
    origin: Mapped[str] = mapped_column(String(6))
    mode: Mapped[str] = mapped_column(String(8))
    travelled_on: Mapped[date] = mapped_column(Date)
    ticket: Mapped[str] = mapped_column(String(40), default="")  # the ticket's number, as printed
    card_tail: Mapped[str] = mapped_column(String(4), default="")
    km: Mapped[int]
    fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default="claimed")
    code: Mapped[str] = mapped_column(String(16), default="")
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(64))
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_entry.id"))
