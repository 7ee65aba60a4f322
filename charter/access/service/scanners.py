"""A volunteer's phone gets in: an invitation that works once, for 10 minutes, becomes a scanner token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from charter.access.models import ApiToken, Device, Invitation
from charter.access.service.tokens import create_token, revoke_token
from charter.core import actor as actors
from charter.core import audit, clock
from charter.core.actor import Role
from charter.core.ids import new_uuid, uuid_or_none
from charter.core.problems import NotFound
from charter.core.sealed import SealedField, mac

__all__ = ["Enrolled", "enroll", "invite_scanner", "phone_of", "revoke_scanner", "secret_of", "set_pin", "try_pin"]

LASTS = timedelta(minutes=10)
PIN_WITHIN = timedelta(minutes=30)  # a found phone must not be given a PIN by whoever found it
TRIES = 5
SECRET = SealedField("device", "secret")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A phone that was let in; `token` is shown this once."""

    departure_id: int
    device_id: UUID
    token: str


def invite_scanner(session: Session, departure_id: int) -> str:
    """A fresh invitation to scan one departure; the returned secret is shown this once."""
    secret = secrets.token_urlsafe(24)
    made = Invitation(secret_hash=_hash(secret), purpose="scanner", role=Role.SCANNER, scope_kind="departure",
                      scope_id=str(departure_id), created_by=actors.current().caller[:64],
                      expires_at=clock.now() + LASTS)
    session.add(made)
    session.flush()
    audit.record(session, "scanner.invited", "departure", departure_id, invitation=str(made.id))
    return secret


def enroll(session: Session, secret: str, name: str, until: datetime | None = None,
           key: bytes | None = None) -> Enrolled | None:
    """Let in a phone that shows an invitation; None where it was used or has expired.

    With a `key` (x and y of its P-256 key) each of its requests has to be signed by it.
    """
    spent = session.execute(
        update(Invitation).where(Invitation.secret_hash == _hash(secret), Invitation.purpose == "scanner",
                                 Invitation.used_at.is_(None), Invitation.expires_at > clock.now())
        .values(used_at=clock.now()).returning(Invitation.scope_id)).first()
    if spent is None:
        return None
    departure_id = int(spent.scope_id)
    device = Device(id=new_uuid(), departure_id=departure_id, name=name[:80], public_key=key)
    device.secret_sealed = SECRET.seal_bytes(device.id, secrets.token_bytes(32))
    session.add(device)
    session.flush()
    days = max((until - clock.now()) / timedelta(days=1), 0.1) if until else 3
    _, token = create_token(session, Role.SCANNER, "departure", str(departure_id), days=days, name=device.name,
                            device_id=device.id)
    return Enrolled(departure_id, device.id, token)


def phone_of(session: Session, token_id: str | None) -> Device | None:
    """The phone that a token belongs to; None for a plain token."""
    known = uuid_or_none(token_id or "")
    token = session.get(ApiToken, known) if known else None
    return session.get(Device, token.device_id) if token and token.device_id else None


def secret_of(device: Device) -> bytes | None:
    """The 32 random bytes from which the keys of this phone's lists are made."""
    return SECRET.open_bytes(device.id, device.secret_sealed) if device.secret_sealed else None


def set_pin(session: Session, device: Device, pin: str) -> bool:
    """Give the phone its volunteer's PIN: once, and only just after it joined; else false."""
    if device.pin_mac is not None or clock.now() - device.enrolled_at > PIN_WITHIN:
        return False
    device.pin_mac = _pin(device, pin)
    audit.record(session, "scanner.pin_set", "device", device.id)
    return True


def try_pin(session: Session, device: Device, pin: str) -> int | None:
    """None where the PIN is right, else how many tries are left; the try is counted before it is compared.

    Nobody raises here, so that a wrong try stays counted.
    """
    counted = session.execute(
        update(Device).where(Device.id == device.id, Device.pin_tries < TRIES, Device.pin_mac.is_not(None))
        .values(pin_tries=Device.pin_tries + 1).returning(Device.pin_tries, Device.pin_mac)
        .execution_options(synchronize_session=False)).first()
    if counted is None:
        return 0
    if not hmac.compare_digest(counted.pin_mac, _pin(device, pin)):
        audit.record(session, "scanner.pin_wrong", "device", device.id, tries=counted.pin_tries)
        return TRIES - int(counted.pin_tries)
    session.execute(update(Device).where(Device.id == device.id).values(pin_tries=0)
                    .execution_options(synchronize_session=False))
    audit.record(session, "scanner.unlocked", "device", device.id)
    return None


def revoke_scanner(session: Session, token_id: str, departure_id: int) -> None:
    """End a phone's token. Raises NotFound where it is no scanner of that departure."""
    known = uuid_or_none(token_id)
    token = session.get(ApiToken, known) if known else None
    if token is None or token.role != Role.SCANNER or token.scope_id != str(departure_id):
        raise NotFound
    revoke_token(session, token.id)


def _pin(device: Device, pin: str) -> bytes:
    return mac("pin", f"{device.id}|{pin}")


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
