"""What boarding day may write on a departure: that boarding has begun, that it has left, that it has arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, bindparam, case, func, or_, update
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure
from charter.core.trip import Step

__all__ = ["arrive", "begin_step", "begun", "leave"]

BEFORE = ("planned", "open", "closed")


BEGIN = Step(update(Departure).where(Departure.id == bindparam("departure")).values(
    state=case((or_(*(Departure.state == before for before in BEFORE)), "boarding"), else_=Departure.state),
    boarding_opened_at=func.coalesce(Departure.boarding_opened_at, bindparam("at", type_=DateTime(timezone=True)))))


def begun(state: str, opened: bool) -> bool:
    """Whether boarding has begun, so that a further scan changes nothing on the departure."""
    return opened and state not in BEFORE


def begin_step(departure_id: int, at: datetime) -> tuple[Step, dict[str, object]]:
    """The first scan opens boarding, as a step of a trip; later ones change nothing."""
    return BEGIN, {"departure": departure_id, "at": at}


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
