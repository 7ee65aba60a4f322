"""Rate limits: GCRA buckets in one statement each, never read and then written."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from charter.core import clock
from charter.core.sealed import mac

__all__ = ["take"]

TAKE = text("""
INSERT INTO rate_bucket (key, full_at) VALUES (:key, :now + :each)
ON CONFLICT (key) DO UPDATE SET full_at = greatest(rate_bucket.full_at, :now) + :each
WHERE rate_bucket.full_at <= :now + :burst - :each
RETURNING full_at
""")


def take(session: Session, name: str, *, times: int, within: timedelta) -> bool:
    """Whether one more is allowed of `times` within that span; counts it where it is."""
    return session.execute(TAKE, {"key": mac("tag/login", name)[:16], "now": clock.now(), "each": within / times,
                                  "burst": within}).first() is not None
