"""Whose clock: a phone's times corrected by the offset measured when its batch arrives.

Sealing a departure and judging a scan use the corrected time as it stands, never the time of receipt.
"""

from __future__ import annotations

from datetime import datetime, timedelta

__all__ = ["AHEAD", "correct", "doubtful"]

AHEAD = timedelta(minutes=2)  # a scan corrected to later than this after its receipt cannot be true


def correct(scanned_at: datetime, *, received: datetime, device_time: datetime) -> datetime:
    """scanned_at + (received - device_time). Raises OverflowError beyond the years 1 to 9999."""
    return scanned_at + (received - device_time)


def doubtful(corrected: datetime, *, received: datetime, opened: datetime) -> bool:
    """Whether the corrected time lies after receipt (by more than 2 minutes) or before boarding opened."""
    return corrected > received + AHEAD or corrected < opened
