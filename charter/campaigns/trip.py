"""What the desk writes on one departure: who rides along, plate and drivers, and that it is called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure
from charter.core import audit
from charter.core.actor import current
from charter.core.forms import still
from charter.core.problems import NotFound

__all__ = ["OVER", "crew_texts", "mark_called_off", "own_departure", "put_vehicle",
           "set_crew", "set_vehicle", "vehicle_texts"]

OVER = ("departed", "arrived", "called_off")


def own_departure(session: Session, departure_id: int, *, lock: bool = False) -> Departure:
    """A departure that the caller may change. Raises NotFound."""
    query = select(Departure).where(Departure.id == departure_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None or current().scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    return found


def crew_texts(found: Departure) -> dict[str, str]:
    """The fields of who rides along."""
    return {"crew_name": found.crew_name, "crew_phone": found.crew_phone}


def set_crew(session: Session, departure: Departure, name: str, phone: str, was: Mapping[str, str]) -> None:
    """Who rides along, as passes show it. Raises ChangedMeanwhile."""
    still(crew_texts(departure), was)
    if (departure.crew_name, departure.crew_phone) != (name, phone):
        departure.crew_name, departure.crew_phone = name, phone
        audit.record(session, "departure.crew", "departure", departure.id, set=bool(name))


def vehicle_texts(found: Departure) -> dict[str, str]:
    """The fields of the vehicle."""
    return {"plate": found.plate, "drivers": found.drivers}


def set_vehicle(session: Session, departure_id: int, plate: str, drivers: str, was: Mapping[str, str]) -> None:
    """Plate and drivers. Raises NotFound, ChangedMeanwhile."""
    found = own_departure(session, departure_id, lock=True)
    still(vehicle_texts(found), was)
    found.plate, found.drivers = plate, drivers
    audit.record(session, "departure.vehicle", "departure", departure_id)


def mark_called_off(session: Session, departure: Departure, at: datetime) -> None:
    """It does not run."""
    departure.state, departure.called_off_at = "called_off", at
    session.flush()
    audit.record(session, "departure.called_off", "departure", departure.id)


def put_vehicle(session: Session, departure: Departure, type_id: UUID, plate: str, drivers: str, seats_total: int,
                kept: Sequence[str]) -> None:
    """Another vehicle drives this departure."""
    departure.vehicle_type_id, departure.plate, departure.drivers = type_id, plate, drivers
    departure.seats_total, departure.kept_seats = seats_total, list(kept)
    session.flush()
