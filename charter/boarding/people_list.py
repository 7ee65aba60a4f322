"""The list for search on a phone: one box of its own for each phone and version, and the ways to its key.

The key comes from 32 random bytes that only the server keeps: it is told for the volunteer's PIN, or stands wrapped for
whoever holds the printed unlock card, or for who has opened the version before. Nothing a person could guess opens it.
"""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding import manifest
from charter.boarding.trips import Trip
from charter.bookings.models import Booking
from charter.core import audit
from charter.core.sealed import SealedField
from charter.people.models import Worker
from charter.registrations.models import Registration

__all__ = ["list_key", "sealed_list"]

PHONE = SealedField("worker", "phone")
PADDED_TO = 1024  # bytes, so that the length tells little


def list_key(secret: bytes, departure_id: int, version: int, purpose: str) -> bytes:
    """The 32-byte key of a departure's list in one version. `purpose`: people (the list) or card (its wrapping)."""
    salt = departure_id.to_bytes(6, "big") + version.to_bytes(4, "big")
    return HKDF(SHA256(), 32, salt=salt, info=purpose.encode()).derive(secret)


def sealed_list(session: Session, found: Trip, secret: bytes, card: bytes | None, before: int | None) -> dict[str, Any]:
    """The list in its box; its key wrapped by the card's secret, and by the key of the version `before`.

    Each box is nonce 12 | AES-256-GCM text and tag, in base64.
    """
    number = manifest.version(session, found.departure_id)
    key = list_key(secret, found.departure_id, number, "people")
    text = json.dumps(_items(session, found), ensure_ascii=False, separators=(",", ":")).encode()
    older = list_key(secret, found.departure_id, before, "people") if before is not None else None
    return {
        "departure_id": str(found.departure_id), "version": number,
        "box": _box(key, text.ljust(-(-len(text) // PADDED_TO) * PADDED_TO)),
        "by_card": _box(list_key(card, found.departure_id, number, "card"), key) if card else None,
        "by_older": _box(older, key) if older else None}


def _items(session: Session, found: Trip) -> list[dict[str, Any]]:
    people = manifest.people(session, found)
    rows = session.execute(
        select(Booking.id, Worker.id, Worker.name_pinyin, Worker.phone_sealed)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id)).join(Worker, Worker.id == Registration.worker_id)
        .where(Booking.departure_id == found.departure_id, Booking.state == "confirmed")).all()
    sealed = [(str(booking), PHONE.view(worker, phone)) for booking, worker, _, phone in rows if phone]
    clear = audit.reveal_many(session, [phone for _, phone in sealed], "志愿者手机上的名单", "departure",
                              found.departure_id)
    phones = dict(zip([booking for booking, _ in sealed], clear, strict=True))
    pinyin = {str(booking): spelled for booking, _, spelled, _ in rows}
    return [{"booking_id": one.booking_id, "name": one.name, "pinyin": pinyin.get(one.booking_id, ""),
             "last_four": one.last_four, "seat": one.seat, "stop_id": one.stop_id, "party": one.party,
             "lap_children": one.lap_children, "needs": one.needs, "phone": phones.get(one.booking_id)}
            for one in people]


def _box(key: bytes, text: bytes) -> str:
    nonce = os.urandom(12)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text, None)).decode()
