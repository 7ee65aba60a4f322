"""What each departure costs. Whole fen, no names."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["DepartureCost"]


class DepartureCost(Base):
    """One cost line of a departure: charter, meals, insurance, tolls, other; planned, and actual once it is known."""

    __tablename__ = "departure_cost"
    __table_args__ = (UniqueConstraint("departure_id", "kind"),
                      CheckConstraint("planned_fen >= 0 AND (actual_fen IS NULL OR actual_fen >= 0)", name="amounts"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"))
    kind: Mapped[str] = mapped_column(String(16))
    planned_fen: Mapped[int] = mapped_column(BigInteger)
    actual_fen: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(200), default="")
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now, onupdate=clock.now)
