"""What boarding refuses."""

from __future__ import annotations

from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = [
    "BatchTooLarge",
    "BundleRefused",
    "CountDiffers",
    "InvitationSpent",
    "NotDeparted",
    "NotDeparting",
    "NothingToTakeBack",
    "PinLocked",
    "PinTooLate",
    "PinWrong",
    "VehicleTooSmall",
]


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


class PinTooLate(Problem):
    status, code, message = 409, "pin_too_late", "口令只能在加入后 30 分钟内设一次，请重新扫邀请码加入"


class PinWrong(Problem):
    status, code, message = 422, "pin_wrong", "口令不对"


class PinLocked(Problem):
    status, code, message = 403, "pin_locked", "口令错了 5 次，不能再试。请用解锁卡，或重新扫邀请码加入"


class BundleRefused(Problem):
    status, code, message = 422, "bundle_refused", "这份扫码记录打不开，请在原来的手机上重新导出"


class VehicleTooSmall(Problem):
    status, code, message = 409, "vehicle_too_small", N_("这辆车只能坐 %(seats)s 人，已有 %(people)s 人订座")


class NothingToTakeBack(Problem):
    status, code, message = 409, "nothing_to_take_back", N_("没有可以撤回的换车")
