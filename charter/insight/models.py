"""Tables of reports and papers: each issue as it went out, and what was filed for a departure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid
from charter.insight.rules.papers import KINDS

__all__ = ["DeparturePaper", "ReportIssue", "SignExplained"]


class ReportIssue(Base):
    """One issue of the daily brief. Figures are whole numbers, money in whole fen.

    `figures` is everything as counted at `until`; `before` the totals of the issue before it, `again` those totals as
    counted now at the same cut-off: what differs is a correction, and `reasons` says why, by figure.
    Once issued a trigger refuses every change.
    """

    __tablename__ = "report_issue"
    __table_args__ = (UniqueConstraint("campaign_id", "year", "number"),
                      CheckConstraint("state IN ('draft', 'issued')", name="state"),
                      CheckConstraint("(state = 'issued') = (approved_by IS NOT NULL)", name="approved"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int] = mapped_column(Integer)  # from 1 each year
    day: Mapped[date] = mapped_column(Date)
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="draft")
    head: Mapped[str] = mapped_column(String(40))
    office: Mapped[str] = mapped_column(String(60))
    signer: Mapped[str] = mapped_column(String(30), default="")
    story: Mapped[str] = mapped_column(String(2000), default="")
    report_to: Mapped[str] = mapped_column(String(200), default="")  # 报
    send_to: Mapped[str] = mapped_column(String(200), default="")  # 送
    copy_to: Mapped[str] = mapped_column(String(200), default="")  # 发
    copies: Mapped[int] = mapped_column(SmallInteger, default=20)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    again: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reasons: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)  # SHA-256 of what was issued
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None]


class DeparturePaper(Base):
    """A paper of a departure's file, sealed; its digest stays when it is taken out. Type and ending are of its content.
    """

    __tablename__ = "departure_paper"
    __table_args__ = (
        CheckConstraint("kind IN ('" + "','".join(KINDS) + "')", name="kind"),
        CheckConstraint("(content_sealed IS NULL) = (taken_out_at IS NOT NULL)", name="taken_out"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    content_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    taken_out_at: Mapped[datetime | None]
    taken_out_by: Mapped[str | None] = mapped_column(String(64))


class SignExplained(Base):
    """What was said of a sign of invented travel, once, and the paper that shows it."""

    __tablename__ = "sign_explained"

    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    words: Mapped[str] = mapped_column(String(500))
    paper_id: Mapped[UUID] = mapped_column(ForeignKey("departure_paper.id"))
    explained_by: Mapped[str] = mapped_column(String(64))
    explained_at: Mapped[datetime]
