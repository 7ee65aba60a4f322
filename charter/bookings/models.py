"""Tables of seats. The database itself refuses to sell a seat twice or to seat a person in two places at once.

`slot` numbers the sellable places of a departure from 1; a living booking owns its slot, so neither a numbered seat
nor a carrier's uncounted one can be oversold. A trigger raises `revision` whenever departure,
seat or stop of a living booking changes, and keeps each revision in `booking_revision`, from which passes are rendered.

An offer of the waiting list is a held booking that names its place in the line (`waiting_id`), so that whatever holds
for a hold holds for an offer. Another trigger lets the line follow: who gets a seat waits no longer, an offer that ends
unconfirmed is declined or lapsed. A third one refuses a step that `rules.line.STEPS` does not know.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT8RANGE, TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_serial, new_uuid

__all__ = ["IN_LINE", "IS_LIVING", "LIVING", "Booking", "BookingRevision", "CarrierName",
           "RoundCall", "SeatWish", "Waiting"]

LIVING = ("held", "confirmed")
IS_LIVING = text("state IN ('held', 'confirmed')")
IN_LINE = text("waiting.state IN ('waiting', 'offered')")  # as the index says it, so that the planner knows it again


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
        ForeignKeyConstraint(["campaign_id", "waiting_id"], ["waiting.campaign_id", "waiting.id"]),
        Index("uq_booking_offer", "campaign_id", "waiting_id", unique=True,
              postgresql_where=text("state = 'held' AND waiting_id IS NOT NULL")),
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
    order_number: Mapped[str] = mapped_column(String(24), server_default="")  # of the carrier's ticket
    lap_children: Mapped[int] = mapped_column(SmallInteger, default=0)
    state: Mapped[str] = mapped_column(String(12))
    waiting_id: Mapped[UUID | None]  # whose turn it was, where the place was offered
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


class Waiting(Base):
    """Somebody's place in the line for a corridor: on any day from `first_day` to `last_day`, at any stop in one of the
    divisions `near` (within `within_km` of his home by road). Who came earlier (`since`) is offered a seat first.

    States waiting, offered, seated, declined, lapsed, left. Rows of one `group_id` are offered places together or not
    at all. `passed` are departures that he did not want. An offer past its booking's expiry counts as lapsed.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'offered', 'seated', 'declined', 'lapsed', 'left')", name="state"),
        CheckConstraint("first_day <= last_day AND within_km BETWEEN 0 AND 200", name="window"),
        CheckConstraint("(state IN ('waiting', 'offered')) = (ended_at IS NULL)", name="ended"),
        ForeignKeyConstraint(["campaign_id", "registration_id"], ["registration.campaign_id", "registration.id"]),
        Index("uq_waiting_person", "campaign_id", "registration_id", "corridor_id", unique=True,
              postgresql_where=text("state IN ('waiting', 'offered')")),
        Index("uq_waiting_offer", "campaign_id", "registration_id", unique=True,
              postgresql_where=text("state = 'offered'")),
        Index("ix_waiting_line", "campaign_id", "corridor_id", "since",
              postgresql_where=text("state IN ('waiting', 'offered')")),
    )

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    registration_id: Mapped[UUID]
    corridor_id: Mapped[UUID] = mapped_column(ForeignKey("corridor.id"))
    group_id: Mapped[UUID]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    within_km: Mapped[int] = mapped_column(SmallInteger)
    near: Mapped[list[str]] = mapped_column(ARRAY(String(6)))
    passed: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    ended_at: Mapped[datetime | None]


class SeatWish(Base):
    """What somebody wishes of a carrier that gives the seats itself; it goes along with the carrier's name list."""

    __tablename__ = "seat_wish"
    __table_args__ = (ForeignKeyConstraint(["campaign_id", "registration_id"],
                                           ["registration.campaign_id", "registration.id"], ondelete="CASCADE"),
                      CheckConstraint("place IN ('any', 'window', 'aisle', 'lower')", name="place"))

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(8))
    together: Mapped[bool]  # beside who travels along
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class CarrierName(Base):
    """How a carrier's system writes a person whose name holds a letter that it cannot write."""

    __tablename__ = "carrier_name"

    carrier_id: Mapped[UUID] = mapped_column(ForeignKey("carrier.id"), primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    spelling: Mapped[str] = mapped_column(String(50))


class RoundCall(Base):
    """Somebody was asked before his departure whether he comes: three days or one day ahead (`days`).

    `revision`: the booking's when he was asked; a later one means that he answered for another trip. `taken_by` calls
    him until `taken_until`, and nobody else meanwhile.
    """

    __tablename__ = "round_call"
    __table_args__ = (CheckConstraint("days IN (1, 3)", name="days"),
                      CheckConstraint("said IN ('', 'yes', 'no', 'call')", name="said"),
                      CheckConstraint("outcome IN ('', 'no_answer', 'wrong_number')", name="outcome"),
                      UniqueConstraint("booking_id", "days"),
                      Index("ix_round_call_registration", "campaign_id", "registration_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID]
    registration_id: Mapped[UUID]
    booking_id: Mapped[int] = mapped_column(BigInteger)
    days: Mapped[int] = mapped_column(SmallInteger)
    revision: Mapped[int] = mapped_column(Integer)
    asked_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(String(4), default="")
    said_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(12), default="")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_at: Mapped[datetime | None]  # not called again before
    taken_by: Mapped[str] = mapped_column(String(64), default="")
    taken_until: Mapped[datetime | None]
