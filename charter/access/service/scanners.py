"""A volunteer's phone gets in: an invitation that works once, for 10 minutes, becomes a scanner token."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from charter.access.models import ApiToken, Device, Invitation
from charter.access.service.tokens import create_token, revoke_token
from charter.core import actor as actors
from charter.core import audit, clock
from charter.core.actor import Role
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound

__all__ = ["enroll", "invite_scanner", "revoke_scanner"]

LASTS = timedelta(minutes=10)


def invite_scanner(session: Session, departure_id: int) -> str:
    """A fresh invitation to scan one departure; the returned secret is shown this once."""
    secret = secrets.token_urlsafe(24)
    made = Invitation(secret_hash=_hash(secret), purpose="scanner", role=Role.SCANNER, scope_kind="departure",
                      scope_id=str(departure_id), created_by=actors.current().caller[:64],
                      expires_at=clock.now() + LASTS)
    session.add(made)
    session.flush()
    audit.record(session, "scanner.invited", "departure", departure_id, invitation=str(made.id))
    return secret


def enroll(session: Session, secret: str, name: str, until: datetime | None = None) -> tuple[int, str] | None:
    """The departure and the token of a phone that shows an invitation; None where it was used or has expired."""
    spent = session.execute(
        update(Invitation).where(Invitation.secret_hash == _hash(secret), Invitation.purpose == "scanner",
                                 Invitation.used_at.is_(None), Invitation.expires_at > clock.now())
        .values(used_at=clock.now()).returning(Invitation.scope_id)).first()
    if spent is None:
        return None
    departure_id = int(spent.scope_id)
    device = Device(departure_id=departure_id, name=name[:80])
    session.add(device)
    session.flush()
    days = max((until - clock.now()) / timedelta(days=1), 0.1) if until else 3
    _, token = create_token(session, Role.SCANNER, "departure", str(departure_id), days=days, name=device.name,
                            device_id=device.id)
    return departure_id, token


def revoke_scanner(session: Session, token_id: str, departure_id: int) -> None:
    """End a phone's token. Raises NotFound where it is no scanner of that departure."""
    known = uuid_or_none(token_id)
    token = session.get(ApiToken, known) if known else None
    if token is None or token.role != Role.SCANNER or token.scope_id != str(departure_id):
        raise NotFound
    revoke_token(session, token.id)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
