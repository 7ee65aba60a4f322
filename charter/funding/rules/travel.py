"""The fixed subsidy for own travel: how much by distance, and why somebody gets none. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

__all__ = ["REASONS", "Band", "Known", "amount", "refusal"]

REASONS = ("rode_free", "has_seat", "no_member", "outside_dates", "no_band", "claimed_before")


@dataclass(frozen=True, slots=True)
class Band:
    """From so many km on (up to the next band) this is paid, whole fen."""

    from_km: int
    fen: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody who claims: whether he rode a chartered vehicle of the campaign, holds a seat on one
    that has not left, says that he is a member, travelled within the campaign's dates, has claimed before."""

    rode: bool
    seat: bool
    member: bool
    travelled_on: date
    starts_on: date
    ends_on: date
    claimed: bool = False


def amount(bands: Iterable[Band], km: int) -> int | None:
    """Whole fen for so many km; None below the first band."""
    fitting = [band for band in bands if band.from_km <= km]
    return max(fitting, key=lambda band: band.from_km).fen if fitting else None


def refusal(known: Known, fen: int | None) -> str | None:
    """Why nothing is paid, the gravest reason first; None where it is."""
    checks = (("rode_free", known.rode), ("has_seat", known.seat), ("claimed_before", known.claimed),
              ("no_member", not known.member),
              ("outside_dates", not known.starts_on <= known.travelled_on <= known.ends_on), ("no_band", fen is None))
    return next((code for code, holds in checks if holds), None)
