"""Tables of uploaded lists. The file and each row's content stand sealed, and go after 30 days."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["BATCH_STATES", "RosterBatch", "RosterHeading", "RosterRow"]

BATCH_STATES = ("queued", "reading", "previewed", "committing", "committed", "refused", "failed", "cancelled")


class RosterBatch(Base):
    """One uploaded list of one employer. `summary` and `changes` are the counts of the contract: in `previewed` what a
    commit would do, from `committing` on what it did. `done` of `total` rows are read, or after the preview taken:
    while a list is read `done` is the place at which a new process goes on, and `total` about how many rows there are
    (0 for not known); while it is taken `portions` says which runs of rows are.
    `withdraws` says that the list is the whole one. `sample_sealed`: the first rows of one whose columns nobody knows.
    `shared`: phones that many of its people gave, as {"seq": a row with it, "people": how many, "by": who hands out
    their passes}."""

    __tablename__ = "roster_batch"
    __table_args__ = (CheckConstraint("state IN ('" + "','".join(BATCH_STATES) + "')", name="state"),
                      Index("ix_roster_batch_employer", "campaign_id", "employer_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    employer_id: Mapped[UUID] = mapped_column(ForeignKey("employer.id"))
    source: Mapped[str] = mapped_column(String(12))
    source_id: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    file_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # read only where it is opened
    file_bytes: Mapped[int] = mapped_column(Integer, default=0)
    sample_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    withdraws: Mapped[bool] = mapped_column(default=False)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    portions: Mapped[list[int]] = mapped_column(JSONB, default=list)
    refusal_code: Mapped[str | None] = mapped_column(String(40))
    refusal_message: Mapped[str | None] = mapped_column(String(500))
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    sheets: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    shared: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    previewed_at: Mapped[datetime | None]
    committed_at: Mapped[datetime | None]


class RosterHeading(Base):
    """What an employer's clerk said of a heading that our words do not know, or of a column by its number ("#1") in a
    list without a header; `field` is "" for one that is not read."""

    __tablename__ = "roster_heading"

    employer_id: Mapped[UUID] = mapped_column(ForeignKey("employer.id"), primary_key=True)
    heading: Mapped[str] = mapped_column(String(200), primary_key=True)
    field: Mapped[str] = mapped_column(String(16))


class RosterRow(Base):
    """One row: its verdict in clear (codes only), its content sealed; `change` is what a commit will do, or did.
    `registration_id` is the person's request where there is one."""

    __tablename__ = "roster_row"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("roster_batch.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sheet: Mapped[str] = mapped_column(String(200))
    row: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(12))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # JSON: worker, repairs, problems
    phone_tag: Mapped[bytes | None] = mapped_column(LargeBinary)  # of a good row, to see which phones many share
    change: Mapped[str | None] = mapped_column(String(16))  # new, changed, unchanged, needs_decision
    registration_id: Mapped[UUID | None]
