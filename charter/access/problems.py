"""What access may refuse."""

from __future__ import annotations

from charter.core.db import constraint_problem
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, Problem

__all__ = ["ClaimDecided", "CodeTaken", "InvitationSpent", "LastManager", "NameTaken", "NoScope", "NotYourself",
           "PersonLocked", "PlaceTaken", "StillWaiting", "TooOften", "UsernameTaken", "WrongCode",
           "field_wrong"]  # fmt: skip


class ClaimDecided(Problem):
    status, code, message = 409, "claim_decided", N_("这个认领已经有人审核过了")


class InvitationSpent(Problem):
    status, code, message = 410, "invitation_spent", N_("这个链接已用过或已过期，请向给您链接的人要一个新的")


class LastManager(Problem):
    status, code, message = 409, "last_manager", N_("这是最后一个可用的安全管理员账号，先邀请另一位才能这样做")


class NotYourself(Problem):
    status, code, message = 409, "not_yourself", N_("不能对自己的账号这样做，请另一位安全管理员来做")


class NoScope(Problem):
    status, code, message = 409, "no_scope", N_("这个账号还没有适用范围，请先指定范围")


class PersonLocked(Problem):
    status, code, message = 403, "person_locked", N_("已经填错 5 次，为了安全先锁定了，请拨打热线，由坐席为您核实")


class StillWaiting(Problem):
    status, code, message = 403, "still_waiting", N_("您的认领还在审核，通过以后就能登录")


class TooOften(Problem):
    status, code, message = 429, "rate_limited", N_("操作太频繁了，请过一会儿再试")


class WrongCode(Problem):
    status, code, message = 422, "wrong_code", N_("动态码不对，请看手机上最新的 6 位数字再填一次")


class UsernameTaken(Invalid):
    """Somebody else has this name."""

    def __init__(self) -> None:
        super().__init__(errors=[FieldProblem("username", "taken", N_("这个用户名已有人用，请换一个"))])


def field_wrong(field: str, message: str) -> Invalid:
    """One field is wrong, and why."""
    return Invalid(errors=[FieldProblem(field, "invalid", message)])


class PlaceTaken(Invalid):
    """The district is there already."""

    def __init__(self) -> None:
        super().__init__(errors=[FieldProblem("place", "taken", N_("这个区已经有了"))])


class NameTaken(Invalid):
    """A partner of that name is there already."""

    def __init__(self) -> None:
        super().__init__(errors=[FieldProblem("name", "taken", N_("已经有这个名称的单位"))])


class CodeTaken(Invalid):
    """Somebody has just written an employer of that code down."""

    def __init__(self) -> None:
        super().__init__(errors=[FieldProblem("credit_code", "taken", N_("这个代码已经登记过了"))])


constraint_problem("uq_account_username", UsernameTaken)
constraint_problem("uq_district_code", PlaceTaken)
constraint_problem("uq_partner_name", NameTaken)
constraint_problem("uq_employer_credit_code", CodeTaken)
