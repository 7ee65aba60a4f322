"""Keys of boarding passes. The pass itself is no row: it is rendered from a booking's revision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base

__all__ = ["PassKey"]


class PassKey(Base):
    """A P-256 key of one campaign; one signs at a time. `public` is x | y (64 bytes), `private` is wrapped."""

    __tablename__ = "pass_key"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 65535", name="number"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    private_wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    sign_from: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    sign_until: Mapped[datetime | None]
    verify_until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
