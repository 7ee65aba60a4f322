"""What can be wrong about who rides along."""

from __future__ import annotations

from charter.core.db import constraint_problem
from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["AlreadySignedUp", "InvitationOver", "NotInsured", "PlaceTaken", "RotaStale", "SwapOver", "TwoAtOnce"]


class InvitationOver(Problem):
    status, code, message = 410, "invitation_over", N_("这个报名链接已经失效，请向发给您链接的人要一个新的")


class AlreadySignedUp(Problem):
    status, code, message = 409, "already_signed_up", N_("这个手机号已经报过名，请打开短信里的链接；找不到请联系组织者")


class TwoAtOnce(Problem):
    status, code = 409, "two_at_once"
    message = N_("这个人在这段时间（含空车去程和返程）已有带车任务，或者两次之间休息不够")


class NotInsured(Problem):
    status, code, message = 409, "not_insured", N_("这个人在带车期间没有保险，先登记保险才能安排")


class PlaceTaken(Problem):
    status, code, message = 409, "place_taken", N_("这个班次的带车人已经排满")


class RotaStale(Problem):
    status, code, message = 409, "rota_stale", N_("排班以后班次或人员有了变化，请重新排一次")


class SwapOver(Problem):
    status, code, message = 409, "swap_over", N_("这个换班请求已经处理过，或者任务已经有了变化")


constraint_problem("ex_crew_duty_overlap", TwoAtOnce)
constraint_problem("uq_crew_duty_place", PlaceTaken)
constraint_problem("uq_crew_member_campaign_id_phone_tag", AlreadySignedUp)
constraint_problem("uq_crew_swap_duty", SwapOver)
