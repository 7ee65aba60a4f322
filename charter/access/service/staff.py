"""Staff sign in by password (argon2id) and TOTP; organizers and managers always need the second factor."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import limits
from charter.access.service.tokens import ScopeMisfit, scope_fits
from charter.core import audit, clock
from charter.core.actor import MANAGERS, ORGANIZERS, Role
from charter.core.ids import new_uuid
from charter.core.sealed import SealedField

__all__ = ["NEEDS_SECOND", "TOTP", "by_password", "check_totp", "create_account"]

NEEDS_SECOND = ORGANIZERS | MANAGERS
TOTP = SealedField("account", "totp")
STEP = 30
HASHER = PasswordHasher()
AT_ONCE = threading.BoundedSemaphore(3)  # each hash takes 64 MiB
NOBODY = HASHER.hash("the same work is done for an unknown account")


def create_account(session: Session, role: Role, username: str, password: str, *, totp_secret: str | None = None,
                   scope_kind: str | None = None, scope_id: str | None = None, name: str = "",
                   expires_at: datetime | None = None) -> Account:
    """A staff account. Raises ScopeMisfit; ValueError where the role needs a second factor and none is given."""
    if not scope_fits(role, scope_kind) or (scope_kind is None) != (scope_id is None):
        raise ScopeMisfit(f"{role} does not go with scope {scope_kind}")
    if role in NEEDS_SECOND and totp_secret is None:
        raise ValueError(f"{role} needs a second factor")
    key = new_uuid()
    account = Account(id=key, role=role, username=username, name=name or username, scope_kind=scope_kind,
                      scope_id=scope_id, expires_at=expires_at, password_hash=HASHER.hash(password),
                      totp_sealed=TOTP.seal(key, totp_secret) if totp_secret else None)
    session.add(account)
    session.flush()
    audit.record(session, "account.created", "account", key, role=role)
    return account


def by_password(session: Session, username: str, password: str, address: str) -> Account | None:
    """The account that this password opens, or None; guesses are slowed by account and by address."""
    allowed = limits.take(session, f"password|{username}", times=10, within=timedelta(minutes=10)) and limits.take(
        session, f"password-from|{address}", times=60, within=timedelta(minutes=10))
    account = session.scalar(select(Account).where(Account.username == username, Account.active))
    known = account.password_hash if account is not None and account.password_hash else NOBODY
    with AT_ONCE:
        good = _verifies(known, password)
    if not (good and allowed) or account is None or account.password_hash is None:
        audit.record(session, "sign_in.refused", "account", account.id if account else "unknown")
        return None
    return account if account.expires_at is None or account.expires_at > clock.now() else None


def _verifies(known: str, password: str) -> bool:
    try:
        HASHER.verify(known, password[:200])
    except VerificationError:
        return False
    return True


def check_totp(session: Session, account: Account, digits: str) -> bool:
    """Whether the code is right; each time step counts once."""
    if account.totp_sealed is None or not limits.take(session, f"totp|{account.id}", times=10,
                                                      within=timedelta(minutes=10)):
        return False
    codes = pyotp.TOTP(TOTP.open_bytes(account.id, account.totp_sealed).decode())
    now = int(clock.now().timestamp()) // STEP
    for step in (now - 1, now, now + 1):
        if codes.verify(digits, for_time=step * STEP):
            return session.execute(
                update(Account).where(Account.id == account.id, or_(Account.totp_last_step.is_(None),
                                                                    Account.totp_last_step < step))
                .values(totp_last_step=step).returning(Account.id)).first() is not None
    return False
