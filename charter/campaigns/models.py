"""Tables of campaigns and of what drives in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_departure, new_uuid

__all__ = ["Campaign", "Carrier", "Corridor", "CorridorStop", "Departure", "DepartureStop", "Fleet", "Journey", "Rule",
           "Stop", "VehicleType"]

DIRECTIONS = "direction IN ('to_work', 'to_home')"
MODES = "mode IN ('bus', 'train', 'flight')"


class Campaign(Base):
    """One campaign in one direction. Money in whole fen; dates in Asia/Shanghai."""

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint(DIRECTIONS, name="direction"),
                      CheckConstraint("state IN ('draft', 'open', 'closed')", name="state"),
                      CheckConstraint("starts_on <= ends_on", name="dates"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120))
    direction: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default="draft")
    union_id: Mapped[UUID] = mapped_column(ForeignKey("trade_union.id"))
    destination: Mapped[str] = mapped_column(String(6))  # division code of the city
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    opens_at: Mapped[datetime | None]
    cancel_hours: Mapped[int] = mapped_column(SmallInteger, default=24)  # hours before departure to cancel freely
    answer_hours: Mapped[int] = mapped_column(SmallInteger, default=48)  # by when a registration is answered
    hotline: Mapped[str] = mapped_column(String(20))
    budget_fen: Mapped[int | None] = mapped_column(BigInteger)
    spread_cost_fen: Mapped[int] = mapped_column(BigInteger, default=15_000)
    left_behind_fen: Mapped[int] = mapped_column(BigInteger, default=300_000)
    health_declaration: Mapped[bool] = mapped_column(default=False)
    health_text: Mapped[str] = mapped_column(String(500), default="")
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class Stop(Base):
    """A place where people get on or off: coach stop, station, airport, factory gate."""

    __tablename__ = "stop"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    division: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(12), default="stop")  # stop, station, airport, gate
    lon: Mapped[float | None]
    lat: Mapped[float | None]


class Corridor(Base):
    """A line between an origin area and the destination, served by one mode; its stops in driving order.

    A feeder line joins one hub (station, airport) with the places around it; its departures have stops of their own.
    """

    __tablename__ = "corridor"
    __table_args__ = (CheckConstraint(MODES, name="mode"), UniqueConstraint("campaign_id", "name"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    mode: Mapped[str] = mapped_column(String(8))
    origins: Mapped[list[str]] = mapped_column(ARRAY(String(6)))
    distance_km: Mapped[int]
    duration_min: Mapped[int]
    feeder: Mapped[bool] = mapped_column(default=False, server_default=false())


class CorridorStop(Base):
    """One stop of a corridor; minutes from the first stop's departure (negative offsets do not occur)."""

    __tablename__ = "corridor_stop"

    corridor_id: Mapped[UUID] = mapped_column(ForeignKey("corridor.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    stop_id: Mapped[UUID] = mapped_column(ForeignKey("stop.id"))
    kind: Mapped[str] = mapped_column(String(8))  # board or alight
    offset_min: Mapped[int]


class Carrier(Base):
    """A transport firm, with its home prefecture (one end of a charter must lie there)."""

    __tablename__ = "carrier"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str] = mapped_column(String(160), default="")
    home_division: Mapped[str] = mapped_column(String(6))
    phone: Mapped[str] = mapped_column(String(20), default="")


class VehicleType(Base):
    """A kind of vehicle: approved number, passenger seats, seat map, and who gives the seats.

    `seat_map`: {"cars": [{"name": "", "rows": [["1", "2", null, "3", "4"], ...], "kept": [...]}]}; null is the aisle.
    """

    __tablename__ = "vehicle_type"
    __table_args__ = (CheckConstraint(MODES, name="mode"),
                      CheckConstraint("seating IN ('ours', 'carrier')", name="seating"),
                      CheckConstraint("passenger_seats BETWEEN 1 AND approved_capacity", name="seats"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    mode: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    approved_capacity: Mapped[int]
    passenger_seats: Mapped[int]
    seating: Mapped[str] = mapped_column(String(8))
    infant_limit: Mapped[int | None] = mapped_column(SmallInteger)
    seat_map: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Fleet(Base):
    """So many vehicles of one type that a carrier offers a campaign, with prices.

    A charter costs `base_fen + per_km_fen x corridor km`, empty return included. A feeder fleet drives only between
    hubs and the places around them.
    """

    __tablename__ = "fleet"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    carrier_id: Mapped[UUID] = mapped_column(ForeignKey("carrier.id"))
    vehicle_type_id: Mapped[UUID] = mapped_column(ForeignKey("vehicle_type.id"))
    size: Mapped[int]
    base_fen: Mapped[int] = mapped_column(BigInteger)
    per_km_fen: Mapped[int] = mapped_column(BigInteger)
    feeder: Mapped[bool] = mapped_column(default=False, server_default=false())


class Rule(Base):
    """A rule with a from-time: load_factor {"percent": 50}, kept_rows {"rows": 2}, spacing {"pattern": "window"}."""

    __tablename__ = "campaign_rule"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[dict[str, Any]] = mapped_column(JSONB)
    from_at: Mapped[datetime]
    document: Mapped[str] = mapped_column(String(80), default="")  # the ordering document
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class Journey(Base):
    """Legs that belong together: feeders to a hub (leg 1), the flight or train (leg 2), feeders from it (leg 3).

    Each leg is a departure with a manifest of its own; each end of a flight has as many feeders as it needs.
    """

    __tablename__ = "journey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))


class Departure(Base):
    """One vehicle on one day. The id is the 48-bit number of the pass. Seats: whole number that may be sold."""

    __tablename__ = "departure"
    __table_args__ = (
        CheckConstraint("id BETWEEN 1 AND 281474976710655", name="id"),
        CheckConstraint(DIRECTIONS, name="direction"), CheckConstraint(MODES, name="mode"),
        CheckConstraint("seating IN ('ours', 'carrier')", name="seating"),
        CheckConstraint("state IN ('planned','open','closed','boarding','departed','arrived','called_off')",
                        name="state"),
        CheckConstraint("leg_kind IN ('main', 'feeder')", name="leg_kind"),
        CheckConstraint("departs_at < arrives_at", name="times"), CheckConstraint("seats_total >= 1", name="seats"),
        Index("ix_departure_campaign_id_date", "campaign_id", "date"),
        Index("ix_departure_journey_id_leg_no", "journey_id", "leg_no"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=new_departure)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    corridor_id: Mapped[UUID] = mapped_column(ForeignKey("corridor.id"), index=True)
    vehicle_type_id: Mapped[UUID] = mapped_column(ForeignKey("vehicle_type.id"))
    carrier_id: Mapped[UUID | None] = mapped_column(ForeignKey("carrier.id"))
    fleet_id: Mapped[UUID | None] = mapped_column(ForeignKey("fleet.id"))
    plan_id: Mapped[UUID | None]  # the plan that chartered it; a name, not a key: planning stands above
    journey_id: Mapped[UUID | None] = mapped_column(ForeignKey("journey.id"))
    leg_no: Mapped[int] = mapped_column(SmallInteger, default=1)
    leg_kind: Mapped[str] = mapped_column(String(8), default="main")
    # One number a day and campaign, given by a trigger: 7号车 on sign, pass, message and list.
    number: Mapped[int] = mapped_column(server_default=FetchedValue())
    code: Mapped[str] = mapped_column(String(24))  # what is painted on the sign: "巴中1线 0212-03"
    mode: Mapped[str] = mapped_column(String(8))
    direction: Mapped[str] = mapped_column(String(8))
    seating: Mapped[str] = mapped_column(String(8))
    origins: Mapped[list[str]] = mapped_column(ARRAY(String(6)))
    date: Mapped[date] = mapped_column(Date)
    departs_at: Mapped[datetime]
    arrives_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="planned")
    published_at: Mapped[datetime | None]
    seats_total: Mapped[int]
    kept_seats: Mapped[list[str]] = mapped_column(ARRAY(String(12)), default=list)
    plate: Mapped[str] = mapped_column(String(16), default="")
    drivers: Mapped[str] = mapped_column(String(120), default="")
    crew_name: Mapped[str] = mapped_column(String(50), default="")
    crew_phone: Mapped[str] = mapped_column(String(20), default="")
    boarding_opened_at: Mapped[datetime | None]
    departed_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]


class DepartureStop(Base):
    """A stop of a departure: where and when people gather and get on, or get off."""

    __tablename__ = "departure_stop"
    __table_args__ = (CheckConstraint("kind IN ('board', 'alight')", name="kind"),)

    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    stop_id: Mapped[UUID] = mapped_column(ForeignKey("stop.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    gather_at: Mapped[datetime]
    departs_at: Mapped[datetime]
    bay: Mapped[str] = mapped_column(String(20), default="")
