"""Cost against people carried: the same plan with less money, several times, and what each further person costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.planning.asking import Wanted
from charter.planning.models import Plan
from charter.planning.problems import NotReady
from charter.planning.service import locked, start
from charter.planning.standing import spent_fen

__all__ = ["Point", "ask_curve", "points"]

SHARES = (50, 60, 70, 80, 90)  # per cent of what the whole plan costs


@dataclass(frozen=True, slots=True)
class Point:
    """A scenario on the curve. `fen_more` is what each person costs whom the point before leaves behind, None for the
    first one and where nobody more is carried."""

    plan: Plan
    fen: int
    carried: int
    left: int
    fen_more: int | None = None


def ask_curve(session: Session, plan_id: UUID) -> list[Plan]:
    """Queue plans for 50 to 90 % of the money of a finished one; those that were asked for already are not repeated.

    Raises NotFound, NotReady for a plan without result, one that re-seats a departure's people, or one for less money.
    """
    whole = locked(session, plan_id)
    if whole.plan_gz is None or whole.options.get("without") or whole.options.get("budget_fen") is not None:
        raise NotReady
    spent, cost = spent_fen(session, whole.campaign_id), int(whole.figures["charter_fen"])
    known = set(session.scalars(select(Plan.options["budget_fen"].as_integer()).where(
        Plan.campaign_id == whole.campaign_id, Plan.inputs_digest == whole.inputs_digest, Plan.state != "failed")))
    load = whole.options.get("load_percent")
    return [start(session, whole.campaign_id, Wanted(budget_fen=budget, load_percent=load), name=f"{share} %",
                  time_limit_s=float(whole.options["time_limit_s"]), seed=int(whole.options.get("seed", 0)))
            for share in SHARES if (budget := spent + cost * share // 100) not in known]


def points(plans: Iterable[Plan]) -> list[Point]:
    """The scenarios by cost that are about as many people as the newest of them; none where there are fewer than two.

    A scenario that costs more and carries no more than another is left out: nobody would choose it.
    """
    ready = [plan for plan in plans if plan.best is not None and plan.figures and not plan.options.get("without")]
    alike = [plan for plan in ready if plan.figures["people"] == ready[0].figures["people"]]
    rows = sorted((Point(plan, int(plan.figures["charter_fen"]), int(plan.figures["planned"]),
                         int(plan.figures["left_behind"])) for plan in alike), key=lambda one: (one.fen, -one.carried))
    best: list[Point] = []
    for row in rows:
        if not best or row.carried > best[-1].carried:
            best.append(row)
    if len(best) < 2:
        return []
    return [best[0], *(Point(row.plan, row.fen, row.carried, row.left,
                             round((row.fen - before.fen) / (row.carried - before.carried)))
                       for before, row in pairwise(best))]
