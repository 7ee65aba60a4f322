"""Unsent scans of one phone that another one brings: taken as if their own phone had sent them."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.models import ApiToken, Device
from charter.access.service import proofs
from charter.boarding.problems import BundleRefused
from charter.boarding.rules import handing
from charter.boarding.service import scans
from charter.core import audit, clock
from charter.core.actor import Actor, Role
from charter.core.ids import uuid_or_none
from charter.core.sealed import derived, ring

__all__ = ["public_half", "take_bundle"]

MOST_OFF = timedelta(days=3)  # by which a phone's own measure of its clock is believed


def public_half() -> dict[str, Any]:
    """What phones seal their bundles to: the key's number, and x and y in base64."""
    key = handing.private_half(derived("handover"))
    return {"number": ring().active, "point": base64.b64encode(handing.point_of(key)).decode()}


def take_bundle(session: Session, bundle: str) -> list[dict[str, Any]]:
    """The answers to its scans, each as their own phone would have got it. Raises BundleRefused.

    Times are corrected by the offset that the phone measured at its last contact, whenever the bundle arrives.
    """
    device, told = _checked(session, bundle)
    token = session.scalar(select(ApiToken).where(ApiToken.device_id == device.id))
    offset = timedelta(milliseconds=told["offset_ms"])
    if token is None or abs(offset) > MOST_OFF:
        raise BundleRefused
    owner = Actor(Role.SCANNER, account_id=f"token:{token.id}"[:64], scope_kind=token.scope_kind,
                  scope_id=token.scope_id, name=token.name, token_id=str(token.id))
    audit.record(session, "scans.handed_over", "device", device.id, count=len(told["scans"]))
    return scans.take_batch(session, owner, (clock.now() - offset).isoformat(), told["scans"])


def _checked(session: Session, bundle: str) -> tuple[Device, dict[str, Any]]:
    try:
        raw = base64.b64decode(bundle, validate=True)
        number = int.from_bytes(raw[:2], "big")
        signature, text = handing.opened(handing.private_half(derived("handover", number)), raw)
        told = json.loads(handing.unpacked(text))
        known = uuid_or_none(told["device_id"])
        scanned, offset = told["scans"], told["offset_ms"]
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError) as error:
        raise BundleRefused from error
    device = session.get(Device, known) if isinstance(known, UUID) else None
    whole = isinstance(scanned, list) and isinstance(offset, int)
    if device is None or device.public_key is None or not whole:
        raise BundleRefused
    if not proofs.signed(device.public_key, signature, handing.DOMAIN + text):
        raise BundleRefused
    return device, told
