"""Acts on who rides along: a name and a phone for each departure, as passes show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure
from charter.campaigns.trip import OVER, crew_texts, own_departure, set_crew
from charter.core.forms import ChangedMeanwhile
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid
from charter.crew.rules.overlapping import Duty, overlapping

__all__ = ["Riding", "assign"]

PHONE = frozenset("0123456789-+ ")


@dataclass(frozen=True, slots=True)
class Riding:
    """Who is to ride along a departure, and what stood there when the page was made."""

    departure_id: int
    name: str
    phone: str
    was: Mapping[str, str]


def assign(session: Session, wanted: Sequence[Riding]) -> int:
    """Write who rides along; an empty name and phone take somebody off. How many departures changed.

    Raises NotFound, ChangedMeanwhile, and Invalid at `crew_name_ID` or `crew_phone_ID`.
    """
    rows = {one.departure_id: own_departure(session, one.departure_id, lock=True)
            for one in sorted(wanted, key=lambda one: one.departure_id)}
    wrong = [problem for one in wanted for problem in _judge(one)]
    if wrong:
        raise Invalid(errors=wrong)
    now: dict[str, str] = {}
    changed = []
    for one in wanted:
        row = rows[one.departure_id]
        before = crew_texts(row)
        if (row.crew_name, row.crew_phone) == (one.name, one.phone):
            continue
        try:
            set_crew(session, row, one.name, one.phone, one.was)
            changed.append((one, before))
        except ChangedMeanwhile as meanwhile:
            now |= {f"{field}_{one.departure_id}": text for field, text in meanwhile.now.items()}
    if now:
        raise ChangedMeanwhile(now)
    session.flush()
    twice = [problem for one, _ in changed if one.phone and (problem := _twice(session, rows[one.departure_id]))]
    if twice:
        raise Invalid(errors=twice)
    return len(changed)


def _judge(one: Riding) -> list[FieldProblem]:
    found = []
    if len(one.name) > 50:
        found.append(FieldProblem(f"crew_name_{one.departure_id}", "too_long", N_("姓名最多 50 个字")))
    if bool(one.name) != bool(one.phone):
        field = "crew_phone" if one.name else "crew_name"
        found.append(FieldProblem(f"{field}_{one.departure_id}", "missing", N_("姓名和电话要一起填")))
    elif one.phone and (set(one.phone) - PHONE or not 5 <= len(one.phone) <= 20):
        wrong = N_("电话只能有数字和短横线，5 到 20 位")
        found.append(FieldProblem(f"crew_phone_{one.departure_id}", "invalid", wrong))
    return found


def _twice(session: Session, row: Departure) -> FieldProblem | None:
    """The same phone on another vehicle at the same time."""
    others = session.scalars(select(Departure).where(
        Departure.crew_phone == row.crew_phone, Departure.id != row.id, Departure.state.not_in(OVER)))
    found = overlapping(_duty(row), [_duty(other) for other in others])
    if found is None:
        return None
    taken = N_("这个人同一时间已经带 %(code)s")
    return FieldProblem(f"crew_phone_{row.id}", "two_at_once", taken, {"code": found.code})


def _duty(row: Departure) -> Duty:
    return Duty(row.id, row.code, row.crew_phone, row.departs_at, row.arrives_at)
