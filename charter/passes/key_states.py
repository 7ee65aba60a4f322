"""How the keys of boarding passes are doing, for the administrator."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.system import Line
from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.i18n import N_
from charter.passes.models import PassKey

__all__ = ["key_lines"]

SOON = timedelta(days=7)


def key_lines(session: Session) -> list[Line]:
    """One line a key of campaigns that are not over, the newest first."""
    rows = session.execute(
        select(PassKey, Campaign.name).join(Campaign, Campaign.id == PassKey.campaign_id)
        .where(PassKey.verify_until > clock.now()).order_by(Campaign.starts_on.desc(), PassKey.number.desc()).limit(50))
    return [_line(key, name) for key, name in rows]


def _line(key: PassKey, campaign: str) -> Line:
    name, now = f"{campaign} · {key.number}", clock.now()
    if key.revoked_at is not None:
        return Line(name, "stop", N_("乘车码密钥已吊销"), {})
    if key.sign_until is not None and key.sign_until <= now:
        return Line(name, "past", N_("只核对旧乘车码，到 %(day)s"), {"day": clock.local(key.verify_until).date()})
    if key.verify_until - now < SOON:
        return Line(name, "look", N_("%(day)s 到期，要继续签发就先换新"), {"day": clock.local(key.verify_until).date()})
    return Line(name, "go", N_("在签发乘车码，可核对到 %(day)s"), {"day": clock.local(key.verify_until).date()})
