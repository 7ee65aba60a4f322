"""What text messages cost, when they may be sent, and how long a value may be. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

__all__ = ["MOST_A_DAY", "QUIET_FROM", "QUIET_UNTIL", "VALUE_LETTERS", "bounded", "held_until", "parts"]

FIRST, EACH = 70, 67  # letters of one message; of each part of a longer one, signature included
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
VALUE_LETTERS = 20  # of one value in a template, as providers bound them
LINKS = frozenset({"link", "code"})  # path variables after a full domain, reviewed with their template
LINK_LETTERS = 64
MOST_A_DAY = 50  # notices to one number in 24 hours; the provider drops what is more


def parts(text: str) -> int:
    """How many messages are paid for this text."""
    return 1 if len(text) <= FIRST else -(-len(text) // EACH)


def bounded(name: str, value: str) -> str:
    """A value as a provider takes it: cut off with an ellipsis where it is too long, a link never."""
    most = LINK_LETTERS if name in LINKS else VALUE_LETTERS
    return value if len(value) <= most else value[:most - 1] + "…"


def held_until(now: datetime) -> datetime:
    """When a message that can wait may leave: now, or at eight where it is between nine in the evening and eight.

    `now` is a moment on the reader's clock, and so is the answer.
    """
    if QUIET_UNTIL <= now.timetz().replace(tzinfo=None) < QUIET_FROM:
        return now
    day = now.date() + (timedelta(days=1) if now.hour >= QUIET_FROM.hour else timedelta())
    return datetime.combine(day, QUIET_UNTIL, now.tzinfo)
