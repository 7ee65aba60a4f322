"""A seat's name as the two bytes of the pass, so that a phone can name it with no list: "12", "12F", "05车 12F".

A plain number is itself. Otherwise bit 15 is set, then carriage 5 bits (0 = none), row 6, letter 4 (A = 0).
A name that fits neither is 0, as is a seat that the carrier gives: then only list and server know it.
"""

from __future__ import annotations

import re

__all__ = ["seat_name", "seat_number"]

LETTERED = 1 << 15
_NAME = re.compile(r"(?:([0-9]{2})车 )?([1-9][0-9]?)([A-P])")


def seat_number(name: str | None) -> int:
    """The number that stands in the pass for a seat's printed name."""
    if not name:
        return 0
    if re.fullmatch(r"[1-9][0-9]{0,3}", name):
        return int(name)
    found = _NAME.fullmatch(name)
    if not found:
        return 0
    carriage, row, letter = int(found[1] or 0), int(found[2]), ord(found[3]) - ord("A")
    if carriage > 31 or row > 63 or (found[1] and not carriage):
        return 0
    return LETTERED | carriage << 10 | row << 4 | letter


def seat_name(number: int) -> str | None:
    """The printed name behind the number, or None where the pass does not know it."""
    if not number & LETTERED:
        return str(number) if number else None
    carriage, row, letter = number >> 10 & 31, number >> 4 & 63, chr(ord("A") + (number & 15))
    return f"{carriage:02}车 {row}{letter}" if carriage else f"{row}{letter}"
