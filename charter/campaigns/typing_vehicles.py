"""Acts on vehicle types: copy one, change one. What has been chartered keeps its seats."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure, VehicleType
from charter.campaigns.seat_form import TypeIn, type_texts
from charter.core import audit
from charter.core.forms import still
from charter.core.i18n import N_, gettext
from charter.core.ids import new_uuid
from charter.core.problems import FieldProblem, Invalid, NotFound

__all__ = ["change_type", "copy_type", "found_type"]

SEATS = ("mode", "approved_capacity", "passenger_seats", "seating", "seat_map")


def found_type(session: Session, type_id: UUID) -> VehicleType:
    """A vehicle type. Raises NotFound."""
    found = session.get(VehicleType, type_id)
    if found is None:
        raise NotFound
    return found


def copy_type(session: Session, type_id: UUID) -> UUID:
    """A copy to be changed; its id."""
    found = found_type(session, type_id)
    key = new_uuid()
    session.add(VehicleType(
        id=key, code=f"own-{key.hex[-12:]}", mode=found.mode, name=f"{found.name[:50]}{gettext('（副本）')}"[:60],
        name_en=f"{found.name_en[:70]} (copy)", approved_capacity=found.approved_capacity,
        passenger_seats=found.passenger_seats, seating=found.seating, infant_limit=found.infant_limit,
        seat_map=found.seat_map))
    session.flush()
    audit.record(session, "vehicle_type.copied", "vehicle_type", key, copied_from=str(type_id))
    return key


def change_type(session: Session, type_id: UUID, values: TypeIn, was: Mapping[str, str]) -> None:
    """Change a type. Raises NotFound, ChangedMeanwhile; Invalid where the seats of a chartered one would change."""
    found = session.get(VehicleType, type_id, with_for_update=True)
    if found is None:
        raise NotFound
    still(type_texts(found), was)
    changed = [name for name in TypeIn.__dataclass_fields__ if getattr(found, name) != getattr(values, name)]
    chartered = session.scalar(select(func.count()).select_from(Departure).where(
        Departure.vehicle_type_id == type_id, Departure.state != "called_off"))
    if chartered and set(changed) & set(SEATS):
        used = N_("%(count)s 个班次在用这种车型，座位不能再改；请复制一份再改")
        raise Invalid(errors=[FieldProblem("rows", "in_use", used, {"count": chartered})])
    for name in changed:
        setattr(found, name, getattr(values, name))
    audit.record(session, "vehicle_type.changed", "vehicle_type", type_id, fields=changed)
