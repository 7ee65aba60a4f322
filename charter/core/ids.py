"""Numbers and names of things: random 48-bit departures, random 63-bit booking serials, UUIDs for all else."""

from __future__ import annotations

import os
import secrets
from uuid import UUID, uuid4

__all__ = ["MAX_DEPARTURE", "MAX_SERIAL", "new_departure", "new_serial", "new_uuid", "new_uuids", "uuid_or_none"]

MAX_DEPARTURE = 2**48 - 1
MAX_SERIAL = 2**63 - 1


def new_departure() -> int:
    """A departure's 48-bit number; random, so that a foreign one is not found by counting up."""
    return secrets.randbelow(MAX_DEPARTURE) + 1


def new_serial() -> int:
    """A booking's random 63-bit serial."""
    return secrets.randbelow(MAX_SERIAL) + 1


def new_uuid() -> UUID:
    """An id made before the insert, since sealed values are bound to it."""
    return uuid4()


def new_uuids(count: int) -> list[UUID]:
    """As many at once, by one call of the system's source of chance."""
    raw = os.urandom(16 * count)
    return [UUID(bytes=raw[at : at + 16], version=4) for at in range(0, 16 * count, 16)]


def uuid_or_none(text: str) -> UUID | None:
    """The UUID that the text writes in its canonical form, else None."""
    try:
        found = UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
    return found if str(found) == text.lower() else None
