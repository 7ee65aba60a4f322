"""Signing keys of a campaign: made, rotated, revoked; the private halves are wrapped at rest.

A revision keeps the key of the time when it was made, so that a rotation leaves old pictures and lists good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import audit, clock, locks
from charter.core.problems import NotFound
from charter.core.sealed import SealedField
from charter.passes.models import PassKey
from charter.passes.rules import codec

__all__ = ["ensure", "private_half", "revoke", "rotate", "signing", "verify_keys"]

LIFE = timedelta(days=30)
AFTER = timedelta(days=4)  # a pass signed for the campaign's last day ends 48 h after its planned time


class _Wrap(SealedField):
    """Private keys have a purpose of their own, and rows named by campaign and number."""

    @property
    def purpose(self) -> str:
        return "pass-key-wrap"


WRAP = _Wrap("pass_key", "private_wrapped")


def ensure(session: Session, campaign_id: UUID) -> None:
    """Have a key that signs: a first one, or a fresh one where the last is older than 30 days or was revoked."""
    now = clock.now()
    if not any(_signs(key, now) for key in _all(session, campaign_id)):
        rotate(session, campaign_id)


def rotate(session: Session, campaign_id: UUID) -> PassKey:
    """A fresh key signs from now on; the others only verify. Raises NotFound for an unknown campaign."""
    locks.take(session, "pass-key", ["number"])
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    now, earlier = clock.now(), _all(session, campaign_id)
    for key in earlier:
        key.sign_until = min(key.sign_until or now, now)
    number = 1 + (session.scalar(select(func.max(PassKey.number))) or 0)
    private = ec.generate_private_key(ec.SECP256R1())
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    last = clock.day_bounds(campaign.ends_on)[1]
    made = PassKey(campaign_id=campaign_id, number=number, public=codec.verify_key(number, private.public_key()).point,
                   private_wrapped=WRAP.seal_bytes(_row(campaign_id, number), der),
                   sign_from=now if earlier else min(now, campaign.created_at), sign_until=now + LIFE,
                   verify_until=max(last, now + LIFE) + AFTER)
    session.add(made)
    session.flush()
    audit.record(session, "pass_key.made", "pass_key", _row(campaign_id, number))
    return made


def revoke(session: Session, campaign_id: UUID, number: int) -> None:
    """The private half was lost: no pass that it signed is good any more; a fresh key signs them all anew."""
    key = session.get(PassKey, (campaign_id, number))
    if key is None:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        session.flush()
        audit.record(session, "pass_key.revoked", "pass_key", _row(campaign_id, number))
    ensure(session, campaign_id)


def verify_keys(session: Session, campaign_id: UUID) -> dict[int, codec.VerifyKey]:
    """The campaign's public halves by number, revoked ones marked."""
    return {key.number: codec.VerifyKey(key.number, key.public, key.revoked_at is not None)
            for key in _all(session, campaign_id)}


def signing(keys: Sequence[PassKey], made_at: datetime) -> PassKey:
    """The key of a revision made at that time: of the good keys the last that had begun, else the first.

    Raises NotFound where the campaign has no good key (`ensure` makes one).
    """
    good = [key for key in sorted(keys, key=lambda key: (key.sign_from, key.number)) if key.revoked_at is None]
    if not good:
        raise NotFound
    begun = [key for key in good if key.sign_from <= made_at]
    return begun[-1] if begun else good[0]


def private_half(key: PassKey) -> ec.EllipticCurvePrivateKey:
    """The key that signs. Raises ValueError where it does not open under the ring."""
    return _unwrapped(_row(key.campaign_id, key.number), key.private_wrapped)


@lru_cache(maxsize=64)
def _unwrapped(row: str, wrapped: bytes) -> ec.EllipticCurvePrivateKey:
    private = load_der_private_key(WRAP.open_bytes(row, wrapped), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError("not an elliptic key")
    return private


def _all(session: Session, campaign_id: UUID) -> Sequence[PassKey]:
    return session.scalars(select(PassKey).where(PassKey.campaign_id == campaign_id).order_by(PassKey.number)).all()


def _signs(key: PassKey, now: datetime) -> bool:
    return key.revoked_at is None and key.sign_from <= now and (key.sign_until is None or now < key.sign_until)


def _row(campaign_id: UUID, number: int) -> str:
    return f"{campaign_id}/{number}"
