"""Tables of requests. Keys begin with the campaign, by which a large installation can be split."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["REACH", "STATES", "Companion", "Consent", "Draft", "HealthDeclaration", "Party", "Registration",
           "Reply"]

STATES = ("received", "needs_decision", "confirmed", "planned", "offered", "booked", "boarded", "arrived",
          "left_behind", "withdrawn", "rejected")
REACH = ("self", "feeder", "later", "evening")  # how somebody gets to the stop: by himself, or what it would take


class Party(Base):
    """People who ride together: one list's 同行 text of one employer, or a family by the worker's own form."""

    __tablename__ = "party"
    __table_args__ = (Index("uq_party_label", "campaign_id", "employer_id", "label", unique=True,
                            postgresql_where=text("label <> ''")),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    employer_id: Mapped[UUID | None] = mapped_column(ForeignKey("employer.id"))
    label: Mapped[str] = mapped_column(String(200), default="")


class Registration(Base):
    """One worker's request in one campaign.

    At most one living request per worker and campaign; a second one waits as `needs_decision`.
    """

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),
        CheckConstraint("earliest <= latest", name="dates"),
        CheckConstraint("cardinality(modes) >= 1", name="modes"),
        CheckConstraint("reach IN ('" + "','".join(REACH) + "')", name="reach"),
        ForeignKeyConstraint(["campaign_id", "party_id"], ["party.campaign_id", "party.id"]),
        Index("uq_registration_worker", "campaign_id", "worker_id", unique=True,
              postgresql_where=text("state NOT IN ('withdrawn', 'rejected', 'needs_decision')")),
        Index("ix_registration_employer", "campaign_id", "employer_id"),
        Index("ix_registration_origin", "campaign_id", "origin"),
        Index("ix_registration_id", "id"),
        Index("ix_registration_state", "campaign_id", "state"),
        Index("ix_registration_created", "campaign_id", "created_at", "id"),
    )

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    employer_id: Mapped[UUID] = mapped_column(ForeignKey("employer.id"))
    origin: Mapped[str] = mapped_column(String(6))
    origin_text: Mapped[str] = mapped_column(String(200), default="")
    earliest: Mapped[date] = mapped_column(Date)
    latest: Mapped[date] = mapped_column(Date)
    modes: Mapped[list[str]] = mapped_column(ARRAY(String(8)))
    party_id: Mapped[UUID | None]
    needs: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    emergency_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # whom to call: name and phone
    state: Mapped[str] = mapped_column(String(16))
    state_reason: Mapped[str] = mapped_column(String(200), default="")
    other_name: Mapped[str] = mapped_column(String(50), default="", server_default="")  # as handed in, where it differs
    source: Mapped[str] = mapped_column(String(12))  # worker, employer, partner, organizer, hotline
    source_id: Mapped[str] = mapped_column(String(64), default="")  # which partner or account handed it in
    pass_by: Mapped[str] = mapped_column(String(50), default="", server_default="")  # who hands him his pass, if named
    lap_children: Mapped[int] = mapped_column(SmallInteger, default=0)
    reach: Mapped[str] = mapped_column(String(8), default="self", server_default="self")
    answer_by: Mapped[datetime | None]  # the hour promised for the next answer
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now, onupdate=clock.now)


class Draft(Base):
    """A request that somebody still writes on his phone, sealed as typed; one of each account and campaign.

    Gone once it is handed in, and after a month without a change.
    """

    __tablename__ = "registration_draft"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(default=new_uuid)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class Companion(Base):
    """A lap child: on the list and in the head count, not in a seat. Children with a seat are registrations."""

    __tablename__ = "companion"
    __table_args__ = (ForeignKeyConstraint(["campaign_id", "registration_id"],
                                           ["registration.campaign_id", "registration.id"], ondelete="CASCADE"),)

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    registration_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(50))
    id_type: Mapped[str] = mapped_column(String(20))
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_tag: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    birth_date: Mapped[date] = mapped_column(Date)


class Consent(Base):
    """A layer of consent, dated and withdrawable: use, sensitive, child, sharing."""

    __tablename__ = "consent"
    __table_args__ = (ForeignKeyConstraint(["campaign_id", "registration_id"],
                                           ["registration.campaign_id", "registration.id"], ondelete="CASCADE"),
                      CheckConstraint("layer IN ('use', 'sensitive', 'child', 'sharing')", name="layer"))

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(primary_key=True)
    layer: Mapped[str] = mapped_column(String(12), primary_key=True)
    version: Mapped[str] = mapped_column(String(16))
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(String(16))  # worker, employer (says that it has it), guardian, family
    withdrawn_at: Mapped[datetime | None]


class HealthDeclaration(Base):
    """What a worker declared, where the organizer asks for it; sealed."""

    __tablename__ = "health_declaration"
    __table_args__ = (ForeignKeyConstraint(["campaign_id", "registration_id"],
                                           ["registration.campaign_id", "registration.id"], ondelete="CASCADE"),)

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(primary_key=True)
    answers_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class Reply(Base):
    """What somebody answered by the link in his message: coming, or please call me back; the newest of each kind.

    `state` is the request's state at that moment; `done_at` and `done_by` say who has called back.
    """

    __tablename__ = "registration_reply"
    __table_args__ = (ForeignKeyConstraint(["campaign_id", "registration_id"],
                                           ["registration.campaign_id", "registration.id"], ondelete="CASCADE"),
                      CheckConstraint("kind IN ('coming', 'call_back')", name="kind"),
                      Index("ix_registration_reply_waiting", "campaign_id", "at",
                            postgresql_where=text("kind = 'call_back' AND done_at IS NULL")))

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(64))
