"""Who may ride along where: nobody can be on two vehicles at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Duty", "overlapping"]


@dataclass(frozen=True, slots=True)
class Duty:
    """One departure that a phone's owner rides along."""

    departure_id: int
    code: str
    phone: str
    departs_at: datetime
    arrives_at: datetime


def overlapping(wanted: Duty, others: Iterable[Duty]) -> Duty | None:
    """Another duty of the same person at the same time, the earliest first; None where there is none."""
    found = [other for other in others if other.departure_id != wanted.departure_id and other.phone == wanted.phone
             and other.departs_at < wanted.arrives_at and wanted.departs_at < other.arrives_at]
    return min(found, key=lambda other: (other.departs_at, other.departure_id), default=None)
