"""API tokens: 256 random bits behind `chr_`, stored by hash, with role, scope and expiry."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import request
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from charter.access.models import ApiToken, Device
from charter.access.service import proofs
from charter.core import actor as actors
from charter.core import audit, clock
from charter.core.actor import MANAGERS, NOBODY, Actor, Role
from charter.core.db import act
from charter.core.peek import peek
from charter.core.trip import Step

__all__ = ["SCOPE_OF_ROLE", "ScopeMisfit", "by_token", "create_token", "revoke_token", "scope_fits"]

PREFIX = "chr_"
MAX_DAYS = 366
SCOPE_OF_ROLE: dict[Role, tuple[str | None, ...]] = {
    Role.WORKER: ("worker",), Role.EMPLOYER: ("employer",), Role.HOTLINE: ("campaign",),
    Role.ORIGIN_PARTNER: ("partner",), Role.VOLUNTEER: ("campaign",), Role.SCANNER: ("departure",),
    Role.DISTRICT_ORGANIZER: ("district",), Role.CITY_ORGANIZER: (None, "campaign"),
    Role.FUNDS_AUDITOR: ("campaign",), **dict.fromkeys(MANAGERS, (None,))}


class ScopeMisfit(ValueError):
    """The role and the kind of scope do not belong together."""


def scope_fits(role: Role, kind: str | None) -> bool:
    """Whether a token or account of this role may have a scope of this kind (None: everything)."""
    return kind in SCOPE_OF_ROLE[role]


def create_token(session: Session, role: Role, scope_kind: str | None, scope_id: str | None, *, days: float = 30,
                 name: str = "", device_id: UUID | None = None) -> tuple[ApiToken, str]:
    """A fresh token and its text, which is shown this once. Raises ScopeMisfit."""
    if not scope_fits(role, scope_kind) or (scope_kind is None) != (scope_id is None):
        raise ScopeMisfit(f"{role} does not go with scope {scope_kind}")
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(token_hash=_hash(text), role=role, scope_kind=scope_kind, scope_id=scope_id, name=name,
                     device_id=device_id, expires_at=clock.now() + timedelta(days=min(days, MAX_DAYS)),
                     made_by=(actors.current().account_id or "")[:64])
    session.add(token)
    session.flush()
    audit.record(session, "token.created", "api_token", token.id, role=role, scope=scope_kind)
    return token, text


def revoke_token(session: Session, token_id: UUID) -> None:
    """End a token now; again is no error."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
                    .values(revoked_at=clock.now()))
    audit.record(session, "token.revoked", "api_token", token_id)


def by_token(revoked_too: bool) -> Actor:
    """The actor of this request's bearer token, or NOBODY.

    A phone that joined with a key of its own signs each request (`proofs`; raises ProofRefused).
    A revoked scanner token still names its actor where `revoked_too` (its scans are kept as evidence): whether it is
    in use the act itself asks, so that what never changes of it may be remembered here.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.startswith(PREFIX) or len(text) > 100:
        return NOBODY
    digest = _hash(text)
    token = (_scanners.get(digest) if revoked_too else None) or _find(digest)
    if token is None or token.expires_at <= clock.now():
        return NOBODY
    if token.revoked_at is not None and not (revoked_too and token.role == Role.SCANNER):
        return NOBODY
    if token.public_key is not None:
        _prove(token)
    if token.last_used_at is None or clock.now() - token.last_used_at > timedelta(minutes=5):
        act(_used, token.id)
        _scanners.pop(digest, None)
    elif token.role == Role.SCANNER and len(_scanners) < REMEMBERED:
        _scanners[digest] = token
    return Actor(Role(token.role), account_id=f"token:{token.id}"[:64], scope_kind=token.scope_kind,
                 scope_id=token.scope_id, name=token.name, token_id=str(token.id))


REMEMBERED = 5_000  # phones of a whole campaign's day
_scanners: dict[bytes, Any] = {}  # role, scope, name and expiry of a scanner's token, none of which ever changes


def _prove(token: Any) -> None:
    """The phone's own signature under this very request; what changes something is taken once. Raises ProofRefused."""
    path = request.full_path if request.query_string else request.path
    proof = proofs.taken(token.public_key, request.headers.get("X-Device-Proof", "")[:400], request.method, path,
                        request.get_data(cache=True))
    if request.method != "GET" and not act(proofs.once, token.device_id, proof):
        raise proofs.ProofRefused(server_time=clock.now().isoformat())


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


FOUND = Step(
    select(ApiToken.id, ApiToken.role, ApiToken.scope_kind, ApiToken.scope_id, ApiToken.name, ApiToken.expires_at,
           ApiToken.revoked_at, ApiToken.last_used_at, ApiToken.device_id, Device.public_key)
    .outerjoin(Device, Device.id == ApiToken.device_id).where(ApiToken.token_hash == bindparam("token_hash")))


class _Token(NamedTuple):
    id: UUID
    role: str
    scope_kind: str | None
    scope_id: str | None
    name: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    device_id: UUID | None
    public_key: bytes | None


def _find(digest: bytes) -> _Token | None:
    rows = peek(FOUND, {"token_hash": digest})
    return _Token(*rows[0]) if rows else None


def _used(session: Session, token_id: UUID) -> None:
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=clock.now()))
