"""One scan as a device sent it: its fields read strictly, so that a broken one harms only itself."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from charter.boarding.rules.verdicts import KINDS

__all__ = ["Malformed", "Sent", "misplaced", "moment", "read", "scan_id_as_sent"]

FIELDS = frozenset({"scan_id", "pass", "booking_id", "departure_id", "stop_id", "kind", "undoes", "scanned_at", "shown",
                    "reason"})
EARLIEST, LATEST = 1970, 2999  # beyond these years nothing was ever scanned, however wrong the clock
LONGEST = {"pass": 200, "booking_id": 20, "departure_id": 20, "shown": 40, "reason": 500}


class Malformed(Exception):
    """The scan cannot be judged or stored."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A scan that can be judged. `booking` is None where the text is no serial; times are as the device claims."""

    scan_id: UUID
    kind: str
    departure: str
    stop_id: UUID | None
    pass_text: str | None
    booking: int | None
    by_hand: bool
    undoes: UUID | None
    scanned_at: datetime
    shown: str
    reason: str


def read(raw: Any) -> Sent:
    """The scan, whatever its stop. Raises Malformed."""
    if not isinstance(raw, Mapping) or not raw.keys() <= FIELDS:
        raise Malformed
    text = {name: _text(raw, name) for name in LONGEST}
    kind, undoes, stop_id = raw.get("kind"), _uuid(raw.get("undoes")), _uuid(raw.get("stop_id"))
    given = [name for name in ("pass", "booking_id") if raw.get(name) is not None]
    scan_id, claimed = _uuid(raw.get("scan_id")), text["departure_id"]
    if kind not in KINDS or scan_id is None or not claimed or (undoes is not None) != (kind == "undo"):
        raise Malformed
    if len(given) != 1 and not (kind == "undo" and not given):
        raise Malformed
    return Sent(scan_id, kind, claimed, stop_id, text["pass"] if given == ["pass"] else None,
                _serial(text["booking_id"]), given == ["booking_id"], undoes, moment(raw.get("scanned_at")),
                text["shown"], text["reason"])


def misplaced(sent: Sent, stops: Container[UUID], departure: str) -> bool:
    """Whether a scan of the device's own `departure` names a stop that is none of its `stops`: malformed, too."""
    return sent.stop_id is not None and sent.departure == departure and sent.stop_id not in stops


def scan_id_as_sent(raw: Any) -> str | None:
    """The scan_id to answer with, whatever it is worth."""
    found = raw.get("scan_id") if isinstance(raw, Mapping) else None
    return found if isinstance(found, str) else None


def moment(raw: Any) -> datetime:
    """An RFC 3339 time with its offset. Raises Malformed."""
    if not isinstance(raw, str) or not 16 <= len(raw) <= 40:
        raise Malformed
    try:
        found = datetime.fromisoformat(raw)
    except ValueError as error:
        raise Malformed from error
    if found.utcoffset() is None or not EARLIEST <= found.year <= LATEST:
        raise Malformed
    return found


def _text(raw: Mapping[str, Any], name: str) -> str:
    found = raw.get(name)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > LONGEST[name]:
        raise Malformed
    return found


def _uuid(raw: Any) -> UUID | None:
    if raw is None:
        return None
    try:
        found = UUID(raw)
    except (ValueError, AttributeError, TypeError) as error:
        raise Malformed from error
    if str(found) != raw.lower():
        raise Malformed
    return found


def _serial(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() else 0
    return number if 0 < number < 2**63 and str(number) == text else None
