"""The outbox: messages written inside the act that causes them, sent after it; texts are sealed, gone once sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["Outbox"]


class Outbox(Base):
    """One message to one phone. `unique_key` is (event, recipient, revision): no message is written twice."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("unique_key"),
                      CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name="state"),
                      Index("ix_outbox_state", "state", "next_try_at"),
                      Index("ix_outbox_phone", "phone_tag", "created_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    unique_key: Mapped[str] = mapped_column(String(160))
    template: Mapped[str] = mapped_column(String(40))
    campaign_id: Mapped[UUID | None]
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_tag: Mapped[bytes] = mapped_column(LargeBinary)
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    gateway_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    next_try_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    sent_at: Mapped[datetime | None]
