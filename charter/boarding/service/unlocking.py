"""The list for search on a volunteer's phone: give it out sealed, open it for a PIN, print the card that opens it."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from charter.access.models import Device
from charter.access.service import scanners
from charter.boarding import people_list
from charter.boarding.models import UnlockCard
from charter.boarding.problems import PinTooLate
from charter.boarding.trips import visible_trip
from charter.core import audit, clock, locks
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.core.sealed import SealedField
from charter.passes.rules import base45

__all__ = ["CARD", "Tried", "new_card", "set_pin", "the_list", "unlock"]

CARD = "CHARTER-CARD:"
SECRET = SealedField("unlock_card", "secret")


@dataclass(frozen=True, slots=True)
class Tried:
    """A PIN was tried: the list's key in base64, or None with the tries that are left."""

    key: str | None
    left: int


def the_list(session: Session, departure_id: int, actor: Actor, before: int | None = None) -> dict[str, Any]:
    """The list for search, sealed for this phone. Raises NotFound for another departure and for a plain token.

    `before`: the version that the phone has open now; who holds its key can open this one.
    """
    found = visible_trip(session, departure_id, actor)
    _, secret = _phone(session, actor)
    card = session.get(UnlockCard, departure_id)
    opened = SECRET.open_bytes(departure_id, card.secret_sealed) if card else None
    return people_list.sealed_list(session, found, secret, opened, before)


def set_pin(session: Session, departure_id: int, actor: Actor, pin: str) -> None:
    """The volunteer's own PIN, six digits. Raises NotFound, Invalid, PinTooLate a while after the phone joined."""
    visible_trip(session, departure_id, actor)
    if not re.fullmatch("[0-9]{6}", pin) or len(set(pin)) == 1:
        raise Invalid(errors=[FieldProblem("pin", "invalid", N_("请设六位数字，不要全部相同"))])
    phone, _ = _phone(session, actor)
    if not scanners.set_pin(session, phone, pin):
        raise PinTooLate


def unlock(session: Session, departure_id: int, actor: Actor, pin: str, version: int) -> Tried:
    """The key of the phone's list in that version, for the right PIN. Five wrong ones, and no more. Raises NotFound."""
    visible_trip(session, departure_id, actor)
    phone, secret = _phone(session, actor)
    left = scanners.try_pin(session, phone, pin)
    if left is not None:
        return Tried(None, left)
    return Tried(base64.b64encode(people_list.list_key(secret, departure_id, version, "people")).decode(),
                 scanners.TRIES)


def new_card(session: Session, departure_id: int, actor: Actor) -> str:
    """The text of a fresh unlock card; the one before opens no list that is fetched from now on. Raises NotFound."""
    visible_trip(session, departure_id, actor)
    locks.take(session, "boarding", [departure_id])
    secret = secrets.token_bytes(16)
    card = session.get(UnlockCard, departure_id)
    if card is None:
        card = UnlockCard(departure_id=departure_id, number=0)
        session.add(card)
    card.secret_sealed, card.number = SECRET.seal_bytes(departure_id, secret), card.number + 1
    card.made_by, card.made_at = actor.caller[:64], clock.now()
    audit.record(session, "unlock_card.made", "departure", departure_id, number=card.number)
    return CARD + base45.encode(secret)


def _phone(session: Session, actor: Actor) -> tuple[Device, bytes]:
    phone = scanners.phone_of(session, actor.token_id)
    secret = scanners.secret_of(phone) if phone else None
    if phone is None or secret is None:
        raise NotFound
    return phone, secret
