"""What boarding refuses."""

from __future__ import annotations

from charter.core.problems import Problem

__all__ = ["BatchTooLarge", "CountDiffers", "InvitationSpent", "NotDeparted", "NotDeparting"]


class BatchTooLarge(Problem):
    status, code, message = 413, "batch_too_large", "一次最多上传 1000 条扫码记录，请分批上传"


class CountDiffers(Problem):
    status, code, message = 409, "count_differs", "清点人数与扫码人数不一致，请重新清点或说明原因"


class NotDeparting(Problem):
    status, code, message = 409, "called_off", "这个班次已取消，不能发车"


class NotDeparted(Problem):
    status, code, message = 409, "not_departed", "这个班次还没有发车，不能登记到达"


class InvitationSpent(Problem):
    status, code, message = 410, "invitation_spent", "这个邀请链接已用过或已过期，请让管理员重新生成"
