"""When personal data go: rules per group of fields, holds that stop all deletion, the deletion itself and its proof."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import charter
from charter.access.models import DeletionHold, DeletionRule, DeletionRun
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.erasing import GROUPS, Group, erase_group, left_over
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound

__all__ = ["LEAST_DAYS", "GroupState", "end_hold", "erase", "groups", "hold", "holds", "set_days", "states"]

LEAST_DAYS, MOST_DAYS = 7, 3_650


@dataclass(frozen=True, slots=True)
class GroupState:
    """One group: days, the ordering document where they were changed, rows that are due and not deleted yet, the last
    run that deleted something.
    """

    name: str
    label: str
    days: int
    document: str
    due: int
    last: DeletionRun | None


@cache
def groups() -> dict[str, Group]:
    """The whole registry, after every room has filled it."""
    rooms = Path(charter.__path__[0])
    for file in sorted(rooms.glob("*/erasing.py")):
        importlib.import_module(f"charter.{file.parent.name}.erasing")
    return dict(sorted(GROUPS.items(), key=lambda item: (item[1].days, item[0])))


def states(session: Session) -> list[GroupState]:
    """Every group, soonest first."""
    rules = _rules(session)
    last = {run.name: run for run in session.scalars(select(DeletionRun).order_by(DeletionRun.at))}
    return [GroupState(name, group.label, _days(group, rules), rules[name].document if name in rules else "",
                       left_over(session, group, _cutoff(group, rules)), last.get(name))
            for name, group in groups().items()]


def holds(session: Session) -> list[DeletionHold]:
    """Every hold, those in force first."""
    rows = session.scalars(select(DeletionHold).order_by(DeletionHold.made_at.desc())).all()
    return sorted(rows, key=lambda row: not _in_force(row))


def hold(session: Session, ordered_by: str, document: str, until: date) -> UUID:
    """Delete nothing until that day is over. Raises Invalid."""
    if until < clock.today():
        raise Invalid(errors=[FieldProblem("until", "past", N_("截止日期已经过去"))])
    made = DeletionHold(ordered_by=ordered_by, document=document, until=until, made_by=current().caller)
    session.add(made)
    session.flush()
    audit.record(session, "deletion.held", "deletion_hold", made.id, reason=f"{ordered_by} {document}",
                 until=until.isoformat())
    return made.id


def end_hold(session: Session, hold_id: UUID) -> None:
    """Deletion goes on. Raises NotFound."""
    row = session.get(DeletionHold, hold_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(session, "deletion.hold_ended", "deletion_hold", row.id)


def set_days(session: Session, name: str, days: int, document: str) -> None:
    """Change after how many days a group goes, with the document that orders it. Raises NotFound, Invalid."""
    if name not in groups():
        raise NotFound
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise Invalid(errors=[FieldProblem("days", "invalid", N_("请填写 7 到 3650 天"))])
    session.merge(DeletionRule(name=name, days=days, document=document))
    audit.record(session, "deletion.rule", "deletion_rule", name, days=days, reason=document or None)


def erase(session: Session) -> int:
    """Delete whatever is due, unless a hold is in force; how many rows. Done twice it does no harm."""
    if any(_in_force(row) for row in holds(session)):
        return 0
    rules, total = _rules(session), 0
    for name, group in groups().items():
        cutoff = _cutoff(group, rules)
        counts = erase_group(session, group, cutoff)
        if counts:
            session.add(DeletionRun(name=name, cutoff=cutoff, counts=counts))
            audit.record(session, "deletion.done", "deletion_rule", name, cutoff=cutoff.isoformat(), rows=counts)
        total += sum(counts.values())
    return total


def _in_force(row: DeletionHold) -> bool:
    return row.ended_at is None and clock.today() <= row.until


def _rules(session: Session) -> dict[str, DeletionRule]:
    return {row.name: row for row in session.scalars(select(DeletionRule))}


def _days(group: Group, rules: dict[str, DeletionRule]) -> int:
    return rules[group.name].days if group.name in rules else group.days


def _cutoff(group: Group, rules: dict[str, DeletionRule]) -> date:
    return clock.today() - timedelta(days=_days(group, rules))
