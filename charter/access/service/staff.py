"""Staff sign in by password (argon2id) and TOTP; organizers and managers always need the second factor."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from charter.access.models import Account, EmployerClaim
from charter.access.problems import StillWaiting
from charter.access.service import limits, second_factor
from charter.access.service.tokens import ScopeMisfit, scope_fits
from charter.core import audit, clock
from charter.core.actor import MANAGERS, ORGANIZERS, Role
from charter.core.ids import new_uuid
from charter.core.sealed import SealedField

__all__ = ["NEEDS_SECOND", "TOTP", "by_password", "check_second", "check_totp", "create_account", "fits_password",
           "hashed"]  # fmt: skip

NEEDS_SECOND = ORGANIZERS | MANAGERS
TOTP = SealedField("account", "totp")
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
                      scope_id=scope_id, expires_at=expires_at, password_hash=hashed(password),
                      totp_sealed=TOTP.seal(key, totp_secret) if totp_secret else None)
    session.add(account)
    session.flush()
    audit.record(session, "account.created", "account", key, role=role)
    return account


def by_password(session: Session, username: str, password: str, address: str) -> Account | None:
    """The account that this password opens, or None; guesses are slowed by account and by address.

    Raises StillWaiting where the password is right and a claim of this account is under review.
    """
    allowed = limits.take(session, f"password|{username}", times=10, within=timedelta(minutes=10)) and limits.take(
        session, f"password-from|{address}", times=60, within=timedelta(minutes=10))
    account = session.scalar(select(Account).where(Account.username == username))
    good = fits_password(account, password)
    if good and allowed and account is not None and not account.active and _waits(session, account):
        raise StillWaiting
    if not (good and allowed) or account is None or not account.active:
        audit.record(session, "sign_in.refused", "account", account.id if account else "unknown")
        return None
    return account if account.expires_at is None or account.expires_at > clock.now() else None


def fits_password(account: Account | None, password: str) -> bool:
    """Whether it is the account's; the same work is done for none."""
    known = account.password_hash if account is not None and account.password_hash else NOBODY
    with AT_ONCE:
        good = _verifies(known, password)
    return good and account is not None and account.password_hash is not None


def _waits(session: Session, account: Account) -> bool:
    return session.scalar(select(EmployerClaim.id).where(
        EmployerClaim.account_id == account.id, EmployerClaim.state == "waiting")) is not None


def _verifies(known: str, password: str) -> bool:
    try:
        HASHER.verify(known, password[:200])
    except VerificationError:
        return False
    return True


def hashed(password: str) -> str:
    """A password as it is stored."""
    with AT_ONCE:
        return HASHER.hash(password)


def check_second(session: Session, account: Account, written: str) -> bool:
    """Whether it is the authenticator's code, or a recovery code, which is then used up."""
    digits = "".join(written.split())
    if digits.isascii() and digits.isdigit():
        return check_totp(session, account, digits)
    if not _may_try(session, account) or not second_factor.spend(session, account.id, written):
        return False
    audit.record(session, "recovery_code.used", "account", account.id)
    return True


def check_totp(session: Session, account: Account, digits: str) -> bool:
    """Whether the code is right; each time step counts once."""
    if account.totp_sealed is None or not _may_try(session, account):
        return False
    step = second_factor.fits(TOTP.open_bytes(account.id, account.totp_sealed).decode(), digits)
    if step is None:
        return False
    return session.execute(
        update(Account).where(Account.id == account.id, or_(Account.totp_last_step.is_(None),
                                                            Account.totp_last_step < step))
        .values(totp_last_step=step).returning(Account.id)).first() is not None


def _may_try(session: Session, account: Account) -> bool:
    return limits.take(session, f"totp|{account.id}", times=10, within=timedelta(minutes=10))
