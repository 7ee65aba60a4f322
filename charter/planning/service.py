"""Acts on plans: ask for one, stop it, and what its run writes down."""

from __future__ import annotations

import gzip
import json
from math import isfinite
from typing import Any
from uuid import UUID

from sqlalchemy import cast, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.deferral import defer
from charter.core.i18n import N_
from charter.core.problems import NotFound
from charter.planning import compile as compiling
from charter.planning.asking import Wanted, compiled
from charter.planning.models import Plan
from charter.planning.results import figures, with_feeders
from charter.planning.rules.proof import gap

__all__ = ["CRASHED", "INTERRUPTED", "claim", "fail", "finish", "locked", "progress", "start", "stop", "stop_wanted",
           "unpacked"]

PLAIN = Wanted()
CRASHED = N_("计算程序出错，请再试一次；还不行请告诉管理员")
INTERRUPTED = N_("计算被多次中断，没有算成，请再试一次")


def start(session: Session, campaign_id: UUID, wanted: Wanted = PLAIN, *, time_limit_s: float = 60, seed: int = 0,
          name: str = "") -> Plan:
    """A queued plan with its instance. Raises NotFound, NothingToPlan, Invalid."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or current().scope("campaign") not in (None, str(campaign_id)):
        raise NotFound
    instance = compiled(session, campaign, wanted)
    plan = Plan(campaign_id=campaign_id, name=name,
                options={"time_limit_s": time_limit_s, "seed": seed} | wanted.options(),
                instance_gz=packed(instance), inputs_digest=compiling.digest(session, campaign_id),
                created_by=current().caller)
    session.add(plan)
    session.flush()
    # Scenarios may take long; who lost his seat does not wait for them.
    turn = f"{'seats elsewhere' if wanted.only_displaced else 'plans'} of {campaign_id}"
    defer(session, "planning.run", one_by_one=turn, plan_id=str(plan.id))
    audit.record(session, "plan.started", "plan", plan.id, groups=len(instance["groups"]))
    return plan


def packed(document: dict[str, Any]) -> bytes:
    """JSON, gzip."""
    return gzip.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)


def unpacked(stored: bytes | None) -> dict[str, Any]:
    """The document again. Raises NotFound where there is none."""
    if stored is None:
        raise NotFound
    found: dict[str, Any] = json.loads(gzip.decompress(stored))
    return found


def locked(session: Session, plan_id: UUID) -> Plan:
    """The plan, for writing. Raises NotFound."""
    plan = session.scalar(select(Plan).where(Plan.id == plan_id).with_for_update())
    if plan is None or current().scope("campaign") not in (None, str(plan.campaign_id)):
        raise NotFound
    return plan


def stop(session: Session, plan_id: UUID) -> Plan:
    """Ask the run to end with the best plan that it has; a plan that has ended stays as it is."""
    plan = locked(session, plan_id)
    if plan.state == "queued":
        plan.state, plan.failure = "stopped", ""
    elif plan.state == "running":
        plan.stop_wanted = True
    audit.record(session, "plan.stopped", "plan", plan.id)
    session.flush()
    return plan


def claim(session: Session, plan_id: UUID) -> tuple[bytes, dict[str, Any]] | None:
    """Take a plan to run, its instance and options come back; None where it has ended (or was never wanted)."""
    plan = session.scalar(select(Plan).where(Plan.id == plan_id, Plan.state.in_(("queued", "running")))
                          .with_for_update())
    if plan is None or plan.instance_gz is None:
        return None
    plan.state = "running"
    return plan.instance_gz, plan.options


def stop_wanted(session: Session, plan_id: UUID) -> bool:
    """Whether the run is wanted to stop."""
    return bool(session.scalar(select(Plan.stop_wanted).where(Plan.id == plan_id)))


def progress(session: Session, plan_id: UUID, seconds: float, best: float, bound: float) -> bool:
    """Write how far the run is; whether it is wanted to stop."""
    wanted = session.scalar(update(Plan).where(Plan.id == plan_id)
                            .values(seconds=seconds, best=best, bound=bound, gap=gap(best, bound),
                                    history=Plan.history.concat(cast(_point(seconds, best, bound), JSONB)))
                            .returning(Plan.stop_wanted))
    return bool(wanted)


def _point(seconds: float, best: float, bound: float) -> list[list[float]]:
    """One point of the two lines; while there is no plan yet there is none."""
    return [[round(seconds, 1), best, bound]] if isfinite(best) and isfinite(bound) else []


def finish(session: Session, plan_id: UUID, result: dict[str, Any], feeders: dict[str, Any] | None = None,
           feeder_result: dict[str, Any] | None = None) -> None:
    """Write the result of a run, and of the run for the feeders of its flights and trains where it has any.

    A plan that has ended meanwhile stays as it is.
    """
    plan = locked(session, plan_id)
    if plan.state != "running":
        return
    instance = unpacked(plan.instance_gz)
    plan.plan_gz, plan.seconds = packed(result), result["seconds"]
    plan.best, plan.bound = result["objective"], result["lower_bound"]
    plan.gap = gap(result["objective"], result["lower_bound"])
    plan.figures, plan.left_behind = figures(instance, result)
    if feeders is not None and feeder_result is not None:
        plan.feeder_instance_gz, plan.feeder_plan_gz = packed(feeders), packed(feeder_result)
        plan.figures = with_feeders(plan.figures, feeders, feeder_result)
    plan.state = "stopped" if plan.stop_wanted else "done"
    audit.record(session, "plan.finished", "plan", plan.id, state=plan.state, at=clock.now().isoformat())


def fail(session: Session, plan_id: UUID, why: str) -> None:
    """The run ended without a result, for a reason that people read; a plan that has ended before stays as it is."""
    plan = locked(session, plan_id)
    if plan.state in ("queued", "running"):
        plan.state, plan.failure = "failed", why
        audit.record(session, "plan.failed", "plan", plan.id)
