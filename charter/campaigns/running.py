"""What boarding day may write on a departure: that boarding has begun, that it has left, that it has arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from charter.campaigns.models import Departure

__all__ = ["arrive", "begin_boarding", "leave"]

BEFORE = ("planned", "open", "closed")


def begin_boarding(session: Session, departure: Departure, at: datetime) -> None:
    """The first scan opens boarding; later ones change nothing."""
    if departure.state in BEFORE:
        departure.state = "boarding"
    if departure.boarding_opened_at is None:
        departure.boarding_opened_at = at
    session.flush()


def leave(session: Session, departure: Departure, at: datetime) -> None:
    """The departure has left."""
    departure.state = "departed"
    departure.departed_at = at
    session.flush()


def arrive(session: Session, departure: Departure, at: datetime) -> None:
    """The departure is there."""
    departure.state = "arrived"
    departure.arrived_at = at
    session.flush()
