"""Whether a request may ride a departure: its state, origin, days and modes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

__all__ = ["RIDING_STATES", "is_eligible"]

RIDING_STATES = frozenset({"confirmed", "planned", "left_behind"})


def is_eligible(*, state: str, origin: str, earliest: date, latest: date, modes: Collection[str],
                departure_origins: Collection[str], departure_date: date, departure_mode: str) -> bool:
    """Source: the API contract, 'Eligible for a departure'."""
    return (state in RIDING_STATES and origin in departure_origins and earliest <= departure_date <= latest
            and departure_mode in modes)
