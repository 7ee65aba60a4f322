"""Cases of the duty desk, and every word that was written: insert only but for the paper of a verbal approval."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["DutyCase", "DutyEntry"]


class DutyCase(Base):
    """Something that went wrong: which departures, how many people aboard or waiting, who owns it until when."""

    __tablename__ = "duty_case"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),
                      CheckConstraint("kind IN ('vehicle', 'people', 'road', 'medical', 'carrier', 'other')",
                                      name="kind"),
                      CheckConstraint("aboard >= 0 AND waiting >= 0", name="people"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(80))
    departures: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    aboard: Mapped[int] = mapped_column(Integer, default=0)
    waiting: Mapped[int] = mapped_column(Integer, default=0)
    owner: Mapped[str] = mapped_column(String(80))
    answer_by: Mapped[datetime]
    extra_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    closed_at: Mapped[datetime | None]


class DutyEntry(Base):
    """One line of the shift's log, of a case or of none. `said_by`: on whose word; an approval without `paper` was only
    spoken, and stays listed until its paper is there.
    """

    __tablename__ = "duty_entry"
    __table_args__ = (CheckConstraint("kind IN ('note', 'decision', 'approval', 'handover')", name="kind"),
                      Index("ix_duty_entry_at", "campaign_id", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("duty_case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(1000))
    said_by: Mapped[str] = mapped_column(String(80), default="")
    paper: Mapped[str] = mapped_column(String(80), default="")
    paper_at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
