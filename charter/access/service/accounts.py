"""Acts on accounts: end, open again, another role or scope, sign out, a way back in; and on one's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, false, func, select, update
from sqlalchemy.orm import Session

from charter.access.models import Account, ApiToken, Invitation
from charter.access.problems import LastManager, NoScope, NotYourself, WrongCode, field_wrong
from charter.access.rules.passwords import judge_password
from charter.access.service import invitations, second_factor, sessions, staff
from charter.access.service.tokens import ScopeMisfit, scope_fits
from charter.core import audit, clock
from charter.core.actor import Actor, Role
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.people.models import Employer

__all__ = ["activate", "change_password", "change_role", "deactivate", "end_sessions", "manageable", "new_recovery",
           "one", "reset", "set_up_second"]  # fmt: skip

LOCKED_KINDS = (Role.WORKER, Role.SCANNER)


def manageable(actor: Actor) -> ColumnElement[bool]:
    """The accounts that this actor looks after: all of the staff, or the clerks of his district or of all."""
    if actor.role == Role.SECURITY_MANAGER:
        return Account.role.not_in(LOCKED_KINDS)
    clerks = and_(Account.role == Role.EMPLOYER, Account.scope_kind == "employer")
    if actor.role == Role.CITY_ORGANIZER and actor.scope_kind is None:
        return clerks
    district = uuid_or_none(actor.scope("district") or "")
    if actor.role == Role.DISTRICT_ORGANIZER and district is not None:
        return and_(clerks, Account.scope_id.in_(select(cast(Employer.id, String)).where(
            Employer.district_id == district)))
    return false()


def one(session: Session, actor: Actor, account_id: UUID) -> Account:
    """An account that the actor looks after. Raises NotFound for missing and foreign alike."""
    found = session.scalar(select(Account).where(Account.id == account_id, manageable(actor)).with_for_update())
    if found is None:
        raise NotFound
    return found


def deactivate(session: Session, actor: Actor, account_id: UUID) -> None:
    """End an account: somebody has left. Its sessions, tokens and open links end with it.

    Raises NotFound, NotYourself, LastManager.
    """
    account = _other(session, actor, account_id)
    _not_the_last(session, account)
    account.active = False
    sessions.end_all(session, account.id)
    session.execute(update(ApiToken).where(ApiToken.made_by == str(account.id), ApiToken.revoked_at.is_(None))
                    .values(revoked_at=clock.now()))
    session.execute(update(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
                    .values(used_at=clock.now()))
    audit.record(session, "account.deactivated", "account", account.id)


def activate(session: Session, actor: Actor, account_id: UUID) -> None:
    """Open an account again. Raises NotFound, NoScope."""
    account = _other(session, actor, account_id)
    if not scope_fits(Role(account.role), account.scope_kind):
        raise NoScope
    account.active = True
    audit.record(session, "account.activated", "account", account.id)


def end_sessions(session: Session, actor: Actor, account_id: UUID) -> None:
    """Sign somebody out everywhere. Raises NotFound."""
    account = one(session, actor, account_id)
    sessions.end_all(session, account.id)
    audit.record(session, "account.signed_out", "account", account.id)


def reset(session: Session, actor: Actor, account_id: UUID) -> str:
    """A link for somebody who forgot the password or lost the second factor; signed out everywhere at once.

    Raises NotFound, NotYourself.
    """
    account = _other(session, actor, account_id)
    sessions.end_all(session, account.id)
    return invitations.invite_back(session, account)


def change_role(session: Session, actor: Actor, account_id: UUID, role: Role, scope_kind: str | None,
                scope_id: str | None, until: datetime | None) -> None:
    """Another role or scope; its sessions end. Raises NotFound, NotYourself, LastManager, ScopeMisfit, Invalid."""
    account = _other(session, actor, account_id)
    if role in LOCKED_KINDS or not scope_fits(role, scope_kind) or (scope_kind is None) != (scope_id is None):
        raise ScopeMisfit(f"{role} does not go with scope {scope_kind}")
    if role in staff.NEEDS_SECOND and account.totp_sealed is None:
        raise field_wrong("role", N_("这个角色需要动态码，而这个账号没有：请另发邀请"))
    if role != account.role:
        _not_the_last(session, account)
    account.role, account.scope_kind, account.scope_id, account.expires_at = role, scope_kind, scope_id, until
    sessions.end_all(session, account.id)
    audit.record(session, "account.role_changed", "account", account.id, role=role, scope=scope_kind)


def change_password(session: Session, actor: Actor, old: str, new: str) -> None:
    """One's own password; one's other sessions end. Raises Invalid at field `old` or `new`."""
    account = session.get_one(Account, UUID(actor.account_id or ""))
    if not staff.fits_password(account, old):
        raise field_wrong("old", N_("现在的密码不对"))
    if wrong := judge_password(new, account.username or ""):
        raise field_wrong("new", wrong)
    account.password_hash = staff.hashed(new)
    sessions.end_all(session, account.id, but=actor.session_id)
    audit.record(session, "account.password_changed", "account", account.id)


def new_recovery(session: Session, actor: Actor) -> list[str]:
    """Fresh recovery codes of one's own; the earlier ones end."""
    key = UUID(actor.account_id or "")
    audit.record(session, "recovery_codes.made", "account", key)
    return second_factor.new_codes(session, key)


def set_up_second(session: Session, actor: Actor, secret: str, digits: str) -> list[str]:
    """A second factor for an account that has none, or another one; fresh recovery codes. Raises WrongCode."""
    account = session.get_one(Account, UUID(actor.account_id or ""))
    step = second_factor.fits(secret, digits)
    if step is None:
        raise WrongCode
    account.totp_sealed, account.totp_last_step = staff.TOTP.seal(account.id, secret), step
    audit.record(session, "second_factor.set", "account", account.id)
    return second_factor.new_codes(session, account.id)


def _other(session: Session, actor: Actor, account_id: UUID) -> Account:
    if str(account_id) == actor.account_id:
        raise NotYourself
    return one(session, actor, account_id)


def _not_the_last(session: Session, account: Account) -> None:
    if account.role != Role.SECURITY_MANAGER or not account.active:
        return
    session.execute(select(Account.id).where(Account.role == Role.SECURITY_MANAGER).with_for_update())
    others = session.scalar(select(func.count()).select_from(Account).where(
        Account.role == Role.SECURITY_MANAGER, Account.active, Account.id != account.id))
    if not others:
        raise LastManager
