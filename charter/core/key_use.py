"""Which root keys the sealed values of the database need, and which of those this process does not have."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import Session

from charter.core.db import Base
from charter.core.sealed import ring

__all__ = ["KeyUse", "key_faults", "key_use", "sealed_columns"]


OTHERWISE_NAMED = frozenset({("trip_entry", "person")})  # sealed, though the name does not say so


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One root key: how many values it seals, whether it is in the ring, whether new values are sealed with it."""

    number: int
    values: int
    known: bool
    active: bool


def sealed_columns() -> list[tuple[str, str]]:
    """Table and column of everything that is stored sealed; the rooms' models have to be loaded."""
    return [(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns
            if isinstance(column.type, LargeBinary) and (column.name.endswith("_sealed")
                                                         or (table.name, column.name) in OTHERWISE_NAMED)]


def key_use(session: Session) -> list[KeyUse]:
    """Every key of the ring and every other one that some value needs, by number."""
    counts = {number: 0 for number, _ in ring().roots}
    for name, column in sealed_columns():
        stored = Base.metadata.tables[name].c[column]
        number = func.get_byte(stored, 1) * 256 + func.get_byte(stored, 2)
        for found, count in session.execute(select(number, func.count()).where(func.length(stored) > 2)
                                            .group_by(number)):
            counts[found] = counts.get(found, 0) + count
    known = {number for number, _ in ring().roots}
    return [KeyUse(number, count, number in known, number == ring().active) for number, count in sorted(counts.items())]


def key_faults(session: Session) -> list[str]:
    """A line for each root key that sealed values need and the ring lacks."""
    return [f"CHARTER_KEYS lacks key {use.number}, which {use.values} sealed values need: put it back at its end."
            for use in key_use(session) if not use.known]
