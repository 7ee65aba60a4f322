"""The starting set of vehicle types, loaded from config/; what is there already stays as an organizer left it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.campaigns.models import VehicleType
from charter.core.ids import new_uuid

__all__ = ["coach_map", "load_vehicle_types"]

FILE = Path(__file__).resolve().parents[2] / "config" / "vehicle_types.toml"
LAST_ROW = 5


def coach_map(seats: int) -> dict[str, Any]:
    """A coach of 2 + 2 with a last row of five, numbered from the front left; None is the aisle."""
    numbers = [str(number) for number in range(1, seats + 1)]
    front, back = numbers[:-LAST_ROW], numbers[-LAST_ROW:]
    rows: list[list[str | None]] = [[*front[at:at + 2], None, *front[at + 2:at + 4]] for at in range(0, len(front), 4)]
    return {"cars": [{"name": "", "rows": [*rows, list(back)]}]}


def load_vehicle_types(session: Session) -> int:
    """Add the types that are not there yet, by code; how many were added."""
    rows = [{"id": new_uuid(), "code": kind["code"], "mode": kind["mode"], "name": kind["name"],
             "name_en": kind["name_en"], "approved_capacity": kind["approved"], "passenger_seats": kind["seats"],
             "seating": kind["seating"], "infant_limit": kind.get("infants"),
             "seat_map": coach_map(kind["seats"]) if kind["seating"] == "ours" else {"cars": []}}
            for kind in tomllib.loads(FILE.read_text(encoding="utf-8"))["type"]]
    added = session.scalars(insert(VehicleType).on_conflict_do_nothing(index_elements=["code"])
                            .returning(VehicleType.id), rows)
    return len(added.all())
