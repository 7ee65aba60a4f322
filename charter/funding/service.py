"""Acts on costs: what a plan charters, what the bill said, and the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from charter.campaigns import setting_up
from charter.campaigns.trip import own_departure
from charter.core import audit, money
from charter.core.forms import ChangedMeanwhile, still
from charter.core.i18n import N_
from charter.core.ids import new_uuid
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.funding import budgets, ledger, queries
from charter.funding.models import DepartureCost, SettlementLine
from charter.funding.problems import SettledAlready

__all__ = ["KINDS", "Bill", "Line", "amount_text", "line_texts", "plan_costs", "set_actual",
           "set_all_budgets", "set_bills", "set_budget", "set_lines"]

KINDS = ("charter", "meals", "insurance", "tolls", "other")


def plan_costs(session: Session, planned_fen: Mapping[int, int], kind: str = "charter") -> None:
    """Write the planned cost of each departure, whole fen by departure id."""
    if planned_fen:
        session.execute(insert(DepartureCost), [
            {"id": new_uuid(), "departure_id": departure, "kind": kind, "planned_fen": fen}
            for departure, fen in planned_fen.items()])


def set_actual(session: Session, departure_id: int, actual_fen: int | None, kind: str = "charter") -> None:
    """Write what a departure really cost, in the ledger too; None takes it back. Raises NotFound, SettledAlready."""
    departure = own_departure(session, departure_id)
    found = session.scalar(select(DepartureCost).where(
        DepartureCost.departure_id == departure_id, DepartureCost.kind == kind).with_for_update())
    if found is None:
        raise NotFound
    _unsettled(session, departure_id, kind, found.actual_fen, actual_fen)
    found.actual_fen = actual_fen
    session.flush()
    ledger.follow_bill(session, departure.campaign_id, departure_id, departure.carrier_id, kind, actual_fen)
    audit.record(session, "cost.actual", "departure", departure_id, fen=actual_fen)


def _unsettled(session: Session, departure_id: int, kind: str, before: int | None, after: int | None) -> None:
    """A settled trip keeps the bill that was settled."""
    if kind == "charter" and before != after and session.scalar(select(SettlementLine.departure_id).where(
            SettlementLine.departure_id == departure_id, SettlementLine.living)) is not None:
        raise SettledAlready


@dataclass(frozen=True, slots=True)
class Bill:
    """The bill of one vehicle as typed, and the text that stood there when the page was made."""

    departure_id: int
    fen: int | None
    was: str | None


def set_bills(session: Session, bills: Sequence[Bill]) -> int:
    """Write the bills of a page; how many changed. Raises NotFound, ChangedMeanwhile at `actual_ID`."""
    now: dict[str, str] = {}
    changed = 0
    for bill in sorted(bills, key=lambda one: one.departure_id):
        found = session.scalar(select(DepartureCost).where(
            DepartureCost.departure_id == bill.departure_id, DepartureCost.kind == "charter").with_for_update())
        if found is None:
            raise NotFound
        if found.actual_fen == bill.fen:
            continue
        shown = amount_text(found.actual_fen)
        if bill.was is not None and bill.was != shown:
            now[f"actual_{bill.departure_id}"] = shown
            continue
        set_actual(session, bill.departure_id, bill.fen)
        changed += 1
    if now:
        raise ChangedMeanwhile(now)
    return changed


@dataclass(frozen=True, slots=True)
class Line:
    """One cost line as typed, whole fen; None where it does not occur (planned) or is not known (actual)."""

    kind: str
    planned_fen: int | None
    actual_fen: int | None


def amount_text(fen: int | None) -> str:
    """As it stands in a field."""
    return "" if fen is None else money.yuan(fen)


def line_texts(found: Mapping[str, DepartureCost]) -> dict[str, str]:
    """The fields of a departure's costs."""
    texts = {}
    for kind in KINDS:
        row = found.get(kind)
        texts[f"planned_{kind}"] = amount_text(row.planned_fen if row else None)
        texts[f"actual_{kind}"] = amount_text(row.actual_fen if row else None)
    return texts


def set_lines(session: Session, departure_id: int, wanted: Sequence[Line], was: Mapping[str, str]) -> None:
    """Write the cost lines of a departure, in the ledger too. Raises NotFound, ChangedMeanwhile, SettledAlready."""
    departure = own_departure(session, departure_id, lock=True)
    found = queries.lines(session, departure_id)
    still(line_texts(found), was)
    for line in wanted:
        _set_line(session, departure_id, found.get(line.kind), line)
        ledger.follow_bill(session, departure.campaign_id, departure_id, departure.carrier_id, line.kind,
                           line.actual_fen)
    session.flush()
    audit.record(session, "cost.lines", "departure", departure_id,
                 actual_fen=sum(line.actual_fen or 0 for line in wanted))


def _set_line(session: Session, departure_id: int, row: DepartureCost | None, line: Line) -> None:
    _unsettled(session, departure_id, line.kind, row.actual_fen if row else None, line.actual_fen)
    if line.planned_fen is None and line.actual_fen is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = DepartureCost(departure_id=departure_id, kind=line.kind)
        session.add(row)
    row.planned_fen, row.actual_fen = line.planned_fen or 0, line.actual_fen


def set_budget(session: Session, campaign_id: UUID, budget_fen: int | None, was: Mapping[str, str]) -> None:
    """Set the budget; never below what has been spent. Raises NotFound, ChangedMeanwhile, Invalid."""
    spent = queries.totals(session, campaign_id).actual_fen
    if budget_fen is not None and budget_fen < spent:
        below = N_("已经花了 %(spent)s 元，预算不能更低")
        raise Invalid(errors=[FieldProblem("budget", "below_spent", below, {"spent": money.yuan(spent)})])
    setting_up.set_budget(session, campaign_id, budget_fen, was)


def set_all_budgets(session: Session, campaign_id: UUID, whole: int | None, sources: Mapping[str, int | None],
                    was: Mapping[str, str]) -> None:
    """Set the campaign's budget and its sources'. Raises NotFound, ChangedMeanwhile, Invalid."""
    set_budget(session, campaign_id, whole, was)
    budgets.set_budgets(session, campaign_id, sources, was)
