"""Tables of boarding. Scans are append-only; states are computed from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["BoardingConflict", "HeadCount", "ManifestSnapshot", "MissingCall", "Scan", "Substitution",
           "TripEntry", "UnlockCard"]


class Scan(Base):
    """One scan as it came, and the verdict that was answered. Unique in the campaign by the device's scan_id."""

    __tablename__ = "scan"
    __table_args__ = (CheckConstraint("kind IN ('board', 'alight', 'deny', 'undo')", name="kind"),
                      Index("ix_scan_departure", "departure_id", "booking_id"))

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    scan_id: Mapped[UUID] = mapped_column(primary_key=True)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"))
    booking_id: Mapped[int | None] = mapped_column(BigInteger)
    device: Mapped[str] = mapped_column(String(64))  # the token that sent it
    kind: Mapped[str] = mapped_column(String(8))
    undoes: Mapped[UUID | None]
    by_hand: Mapped[bool]
    stop_id: Mapped[UUID | None]
    pass_text: Mapped[str | None] = mapped_column(String(200))
    revision: Mapped[int | None] = mapped_column(Integer)
    shown: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    scanned_at: Mapped[datetime]  # as the device claims
    device_time: Mapped[datetime]  # the device's clock when it sent
    corrected_at: Mapped[datetime]  # scanned_at + (received - device_time)
    received_at: Mapped[datetime]
    time_doubtful: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(24))
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the first answer, given again for the same scan_id


class HeadCount(Base):
    """A count of heads at a stop against what the scans say; a difference needs its reason."""

    __tablename__ = "head_count"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), index=True)
    stop_id: Mapped[UUID | None]
    counted: Mapped[int]
    expected: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500), default="")
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class BoardingConflict(Base):
    """Two phones boarded one booking while offline; a person resolves it."""

    __tablename__ = "boarding_conflict"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), index=True)
    booking_id: Mapped[int] = mapped_column(BigInteger)
    scan_ids: Mapped[list[Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(12), default="open")
    owner: Mapped[str] = mapped_column(String(64), default="", server_default="")  # who looks after it
    outcome: Mapped[str] = mapped_column(String(12), default="", server_default="")
    resolution: Mapped[str] = mapped_column(String(500), default="")
    resolved_by: Mapped[str | None] = mapped_column(String(64))
    resolved_at: Mapped[datetime | None]


class ManifestSnapshot(Base):
    """The manifest as it was sealed at departure: a digest and a sealed list, which later scans cannot change."""

    __tablename__ = "manifest_snapshot"

    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    sealed_at: Mapped[datetime]
    sealed_by: Mapped[str] = mapped_column(String(64))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    rows: Mapped[list[Any]] = mapped_column(JSONB)  # booking ids, seats, states: no names


class MissingCall(Base):
    """Somebody who had not come was called: `outcome` on_the_way (until when), not_coming or no_answer."""

    __tablename__ = "missing_call"
    __table_args__ = (CheckConstraint("outcome IN ('on_the_way', 'not_coming', 'no_answer')", name="outcome"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the phone
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), index=True)
    booking_id: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(String(12))
    until: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class UnlockCard(Base):
    """The card that opens the list for search with no network: 128 random bits, printed, one of each departure."""

    __tablename__ = "unlock_card"

    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), primary_key=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    number: Mapped[int] = mapped_column(default=1)  # rises with each new card; the older ones open nothing more
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class TripEntry(Base):
    """One entry of the trip log as it came: append-only, unique in the campaign by the device's entry_id.

    `details` hold no personal data but names of drivers, witnesses and receivers; `person` is sealed (who came from no
    list: name, document, phone, employer).
    """

    __tablename__ = "trip_entry"
    __table_args__ = (Index("ix_trip_entry_departure", "departure_id", "corrected_at"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"))
    kind: Mapped[str] = mapped_column(String(16))
    stop_id: Mapped[UUID | None]
    booking_id: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime]
    corrected_at: Mapped[datetime]
    received_at: Mapped[datetime]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    person: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer: Mapped[str] = mapped_column(String(16))


class Substitution(Base):
    """Another vehicle took a departure over; `before` is what stood: vehicle, plate, drivers, seats of each booking."""

    __tablename__ = "substitution"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    undone_at: Mapped[datetime | None]
