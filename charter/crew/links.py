"""Links without an account: an invitation to sign up, and a member's own page and calendar. Keyed codes, no look-up."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from charter.core.sealed import derived, ring

__all__ = ["calendar_code", "invitation_code", "invited", "member_code", "named", "of_calendar"]

SHORT = 16  # bytes of the keyed code
Named = tuple[UUID, int]


def invitation_code(invitation_id: UUID) -> str:
    """For the address of the sign-up page."""
    return _code("invitation", invitation_id, 1)


def invited(code: str) -> UUID | None:
    """The invitation that a code names; None for one that we did not write."""
    found = _opened("invitation", code)
    return found[0] if found else None


def member_code(member_id: UUID, revision: int) -> str:
    """For the address of a member's own page."""
    return _code("member", member_id, revision)


def named(code: str) -> Named | None:
    """The member and the revision that a code names."""
    return _opened("member", code)


def calendar_code(member_id: UUID, revision: int) -> str:
    """For the address of a member's calendar: it opens nothing else, since calendars are given to programs."""
    return _code("calendar", member_id, revision)


def of_calendar(code: str) -> Named | None:
    """The member and the revision that a calendar's code names."""
    return _opened("calendar", code)


def _code(kind: str, key: UUID, revision: int) -> str:
    content = key.bytes + revision.to_bytes(2, "big")
    return base64.urlsafe_b64encode(content + _mac(kind, content, ring().active)).decode().rstrip("=")


def _opened(kind: str, code: str) -> Named | None:
    try:
        content = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(content) != 18 + SHORT or code != base64.urlsafe_b64encode(content).decode().rstrip("="):
        return None
    fits = [hmac.compare_digest(content[18:], _mac(kind, content[:18], number)) for number, _ in ring().roots]
    return (UUID(bytes=content[:16]), int.from_bytes(content[16:18], "big")) if any(fits) else None


def _mac(kind: str, content: bytes, number: int) -> bytes:
    return hmac.new(derived("link", number), f"crew {kind}|".encode() + content, hashlib.sha256).digest()[:SHORT]
