"""Tables of people and organizations. ID numbers and phones stand sealed, and are found by keyed tags."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid
from charter.people.rules.pinyin import spelled

__all__ = ["District", "Employer", "Partner", "Union", "Worker", "WorkerDocument"]


class Union(Base):
    """A federation of trade unions: the city's, or a district's under it."""

    __tablename__ = "trade_union"
    __table_args__ = (CheckConstraint("kind IN ('city', 'district')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("trade_union.id"))
    hotline: Mapped[str] = mapped_column(String(20))


class District(Base):
    """A district of the destination city, under its district federation."""

    __tablename__ = "district"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80))
    union_id: Mapped[UUID] = mapped_column(ForeignKey("trade_union.id"))


class Employer(Base):
    """A firm, shop or body that employs workers. The credit code (GB 32100) may come later."""

    __tablename__ = "employer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    name: Mapped[str] = mapped_column(String(120), index=True)
    name_pinyin: Mapped[str] = mapped_column(String(400), default="")
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    district_id: Mapped[UUID] = mapped_column(ForeignKey("district.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    gate_lon: Mapped[float | None]
    gate_lat: Mapped[float | None]
    contact_name: Mapped[str] = mapped_column(String(50), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class Partner(Base):
    """An origin county's HR bureau or a liaison office: hands in and sees only its own people."""

    __tablename__ = "partner"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default="hr_bureau")
    divisions: Mapped[list[str]] = mapped_column(ARRAY(String(6)))


def _spelled_name(context: Any) -> str:
    return spelled(context.get_current_parameters()["name"] or "")


class Worker(Base):
    """A person. `number` is a small key for range constraints; the phone is sealed, its tag finds it.

    `birth_date` and `child` are derived from the document, never typed; `name_pinyin` follows the name.
    `household_book` marks a child without a card.
    """

    __tablename__ = "worker"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    name_pinyin: Mapped[str] = mapped_column(String(200), default=_spelled_name, server_default="")
    birth_date: Mapped[date | None] = mapped_column(Date)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_tag: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    phone_proven_at: Mapped[datetime | None]
    household_book: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    erased_at: Mapped[datetime | None]


class WorkerDocument(Base):
    """One identity document of a worker; several may belong to one person. The tag is of the canonical number."""

    __tablename__ = "worker_document"
    __table_args__ = (UniqueConstraint("tag"), Index("ix_worker_document_last_four", "last_four"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    id_type: Mapped[str] = mapped_column(String(20))
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    tag: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_four: Mapped[str] = mapped_column(String(4))
    confirmed: Mapped[bool] = mapped_column(default=True)  # False: an upgraded 15-digit number, not yet confirmed
