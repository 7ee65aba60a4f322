"""Links that let somebody in once: a new account with its role, or a way back into one that is locked out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from charter.access.models import Account, Invitation
from charter.access.problems import InvitationSpent, WrongCode, field_wrong
from charter.access.rules.passwords import judge_password, judge_username
from charter.access.service import second_factor, sessions, staff
from charter.access.service.tokens import ScopeMisfit, scope_fits
from charter.core import actor as actors
from charter.core import audit, clock
from charter.core.actor import Role

__all__ = ["INVITED", "Chosen", "Offer", "accept", "first_link", "invite", "invite_back", "offer"]

LASTS, RESET_LASTS, FIRST_LASTS = timedelta(days=7), timedelta(hours=24), timedelta(hours=24)
INVITED = frozenset(Role) - {Role.WORKER, Role.SCANNER}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link offers: the role, for whom, and the second factor's secret where the role needs one."""

    role: Role
    name: str
    username: str | None  # of an account that exists: a way back in
    secret: str | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the invited person chose."""

    name: str
    username: str
    password: str
    digits: str


def invite(session: Session, role: Role, scope_kind: str | None, scope_id: str | None, name: str,
           account_until: datetime | None = None) -> str:
    """The path of a fresh link for one new account. Raises ScopeMisfit."""
    if role not in INVITED or not scope_fits(role, scope_kind) or (scope_kind is None) != (scope_id is None):
        raise ScopeMisfit(f"{role} does not go with scope {scope_kind}")
    made, path = _made("staff", role, scope_kind, scope_id, name, LASTS)
    made.account_until = account_until
    session.add(made)
    session.flush()
    audit.record(session, "account.invited", "invitation", made.id, role=role, scope=scope_kind)
    return path


def invite_back(session: Session, account: Account) -> str:
    """The path of a link that sets a new password and second factor; earlier links of the account end."""
    session.execute(update(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
                    .values(used_at=clock.now()))
    made, path = _made("reset", Role(account.role), account.scope_kind, account.scope_id, account.name, RESET_LASTS)
    made.account_id = account.id
    session.add(made)
    session.flush()
    audit.record(session, "account.reset_invited", "account", account.id, invitation=str(made.id))
    return path


def first_link(session: Session) -> str | None:
    """The path by which the first security manager is made; None where there is one. A fresh link ends the last."""
    if session.scalar(select(Account.id).where(Account.role == Role.SECURITY_MANAGER, Account.active).limit(1)):
        return None
    session.execute(update(Invitation).where(Invitation.purpose == "first", Invitation.used_at.is_(None))
                    .values(used_at=clock.now()))
    made, path = _made("first", Role.SECURITY_MANAGER, None, None, "", FIRST_LASTS)
    session.add(made)
    session.flush()
    audit.record(session, "account.invited", "invitation", made.id, role=Role.SECURITY_MANAGER)
    return path


def offer(session: Session, secret: str) -> Offer:
    """What this link offers; looking uses nothing up. Raises InvitationSpent."""
    found = session.scalar(select(Invitation).where(*_open(secret)))
    if found is None:
        raise InvitationSpent
    account = session.get(Account, found.account_id) if found.account_id else None
    return _offer(found, account)


def accept(session: Session, secret: str, chosen: Chosen) -> tuple[Account, list[str]]:
    """Use the link up: the account, and its recovery codes where it has a second factor.

    Raises InvitationSpent, WrongCode, UsernameTaken, Invalid (a name or password that will not do).
    """
    found = session.scalar(select(Invitation).where(*_open(secret)).with_for_update())
    if found is None:
        raise InvitationSpent
    account = session.get(Account, found.account_id) if found.account_id else None
    if account is not None and not account.active:
        raise InvitationSpent
    offered = _offer(found, account)
    username = offered.username or chosen.username
    _judge(username, chosen.password)
    step = second_factor.fits(offered.secret, chosen.digits) if offered.secret else None
    if offered.secret and step is None:
        raise WrongCode
    found.used_at = clock.now()
    account = _let_in(session, found, account, offered, chosen)
    account.totp_last_step = step
    return account, second_factor.new_codes(session, account.id) if offered.secret else []


def _let_in(session: Session, found: Invitation, account: Account | None, offered: Offer, chosen: Chosen) -> Account:
    if account is None:
        return staff.create_account(
            session, offered.role, chosen.username, chosen.password, totp_secret=offered.secret,
            scope_kind=found.scope_kind, scope_id=found.scope_id, name=chosen.name or found.name,
            expires_at=found.account_until)
    account.password_hash = staff.hashed(chosen.password)
    account.totp_sealed = staff.TOTP.seal(account.id, offered.secret) if offered.secret else None
    sessions.end_all(session, account.id)
    audit.record(session, "account.reset", "account", account.id)
    return account


def _judge(username: str, password: str) -> None:
    if wrong := judge_username(username):
        raise field_wrong("username", wrong)
    if wrong := judge_password(password, username):
        raise field_wrong("password", wrong)


def _offer(found: Invitation, account: Account | None) -> Offer:
    role = Role(account.role) if account else Role(found.role)
    secret = second_factor.offered(found.secret_hash) if role in staff.NEEDS_SECOND else None
    return Offer(role, account.name if account else found.name, account.username if account else None, secret)


def _made(purpose: str, role: Role, kind: str | None, key: str | None, name: str,
          lasts: timedelta) -> tuple[Invitation, str]:
    secret = secrets.token_urlsafe(32)
    made = Invitation(secret_hash=_hash(secret), purpose=purpose, role=role, scope_kind=kind, scope_id=key,
                      name=name[:80], created_by=actors.current().caller[:64], expires_at=clock.now() + lasts)
    return made, f"/join/{secret}"


def _open(secret: str) -> tuple[ColumnElement[bool], ...]:
    return (Invitation.secret_hash == _hash(secret), Invitation.purpose.in_(("staff", "reset", "first")),
            Invitation.used_at.is_(None), Invitation.expires_at > clock.now())


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
