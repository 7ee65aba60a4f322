"""Tables of who rides along: members, their duties, rotas and swaps. Nobody can be on two duties at once: the database
itself refuses it.
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
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT8RANGE, JSONB, TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["KINDS", "CrewDuty", "CrewInvitation", "CrewMember", "CrewRota", "CrewSwap"]

KINDS = ("cadre", "volunteer", "employer", "coach_leader")
IS_LIVING = text("ended_at IS NULL")


class CrewInvitation(Base):
    """A link by which people sign up, without an account; `kind` is who they are then."""

    __tablename__ = "crew_invitation"
    __table_args__ = (CheckConstraint("kind IN ('cadre', 'volunteer', 'employer', 'coach_leader')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))  # whom it was given to
    kind: Mapped[str] = mapped_column(String(12))
    until: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    ended_at: Mapped[datetime | None]


class CrewMember(Base):
    """Somebody who rides along in one campaign: the days he gave, and for which he is insured.

    `link_revision`: raised, it ends every link of his page and calendar.
    """

    __tablename__ = "crew_member"
    __table_args__ = (UniqueConstraint("campaign_id", "phone_tag"), UniqueConstraint("number"),
                      CheckConstraint("kind IN ('cadre', 'volunteer', 'employer', 'coach_leader')", name="kind"),
                      CheckConstraint("state IN ('offered', 'accepted', 'refused', 'left')", name="state"),
                      CheckConstraint("(insured_from IS NULL) = (insured_to IS NULL) AND insured_from <= insured_to",
                                      name="insured"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("crew_invitation.id"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(50))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_tag: Mapped[bytes | None] = mapped_column(LargeBinary)
    unit: Mapped[str] = mapped_column(String(80), default="")
    days: Mapped[list[date]] = mapped_column(ARRAY(Date), default=list)
    nights: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(8), default="offered")
    policy: Mapped[str] = mapped_column(String(60), default="")
    insured_from: Mapped[date | None] = mapped_column(Date)
    insured_to: Mapped[date | None] = mapped_column(Date)
    link_revision: Mapped[int] = mapped_column(SmallInteger, default=1)
    signed_up_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class CrewDuty(Base):
    """One member on one departure, from leaving base to being back. `place` 1 stands on the passes."""

    __tablename__ = "crew_duty"
    __table_args__ = (CheckConstraint("place BETWEEN 1 AND 4", name="place"),
                      CheckConstraint("source IN ('hand', 'rota', 'swap')", name="source"),
                      Index("uq_crew_duty_place", "departure_id", "place", unique=True, postgresql_where=IS_LIVING),
                      Index("ix_crew_duty_member", "member_id"),
                      ExcludeConstraint(("person", "&&"), ("during", "&&"), name="ex_crew_duty_overlap", using="gist",
                                        where=IS_LIVING))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"))
    place: Mapped[int] = mapped_column(SmallInteger)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("crew_member.id"))
    member_number: Mapped[int] = mapped_column(BigInteger)
    person: Mapped[Any] = mapped_column(
        INT8RANGE, Computed("int8range(member_number, member_number, '[]'::text)", persisted=True))
    during: Mapped[Any] = mapped_column(TSTZRANGE)
    source: Mapped[str] = mapped_column(String(4))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    ended_at: Mapped[datetime | None]
    absent: Mapped[bool] = mapped_column(default=False)  # he did not come: no hours


class CrewRota(Base):
    """A proposed rota: `wanted` what it was made for, `filled` members by departure, `figures` how good it is."""

    __tablename__ = "crew_rota"
    __table_args__ = (CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'taken')", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    filled: Mapped[dict[str, list[str]]] = mapped_column(JSONB, default=dict)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    stop_wanted: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    taken_at: Mapped[datetime | None]


class CrewSwap(Base):
    """One member asks another to take his duty, in exchange for one of the other's or for none; both have to agree."""

    __tablename__ = "crew_swap"
    __table_args__ = (CheckConstraint("state IN ('asked', 'agreed', 'refused', 'withdrawn')", name="state"),
                      CheckConstraint("from_id <> to_id", name="two"),
                      Index("uq_crew_swap_duty", "duty_id", unique=True, postgresql_where=text("state = 'asked'")))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("crew_duty.id"))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("crew_member.id"), index=True)
    to_id: Mapped[UUID] = mapped_column(ForeignKey("crew_member.id"), index=True)
    return_duty_id: Mapped[UUID | None] = mapped_column(ForeignKey("crew_duty.id"))
    state: Mapped[str] = mapped_column(String(9), default="asked")
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    decided_at: Mapped[datetime | None]
