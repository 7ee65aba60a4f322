"""The outbox: messages written inside the act that causes them, sent after it; texts are sealed, gone once sent. Beside
it what the provider says of templates, and what people answered.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["Inbound", "Outbox", "TemplateState"]


class Outbox(Base):
    """One message to one phone. `unique_key` is (event, recipient, revision): no message is written twice.

    `about`: what it states the present of; a newer message about the same withdraws it while it is unsent. `listed`:
    its template is not approved, so somebody calls instead. `parts` are paid one by one.
    """

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("unique_key"),
                      CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed', 'withdrawn', 'listed')",
                                      name="state"),
                      Index("ix_outbox_state", "state", "next_try_at"),
                      Index("ix_outbox_phone", "phone_tag", "created_at"),
                      Index("ix_outbox_about", "about", postgresql_where=text("state = 'waiting' AND about <> ''")),
                      Index("ix_outbox_gateway", "gateway_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    unique_key: Mapped[str] = mapped_column(String(160))
    template: Mapped[str] = mapped_column(String(40))
    campaign_id: Mapped[UUID | None]
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_tag: Mapped[bytes] = mapped_column(LargeBinary)
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    values_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # JSON, for providers that take values apart
    about: Mapped[str] = mapped_column(String(60), default="", server_default="")
    parts: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    state: Mapped[str] = mapped_column(String(9), default="waiting")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    gateway_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    next_try_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    receipt: Mapped[str] = mapped_column(String(40), default="", server_default="")  # the provider's code, if it failed
    called_at: Mapped[datetime | None]  # of a listed one: somebody told him by phone


class TemplateState(Base):
    """What the provider says of one template: under which number, and whether it may be sent."""

    __tablename__ = "notice_template"
    __table_args__ = (CheckConstraint("state IN ('draft', 'submitted', 'approved', 'refused')", name="state"),)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(9))
    provider_id: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class Inbound(Base):
    """An answer to a message: 1, 2 or something else. `id` is the provider's, so that none counts twice."""

    __tablename__ = "inbound"
    __table_args__ = (CheckConstraint("said IN ('yes', 'no', 'other')", name="said"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    phone_tag: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    said: Mapped[str] = mapped_column(String(5))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    done_at: Mapped[datetime | None]
