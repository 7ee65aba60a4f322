"""What planning refuses."""

from __future__ import annotations

from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["AlreadyPublished", "HasFeeders", "NoRoomThere", "NotReady", "NothingRuns", "NothingToPlan", "PlanStale"]


class AlreadyPublished(Problem):
    """The plan has been published before."""

    status, code, message = 409, "already_published", N_("这个方案已经发布")


class PlanStale(Problem):
    """Departures changed since the plan was made; `departures` names them."""

    status, code, message = 409, "plan_stale", N_("方案计算之后班次有变化，请重新计算")


class NotReady(Problem):
    """The plan has no result yet, or failed."""

    status, code, message = 409, "plan_not_ready", N_("方案还没有算好")


class NothingToPlan(Problem):
    """No confirmed people, or no vehicles."""

    status, code, message = 409, "nothing_to_plan", N_("没有已确认的人员，或没有可用的车辆")


class NothingRuns(Problem):
    """On the corridors that were chosen the plan has no vehicle, or it is one that can only be published whole."""

    status, code, message = 409, "nothing_runs", N_("选中的线路在这个方案里没有车，或这个方案只能整个发布")


class NoRoomThere(Problem):
    """The vehicle has no room for them any more, or is not among those that they may ride."""

    status, code, message = 409, "no_room_there", N_("那辆车已经坐不下这些人，或他们不能乘坐，请另选一辆")


class HasFeeders(Problem):
    """The vehicle has feeders that were planned with its people."""

    status, code, message = 409, "has_feeders", N_("这辆车有接驳车，人一换接驳就乱了；请锁定后重新计算")
