"""Tables of plans: a run of the planner over a campaign, its instance and its result."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["FINISHED", "PLAN_STATES", "Plan"]

PLAN_STATES = ("queued", "running", "done", "stopped", "failed", "published")
FINISHED = ("done", "stopped")  # it has ended with a result, and waits to be published


class Plan(Base):
    """One planning run. `instance_gz` and `plan_gz` hold the files of the planning contract, gzip, ids only.

    The feeders of its flights and trains are an instance and a plan of their own, made from the first.
    """

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("state IN ('" + "','".join(PLAN_STATES) + "')", name="state"),
                      Index("ix_plan_campaign", "campaign_id", "created_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    state: Mapped[str] = mapped_column(String(12), default="queued")
    name: Mapped[str] = mapped_column(String(80), default="")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # time_limit_s, seed, workers ...
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    best: Mapped[float | None]
    bound: Mapped[float | None]
    gap: Mapped[float | None]
    stop_wanted: Mapped[bool] = mapped_column(default=False)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    left_behind: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # registration id, code, message
    failure: Mapped[str] = mapped_column(String(500), default="")
    inputs_digest: Mapped[str] = mapped_column(String(64), default="")  # of the departures it was made from
    instance_gz: Mapped[bytes | None] = mapped_column(LargeBinary)
    plan_gz: Mapped[bytes | None] = mapped_column(LargeBinary)
    feeder_instance_gz: Mapped[bytes | None] = mapped_column(LargeBinary)
    feeder_plan_gz: Mapped[bytes | None] = mapped_column(LargeBinary)
    history: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))  # [s, best, bound]
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(64))
