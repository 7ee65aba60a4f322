"""Sending what waits in the outbox: claimed with a lease, handed to the gateway, then marked. At least once."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from charter.core import clock
from charter.core.db import act
from charter.core.settings import current
from charter.notices.gateways import Gateway, Refused, Unreachable, gateway
from charter.notices.models import Outbox, TemplateState
from charter.notices.rules import MOST_A_DAY
from charter.notices.service import CONTENT, PHONE, VALUES

__all__ = ["send_waiting"]

BATCH = 50
DAY, PAUSE = timedelta(hours=24), timedelta(hours=1)
LEASE = timedelta(minutes=10)  # a sender that has not marked its messages by then is taken for dead
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 21_600, 86_400))
PATIENCE = {"sign_in_code": timedelta(minutes=5)}  # what is older helps nobody any more


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed message, in clear."""

    id: UUID
    phone: str
    text: str
    sealed: bytes | None
    values: bytes | None
    tries: int
    late: bool
    more: dict[str, Any]


def send_waiting(by: Gateway | None = None) -> int:
    """Send all that waits now; how many messages the gateway took. Several processes may do so at once."""
    taken, by = 0, by or gateway(current().sms, current().sms_secret)
    while letters := act(_claim):
        outcomes = [_send(letter, by) for letter in letters]
        act(_mark, outcomes)
        taken += sum(outcome["state"] == "sent" for outcome in outcomes)
    return taken


def _send(letter: Letter, by: Gateway) -> dict[str, Any]:
    """Hand one message over; the columns that say how it went."""
    outcome: dict[str, Any] = {"id": letter.id, "state": "failed", "gateway_id": None, "sent_at": None,
                               "content_sealed": None, "values_sealed": None, "next_try_at": clock.now()}
    if letter.late:
        return outcome
    try:
        number = by.send(str(letter.id), letter.phone, letter.text, letter.more)
    except Refused:
        return outcome
    except Unreachable:
        return outcome | _later(letter)
    text = letter.sealed if by.keeps_text else None
    return outcome | {"state": "sent", "gateway_id": number, "sent_at": clock.now(), "content_sealed": text}


def _later(letter: Letter) -> dict[str, Any]:
    if letter.tries > len(WAITS):
        return {}
    spread = random.uniform(1.0, 1.2)  # noqa: S311 - so that messages that failed together do not return together
    return {"state": "waiting", "content_sealed": letter.sealed, "values_sealed": letter.values,
            "next_try_at": clock.now() + WAITS[letter.tries - 1] * spread}


def _claim(session: Session) -> list[Letter]:
    now = clock.now()
    due = (select(Outbox.id).where(Outbox.state.in_(("waiting", "sending")), Outbox.next_try_at <= now)
           .order_by(Outbox.next_try_at).limit(BATCH).with_for_update(skip_locked=True))
    rows = session.execute(
        update(Outbox).where(Outbox.id.in_(due)).values(state="sending", tries=Outbox.tries + 1,
                                                        next_try_at=now + LEASE)
        .returning(Outbox.id, Outbox.template, Outbox.phone_sealed, Outbox.phone_tag, Outbox.content_sealed,
                   Outbox.values_sealed, Outbox.tries, Outbox.created_at)).all()
    full = _full(session, {row.phone_tag for row in rows if row.template not in PATIENCE}, now)
    later = [row.id for row in rows if row.template not in PATIENCE and row.phone_tag in full]
    if later:
        session.execute(update(Outbox).where(Outbox.id.in_(later)).values(
            state="waiting", tries=Outbox.tries - 1, next_try_at=now + PAUSE))
    known = {row.name: row.provider_id for row in session.scalars(select(TemplateState))}
    return [_letter(row, known.get(row.template, ""), now) for row in rows if row.id not in later]


def _letter(row: Any, provider_id: str, now: datetime) -> Letter:
    text = CONTENT.open_bytes(row.id, row.content_sealed or b"").decode()
    return Letter(row.id, PHONE.open_bytes(row.id, row.phone_sealed).decode(), text, row.content_sealed,
                  row.values_sealed, row.tries, _late(row.template, row.created_at, now), _more(provider_id, row))


def _more(provider_id: str, row: Any) -> dict[str, Any]:
    if not provider_id or row.values_sealed is None:
        return {}
    return {"template": provider_id, "values": json.loads(VALUES.open_bytes(row.id, row.values_sealed))}


def _full(session: Session, phones: set[bytes], now: datetime) -> set[bytes]:
    """Numbers that have had as many notices in 24 hours as a provider lets through."""
    rows = session.execute(
        select(Outbox.phone_tag).where(Outbox.phone_tag.in_(phones), Outbox.template.not_in(list(PATIENCE)),
                                       Outbox.state == "sent", Outbox.sent_at > now - DAY)
        .group_by(Outbox.phone_tag).having(func.count() >= MOST_A_DAY))
    return set(rows.scalars())


def _late(template: str, written_at: datetime, now: datetime) -> bool:
    return template in PATIENCE and now - written_at > PATIENCE[template]


def _mark(session: Session, outcomes: list[dict[str, Any]]) -> None:
    session.execute(update(Outbox), outcomes)
