"""What acts of this room may refuse."""

from __future__ import annotations

from charter.core.db import constraint_problem
from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["AlreadyRegistered", "CampaignClosed", "WrongState"]


class AlreadyRegistered(Problem):
    status, code, message = 409, "already_registered", N_("这个人已经报过名了")


class CampaignClosed(Problem):
    status, code, message = 409, "campaign_closed", N_("这个活动现在不接受报名")


class WrongState(Problem):
    status, code, message = 409, "wrong_state", N_("这份报名现在不能这样处理")


constraint_problem("uq_registration_worker", AlreadyRegistered)
