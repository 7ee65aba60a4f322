"""The newest messages to a phone, for the local adapter that keeps them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.notices.models import Outbox
from charter.notices.service import CONTENT, phone_key

__all__ = ["newest_to"]


def newest_to(session: Session, phone: str, limit: int) -> list[str]:
    """Texts to this phone, the newest first."""
    rows = session.scalars(select(Outbox).where(Outbox.phone_tag == phone_key(phone))
                           .order_by(Outbox.created_at.desc()).limit(limit))
    return [CONTENT.open_bytes(row.id, row.content_sealed).decode() for row in rows if row.content_sealed]
