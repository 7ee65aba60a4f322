"""Acts on costs: what a plan charters, and what the bill said."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from charter.core import audit
from charter.core.ids import new_uuid
from charter.core.problems import NotFound
from charter.funding.models import DepartureCost

__all__ = ["plan_costs", "set_actual"]


def plan_costs(session: Session, planned_fen: Mapping[int, int], kind: str = "charter") -> None:
    """Write the planned cost of each departure, whole fen by departure id."""
    if planned_fen:
        session.execute(insert(DepartureCost), [
            {"id": new_uuid(), "departure_id": departure, "kind": kind, "planned_fen": fen}
            for departure, fen in planned_fen.items()])


def set_actual(session: Session, departure_id: int, actual_fen: int, kind: str = "charter") -> None:
    """Write what a departure really cost. Raises NotFound."""
    found = session.scalar(select(DepartureCost).where(
        DepartureCost.departure_id == departure_id, DepartureCost.kind == kind).with_for_update())
    if found is None:
        raise NotFound
    found.actual_fen = actual_fen
    audit.record(session, "cost.actual", "departure", departure_id, fen=actual_fen)
