"""Rotating root keys while people work: what an older key seals is sealed again with the active one, in small batches.

Both keys are in the ring meanwhile, so everything stays readable. Each batch is a transaction of its own and skips rows
that somebody else holds; a run that was killed is simply begun again, since a row says which key sealed it. The marks
by which values are found again (`sealed.mac`) stay with the oldest key of the ring.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import LargeBinary, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from charter.core import audit
from charter.core.db import Base, act
from charter.core.deferral import defer
from charter.core.key_use import sealed_columns
from charter.core.sealed import SealedField, ring

__all__ = ["BATCH", "BOUND_TO", "run", "start", "step"]

BATCH = 500
JOB = "core.reseal"

# What a sealed value is bound to, where that is not the row's id: the columns, and how they are written.
BOUND_TO: dict[str, tuple[tuple[str, ...], Callable[..., str]]] = {
    "roster_row.content_sealed": (("batch_id", "seq"), lambda batch, seq: f"{batch}/{seq}"),
    "health_declaration.answers_sealed": (("registration_id",), str),
    "code_challenge.phone_sealed": (("id_hash",), lambda mark: mark.hex()),
    "trip_entry.person": (("entry_id",), str),
    "unlock_card.secret_sealed": (("departure_id",), str),
}


def start(session: Session) -> None:
    """Have everything sealed with the active key; one run waits at most."""
    defer(session, JOB, alone=JOB)
    audit.record(session, "keys.reseal_started", "key", ring().active)


def run() -> int:
    """Seal anew whatever an older key seals; how many values. Does no harm when it is done twice or by two."""
    total = 0
    for name, column in sealed_columns():
        while done := act(step, name, column):
            total += done
    act(_finished, total)
    return total


def step(session: Session, name: str, column: str) -> int:
    """One batch of one column; how many values were sealed anew."""
    table = Base.metadata.tables[name]
    names, written = BOUND_TO.get(f"{name}.{column}", (("id",), str))
    stored, keys = table.c[column], list(table.primary_key.columns)
    number = func.get_byte(stored, 1) * 256 + func.get_byte(stored, 2)
    rows = session.execute(
        select(*keys, *[table.c[one].label(f"bound_{one}") for one in names], stored.label("stored"))
        .where(func.length(stored) > 2, number != ring().active)
        .order_by(*keys).limit(BATCH).with_for_update(skip_locked=True)).mappings().all()
    field = SealedField(name, column.removesuffix("_sealed"))
    known = {number for number, _ in ring().roots}
    fresh = [{f"key_{key.name}": row[key.name] for key in keys} | {"value": _again(field, written(*[
        row[f"bound_{one}"] for one in names]), bytes(row["stored"]))} for row in rows
        if int.from_bytes(bytes(row["stored"])[1:3], "big") in known]
    if fresh:
        session.connection().execute(_written(table, stored), fresh)
    return len(fresh)


def _again(field: SealedField, row: str, stored: bytes) -> bytes:
    return field.seal_bytes(row, field.open_bytes(row, stored))


def _written(table: Table, stored: Any) -> Any:
    query = update(table).values({stored.name: bindparam("value", type_=LargeBinary)})
    for key in table.primary_key.columns:
        query = query.where(key == bindparam(f"key_{key.name}", type_=key.type))
    return query


def _finished(session: Session, total: int) -> None:
    audit.record(session, "keys.resealed", "key", ring().active, values=total)
