"""Prove again who one is, before something that would hurt in the wrong hands."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import limits, sessions, staff
from charter.core import audit
from charter.core.actor import Actor

__all__ = ["step_up"]


def step_up(session: Session, actor: Actor, proof: str) -> str | None:
    """The session's new cookie, fresh for 15 minutes; None where the second factor (the password of an account that
    has none) is wrong."""
    account = session.get_one(Account, UUID(actor.account_id or ""))
    if account.totp_sealed is not None:
        good = staff.check_second(session, account, proof)
    else:
        good = limits.take(session, f"step-up|{account.id}", times=10,
                           within=timedelta(minutes=10)) and staff.fits_password(account, proof)
    audit.record(session, "step_up.done" if good else "step_up.refused", "account", account.id)
    return sessions.renew(session, actor.session_id or "", fresh=True) if good else None
