"""What access keeps for a time only, removed when that time is over."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from charter.access.models import CodeChallenge, LoginSession, RateBucket
from charter.core import clock

__all__ = ["remove_expired"]

KEPT = timedelta(days=1)  # so that a question about yesterday evening can still be answered


def remove_expired(session: Session) -> int:
    """Sessions that have ended, codes that nobody can use, limits that are full again; how many rows."""
    now = clock.now()
    removed = [session.execute(delete(LoginSession).where(LoginSession.ends_at <= now - KEPT)),
               session.execute(delete(CodeChallenge).where(CodeChallenge.expires_at <= now - KEPT)),
               session.execute(delete(RateBucket).where(RateBucket.full_at <= now))]
    return sum(result.rowcount for result in removed)  # type: ignore[attr-defined]
