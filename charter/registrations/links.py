"""The link in a message: a request's id with a keyed code, by which its person answers without signing in."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from charter.core.sealed import derived, ring

__all__ = ["code_of", "opened"]

SHORT = 12  # bytes of the keyed code: 96 bits, which nobody guesses
WHOLE = 16 + SHORT


def code_of(registration_id: UUID) -> str:
    """38 letters for the address of this request's page."""
    return base64.urlsafe_b64encode(registration_id.bytes + _mac(registration_id, ring().active)).decode().rstrip("=")


def opened(code: str) -> UUID | None:
    """The request that a link names, or None for one that we did not write. Links of retired keys are dead."""
    try:
        content = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(content) != WHOLE:
        return None
    named = UUID(bytes=content[:16])
    fits = [hmac.compare_digest(content[16:], _mac(named, number)) for number, _ in ring().roots]
    return named if any(fits) and code == base64.urlsafe_b64encode(content).decode().rstrip("=") else None


def _mac(registration_id: UUID, number: int) -> bytes:
    return hmac.new(derived("link", number), b"registration|" + registration_id.bytes, hashlib.sha256).digest()[:SHORT]
