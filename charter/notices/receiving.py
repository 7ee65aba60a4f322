"""What the texting service says by itself: receipts, and answers of people. Signed, no older than five minutes, each
counted once.
"""

from __future__ import annotations

import hmac
import re

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.core import clock
from charter.core.deferral import defer
from charter.core.outgoing import signature
from charter.core.settings import current
from charter.notices.models import Inbound, Outbox
from charter.notices.problems import BadSignature
from charter.notices.service import phone_key

__all__ = ["HEARD", "check", "hear", "receipt", "said"]

HEARD = "bookings.heard"  # the job that acts on an answer
WINDOW_SECONDS = 300
YES, NO = re.compile(r"^(1|１|一|来|会来|是|yes|y)[。.!！]?$", re.IGNORECASE), re.compile(
    r"^(2|２|二|不来|不来了|不去|否|no|n)[。.!！]?$", re.IGNORECASE)


def check(body: bytes, key: str, at: str, signed: str) -> None:
    """Raises BadSignature; also where no secret is set, since anybody could answer for anybody."""
    secret = current().sms_secret.encode()
    fresh = at.isascii() and at.isdecimal() and len(at) < 12 and abs(
        clock.now().timestamp() - int(at)) <= WINDOW_SECONDS
    if not secret or not fresh or not hmac.compare_digest(signature(secret, key, int(at), body).encode(),
                                                          signed.encode()):
        raise BadSignature


def receipt(session: Session, gateway_id: str, delivered: bool, code: str) -> bool:
    """A message reached its phone, or did not; False where we know no such message. The same again changes nothing."""
    row = session.scalars(select(Outbox).where(Outbox.gateway_id == gateway_id).with_for_update()).first()
    if row is None:
        return False
    if delivered and row.delivered_at is None:
        row.delivered_at, row.receipt = clock.now(), ""
        if row.state == "failed":
            row.state = "sent"
    elif not delivered and row.delivered_at is None:
        row.state, row.receipt = "failed", code[:40]
    return True


def hear(session: Session, key: str, phone: str, text: str) -> bool:
    """Somebody answered; False where this answer was heard before. What he wrote is not kept, only what it means."""
    made = session.execute(insert(Inbound).values(
        id=key[:80], phone_tag=phone_key(phone.removeprefix("+86")), said=said(text), at=clock.now())
        .on_conflict_do_nothing(index_elements=["id"]).returning(Inbound.id)).scalar()
    if made is None:
        return False
    defer(session, HEARD, inbound_id=made)
    return True


def said(text: str) -> str:
    """yes, no or other."""
    words = text.strip()
    return "yes" if YES.match(words) else "no" if NO.match(words) else "other"
