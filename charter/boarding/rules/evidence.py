"""What a volunteer answers where a pass has boarded already; the code travels as the scan's reason.

The JavaScript twin is `charter/boarding/static/boarding/evidence.js`.
"""

from __future__ import annotations

__all__ = ["ANSWERS", "SEEN", "turned_away"]

SEEN = "already_boarded"  # what the phone showed
ANSWERS = ("same_person", "earlier_wrong", "turned_away")


def turned_away(kind: str, shown: str, reason: str) -> bool:
    """Whether a denial was of a second person, so that who is on board stays on board."""
    return (kind, shown, reason) == ("deny", SEEN, "turned_away")
