"""The phones that scan for a departure: which they are, and taking one out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.models import ApiToken, Device
from charter.access.service.scanners import phone_of, revoke_scanner
from charter.boarding.trips import visible_trip
from charter.core import clock
from charter.core.actor import Actor, Role

__all__ = ["Phone", "holds", "phones", "take_out"]


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone; `state` is in, out or over. `token_id` names it in a form and opens nothing.

    `list_version` is the newest list that it has fetched, None before.
    """

    token_id: UUID
    name: str
    enrolled_at: datetime
    last_used_at: datetime | None
    state: str
    list_version: int | None = None


def phones(session: Session, departure_id: int, actor: Actor) -> list[Phone]:
    """Phones of a departure that the actor may see, the newest first. Raises NotFound."""
    visible_trip(session, departure_id, actor)
    rows = session.execute(
        select(ApiToken, Device).outerjoin(Device, Device.id == ApiToken.device_id)
        .where(ApiToken.role == Role.SCANNER, ApiToken.scope_id == str(departure_id))
        .order_by(ApiToken.created_at.desc(), ApiToken.id).limit(200))
    return [Phone(token.id, device.name if device else token.name, token.created_at, token.last_used_at, _state(token),
                  device.list_version if device else None)
            for token, device in rows]


def take_out(session: Session, departure_id: int, actor: Actor, token_id: UUID) -> None:
    """A phone is lost or its volunteer has gone: it scans no more; what it sends later is kept as evidence only.

    Raises NotFound.
    """
    visible_trip(session, departure_id, actor)
    revoke_scanner(session, str(token_id), departure_id)


def holds(session: Session, actor: Actor, version: int) -> None:
    """The phone has got the list in this version."""
    phone = phone_of(session, actor.token_id)
    if phone is not None and phone.list_version != version:
        phone.list_version = version


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "out"
    return "over" if token.expires_at <= clock.now() else "in"
