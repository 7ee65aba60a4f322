"""What is personal, and when it goes: a registry that every room fills, and the statements that delete.

A group of fields goes so many days after the campaign ended. Rows stay with their ids and counts; the audit trail, the
ledger and the reports name nobody. What is not deleted is listed with its reason (`keep`), so that a test can compare
the registry with all models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

__all__ = ["GROUPS", "KEPT", "OVER", "Group", "Target", "erase_group", "keep", "left_over", "offer"]

OVER = "(SELECT id FROM campaign WHERE ends_on < :cutoff)"
"""Campaigns that ended before the day; for the conditions of targets."""


@dataclass(frozen=True, slots=True)
class Target:
    """Columns of one table with the SQL of what they become, and which rows are due (`:cutoff` is the day before which
    a campaign must have ended). Without columns the rows themselves go.
    """

    table: str
    due: str
    blank: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> str:
        """The condition of rows that are due and still hold something."""
        if not self.blank:
            return self.due
        still = " OR ".join(f"{column} IS DISTINCT FROM {value}" for column, value in self.blank.items()
                            if value != "now()")
        return f"({self.due}) AND ({still})"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that go together: a name, a message id that says what they are, days after the campaign's last one."""

    name: str
    label: str
    days: int
    targets: tuple[Target, ...]


GROUPS: dict[str, Group] = {}
KEPT: dict[str, str] = {}  # "table.column": why it stays


def offer(name: str, label: str, days: int, *targets: Target) -> None:
    """Add a room's fields to a group; the first room names it. The same targets twice stand once."""
    known = GROUPS.get(name)
    before = known.targets if known else ()
    GROUPS[name] = Group(name, known.label if known else label, known.days if known else days,
                         before + tuple(one for one in targets if one not in before))


def keep(reason: str, *columns: str) -> None:
    """These columns hold or may hold something personal and stay, or go by another rule, for this reason."""
    KEPT.update(dict.fromkeys(columns, reason))


def erase_group(session: Session, group: Group, cutoff: date) -> dict[str, int]:
    """Delete what is due; rows changed by table. Done again it changes nothing."""
    counts: dict[str, int] = {}
    for target in group.targets:
        found = session.connection().execute(text(_statement(target)), {"cutoff": cutoff})
        counts[target.table] = counts.get(target.table, 0) + found.rowcount
    return {table: count for table, count in counts.items() if count}


def left_over(session: Session, group: Group, cutoff: date) -> int:
    """Rows that are due and still hold something: the proof of a deletion is that there are none."""
    return sum(session.scalar(text(f"SELECT count(*) FROM {one.table} WHERE {one.holds}"),  # noqa: S608
                              {"cutoff": cutoff}) or 0 for one in group.targets)


def _statement(target: Target) -> str:
    """Names and conditions come from the registry alone, never from a request."""
    if not target.blank:
        return f"DELETE FROM {target.table} WHERE {target.due}"  # noqa: S608
    changes = ", ".join(f"{column} = {value}" for column, value in target.blank.items())
    return f"UPDATE {target.table} SET {changes} WHERE {target.holds}"  # noqa: S608
