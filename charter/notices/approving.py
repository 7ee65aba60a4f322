"""Templates and their approval; and who has to be called, because theirs is not approved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.problems import NotFound
from charter.notices.models import Outbox, TemplateState
from charter.notices.problems import TemplateNotApproved
from charter.notices.service import CONTENT, PHONE, not_approved, templates

__all__ = ["ListedCall", "called", "listed", "require", "set_state", "states"]

SHOWN = 500


@dataclass(frozen=True, slots=True)
class ListedCall:
    """Somebody to call: his number, and the words that the message would have said."""

    id: UUID
    phone: str
    text: str
    written_at: datetime


def states(session: Session) -> dict[str, TemplateState]:
    """Every template; those that nobody has handed in yet are drafts."""
    known = {row.name: row for row in session.scalars(select(TemplateState))}
    return {name: known.get(name) or TemplateState(name=name, state="draft", provider_id="", note="")
            for name in templates()}


def require(session: Session, names: Iterable[str]) -> None:
    """Raises TemplateNotApproved where a real gateway would not send one of these."""
    if not_approved(session) & set(names):
        raise TemplateNotApproved


def set_state(session: Session, name: str, state: str, provider_id: str, note: str) -> None:
    """Write down what the provider says. Raises NotFound."""
    if name not in templates():
        raise NotFound
    session.merge(TemplateState(name=name, state=state, provider_id=provider_id, note=note, changed_at=clock.now()))
    audit.record(session, "notice.template", "notice_template", name, state=state)


def listed(session: Session, actor: Actor) -> list[ListedCall]:
    """Who has to be called, the oldest first; audited."""
    query = select(Outbox).where(Outbox.state == "listed", Outbox.called_at.is_(None))
    only = actor.scope("campaign")
    if only is not None:
        query = query.where(Outbox.campaign_id == UUID(only))
    rows = session.scalars(query.order_by(Outbox.created_at).limit(SHOWN)).all()
    phones = audit.reveal_many(session, [PHONE.view(row.id, row.phone_sealed) for row in rows], "改打电话", "outbox",
                               len(rows))
    return [ListedCall(row.id, phone, CONTENT.open_bytes(row.id, row.content_sealed or b"").decode(), row.created_at)
            for row, phone in zip(rows, phones, strict=True) if row.content_sealed]


def called(session: Session, message_id: UUID, actor: Actor) -> None:
    """He has been told; the words go. Raises NotFound."""
    row = session.get(Outbox, message_id, with_for_update=True)
    if row is None or row.state != "listed" or actor.scope("campaign") not in (None, str(row.campaign_id)):
        raise NotFound
    row.called_at, row.content_sealed, row.values_sealed = clock.now(), None, None
    audit.record(session, "notice.called", "outbox", row.id)
