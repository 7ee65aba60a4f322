"""What somebody answers by the link in his message, and the call back that the hotline owes him."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.core import audit, clock
from charter.core.actor import current
from charter.core.problems import NotFound
from charter.registrations.models import Registration, Reply
from charter.registrations.queries import visible_registrations

__all__ = ["called_back", "reply"]


def reply(session: Session, registration_id: UUID, kind: str) -> None:
    """Keep the newest answer of this kind (coming, call_back); a second tap changes nothing but its hour.

    Raises NotFound.
    """
    found = session.scalar(select(Registration).where(Registration.id == registration_id,
                                                      visible_registrations(current())))
    if found is None:
        raise NotFound
    now = {"state": found.state, "at": clock.now(), "done_at": None, "done_by": None}
    session.execute(insert(Reply).values(campaign_id=found.campaign_id, registration_id=found.id, kind=kind, **now)
                    .on_conflict_do_update(index_elements=["campaign_id", "registration_id", "kind"], set_=now))
    audit.record(session, f"registration.{kind}", "registration", found.id)


def called_back(session: Session, registration_id: UUID) -> None:
    """Somebody of the desk has called; again changes nothing. Raises NotFound."""
    found = session.scalar(select(Registration).where(Registration.id == registration_id,
                                                      visible_registrations(current())))
    if found is None:
        raise NotFound
    done = session.execute(
        update(Reply).where(Reply.campaign_id == found.campaign_id, Reply.registration_id == found.id,
                            Reply.kind == "call_back", Reply.done_at.is_(None))
        .values(done_at=clock.now(), done_by=current().caller).returning(Reply.registration_id)).first()
    if done is not None:
        audit.record(session, "registration.called_back", "registration", found.id)
