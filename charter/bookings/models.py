"""Tables of seats. The database itself refuses to sell a seat twice or to seat a person in two places at once.

`slot` numbers the sellable places of a departure from 1; a living booking owns its slot, so neither a numbered seat
nor a carrier's uncounted one can be oversold. A trigger raises `revision` whenever departure,
seat or stop of a living booking changes, and keeps each revision in `booking_revision`, from which passes are rendered.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import INT8RANGE, TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_serial

__all__ = ["IS_LIVING", "LIVING", "Booking", "BookingRevision"]

LIVING = ("held", "confirmed")
IS_LIVING = text("state IN ('held', 'confirmed')")


class Booking(Base):
    """A place on a departure for one registration. The id is the random 63-bit serial of the pass.

    States held, confirmed, cancelled, expired; a held one past `hold_expires_at` counts as expired everywhere.
    `seat` is the text as printed, null where the carrier gives it and has not yet.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("state IN ('held', 'confirmed', 'cancelled', 'expired')", name="state"),
        CheckConstraint("(state = 'held') = (hold_expires_at IS NOT NULL)", name="hold"),
        CheckConstraint("slot >= 1 AND revision BETWEEN 1 AND 65535", name="numbers"),
        ForeignKeyConstraint(["campaign_id", "registration_id"], ["registration.campaign_id", "registration.id"]),
        Index("uq_booking_slot", "campaign_id", "departure_id", "slot", unique=True, postgresql_where=IS_LIVING),
        Index("uq_booking_seat", "campaign_id", "departure_id", "seat", unique=True,
              postgresql_where=text("state IN ('held', 'confirmed') AND seat IS NOT NULL")),
        ExcludeConstraint(("person", "&&"), ("during", "&&"), name="ex_booking_overlap", using="gist",
                          where=IS_LIVING),
        Index("ix_booking_registration", "campaign_id", "registration_id"),
        Index("ix_booking_departure", "departure_id"),
        Index("ix_booking_id", "id", unique=True),
    )

    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy reads the plain dict

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=new_serial)
    registration_id: Mapped[UUID]
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"))
    worker_number: Mapped[int] = mapped_column(BigInteger)
    person: Mapped[Any] = mapped_column(
        INT8RANGE, Computed("int8range(worker_number, worker_number, '[]'::text)", persisted=True))
    during: Mapped[Any] = mapped_column(TSTZRANGE)
    stop_id: Mapped[UUID | None] = mapped_column(ForeignKey("stop.id"))
    slot: Mapped[int] = mapped_column(Integer)
    seat: Mapped[str | None] = mapped_column(String(12))
    lap_children: Mapped[int] = mapped_column(SmallInteger, default=0)
    state: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(Integer, default=1)
    hold_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    boarded_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]


class BookingRevision(Base):
    """What a confirmed booking said at each revision; written by the trigger, read by passes and manifests.

    `reported_at`: the owner said that strangers saw this pass; it is revoked then.
    """

    __tablename__ = "booking_revision"

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    departure_id: Mapped[int] = mapped_column(BigInteger, index=True)
    seat: Mapped[str | None] = mapped_column(String(12))
    slot: Mapped[int] = mapped_column(Integer)
    lap_children: Mapped[int] = mapped_column(SmallInteger)
    planned_at: Mapped[datetime]  # the departure's planned time when this revision was made: the pass's window
    made_at: Mapped[datetime]
    reported_at: Mapped[datetime | None]
