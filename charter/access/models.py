"""Tables of access. Secrets stand hashed or sealed; counters are UNLOGGED."""

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
    Index,
    LargeBinary,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.ids import new_uuid

__all__ = ["Account", "ApiToken", "CodeChallenge", "DeletionHold", "DeletionRule", "DeletionRun", "Device",
           "DeviceProof", "EmployerClaim", "Invitation", "LoginSession", "RateBucket", "RecoveryCode"]

SCOPES = "scope_kind IS NULL OR scope_kind IN ('campaign','district','employer','partner','worker','departure')"


class Account(Base):
    """Somebody who signs in. Staff by username, password and TOTP; workers by phone (role worker, `phone_tag`).

    `person_tries`: wrong answers to "who are you" on this phone; five, then the hotline has to help.
    """

    __tablename__ = "account"
    __table_args__ = (CheckConstraint(SCOPES, name="scope"),
                      Index("uq_account_phone_tag", "phone_tag", unique=True, postgresql_where=text("role = 'worker'")))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    role: Mapped[str] = mapped_column(String(24))
    username: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_tag: Mapped[bytes | None] = mapped_column(LargeBinary)
    scope_kind: Mapped[str | None] = mapped_column(String(16))
    scope_id: Mapped[str | None] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    last_sign_in_at: Mapped[datetime | None]
    person_tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class RecoveryCode(Base):
    """A lost second factor's way back in; each works once."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]


class LoginSession(Base):
    """A server-side session: the cookie's hash, the account, and for a phone of several workers the chosen one."""

    __tablename__ = "login_session"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey("worker.id"))
    state: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    ends_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(String(80), default="", server_default="")  # which browser, for its owner's list


class CodeChallenge(Base):
    """A one-time code that was asked for, bound to the asking browser."""

    __tablename__ = "code_challenge"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    phone_tag: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    code_mac: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RateBucket(Base):
    """GCRA: the theoretical arrival time of a bucket. Unlogged: lost in a crash, which forgives."""

    __tablename__ = "rate_bucket"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy reads the plain dict

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    full_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ApiToken(Base):
    """A bearer token: stored by hash, with role, scope and expiry."""

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint(SCOPES, name="scope"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    role: Mapped[str] = mapped_column(String(24))
    scope_kind: Mapped[str | None] = mapped_column(String(16))
    scope_id: Mapped[str | None] = mapped_column(String(40))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))
    name: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    made_by: Mapped[str] = mapped_column(String(64), default="", server_default="")


class Device(Base):
    """A phone that scans for one departure.

    `public_key` is x and y of the P-256 key that signs its requests; the list for search is sealed for it under
    `secret_sealed`, whose key it gets for its PIN (`pin_mac`; five wrong ones, and no more). `list_version` is the
    list that it holds.
    """

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    departure_id: Mapped[int] = mapped_column(BigInteger, index=True)
    name: Mapped[str] = mapped_column(String(80))
    enrolled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    revoked_at: Mapped[datetime | None]
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    pin_mac: Mapped[bytes | None] = mapped_column(LargeBinary)
    pin_tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    list_version: Mapped[int | None] = mapped_column(BigInteger)


class DeviceProof(Base):
    """A signed request that was taken: the same one again is a copy. Unlogged; kept as long as its time would pass."""

    __tablename__ = "device_proof"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy reads the plain dict

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class Invitation(Base):
    """A link that lets somebody in once: `purpose` staff (role and scope), reset (account) or scanner (departure).

    `account_until`: when the account that is made by it ends; only some roles have such an end.
    """

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(24))
    scope_kind: Mapped[str | None] = mapped_column(String(16))
    scope_id: Mapped[str | None] = mapped_column(String(40))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(80), default="")
    created_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    account_until: Mapped[datetime | None]


class EmployerClaim(Base):
    """A clerk who claims a credit code; a district organizer reviews it. `employer_id` is null until it is known.

    `state`: waiting, accepted or refused.
    """

    __tablename__ = "employer_claim"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    employer_id: Mapped[UUID | None] = mapped_column(ForeignKey("employer.id"), index=True)
    credit_code: Mapped[str] = mapped_column(String(18))
    employer_name: Mapped[str] = mapped_column(String(120))
    district_id: Mapped[UUID] = mapped_column(ForeignKey("district.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    evidence: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(64))


class DeletionHold(Base):
    """Somebody ordered that nothing is deleted: an audit that was announced, a case at court."""

    __tablename__ = "deletion_hold"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    ordered_by: Mapped[str] = mapped_column(String(80))
    document: Mapped[str] = mapped_column(String(80))
    until: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    made_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]


class DeletionRun(Base):
    """One group of fields deleted on one day: how many rows of which tables, never what stood there."""

    __tablename__ = "deletion_run"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid)
    name: Mapped[str] = mapped_column(String(16), index=True)
    cutoff: Mapped[date] = mapped_column(Date)  # campaigns that ended before this day
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class DeletionRule(Base):
    """After how many days a group of fields is deleted, where it is not the house's own number."""

    __tablename__ = "deletion_rule"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    days: Mapped[int] = mapped_column(SmallInteger)
    document: Mapped[str] = mapped_column(String(80))
