"""What the desk says about requests: states, modes, who did what."""

from __future__ import annotations

from charter.core.actor import Role
from charter.core.i18n import N_, language
from charter.places import table as places

__all__ = [
    "ACTIONS",
    "CHANGEABLE",
    "CHANGED",
    "CONSENTS",
    "DONE",
    "ID_TYPES",
    "MARKS",
    "MODES",
    "REACH",
    "ROLES",
    "SEAT_NOW",
    "SEAT_STATES",
    "SOURCES",
    "STATES",
    "WISHES",
    "action",
    "origin_name",
]

STATES = {
    "received": N_("等企业确认"), "needs_decision": N_("等组织方核实"), "confirmed": N_("已确认，等安排"),
    "planned": N_("已排进方案"), "offered": N_("有座位，等答复"), "booked": N_("已订座"), "boarded": N_("已上车"),
    "arrived": N_("已到达"), "left_behind": N_("没排上"), "withdrawn": N_("不来了"), "rejected": N_("未通过")}
MARKS = {"received": "look", "needs_decision": "look", "confirmed": "info", "planned": "info", "offered": "look",
         "booked": "go", "boarded": "go", "arrived": "past", "left_behind": "stop", "withdrawn": "past",
         "rejected": "stop"}
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机")}
SEAT_STATES = {"held": N_("保留中"), "confirmed": N_("已订座"), "cancelled": N_("已取消"), "expired": N_("保留已过期")}
SOURCES = {"worker": N_("本人报名"), "employer": N_("企业名单"), "partner": N_("输出地交来"),
           "organizer": N_("组织方登记"), "hotline": N_("热线登记")}
CONSENTS = {"use": N_("使用个人信息"), "sensitive": N_("使用证件等敏感信息"), "child": N_("监护人同意儿童出行"),
            "sharing": N_("提供给承运方和防疫部门")}
ID_TYPES = {"resident_id": N_("居民身份证"), "hmt_permit": N_("港澳台居民居住证"),
            "permanent_resident": N_("外国人永久居留证"), "travel_permit": N_("来往内地通行证"), "passport": N_("护照"),
            "birth_certificate": N_("出生证明")}
ROLES = {
    Role.WORKER: N_("本人"), Role.EMPLOYER: N_("企业"), Role.HOTLINE: N_("热线"), Role.ORIGIN_PARTNER: N_("输出地"),
    Role.VOLUNTEER: N_("志愿者"), Role.SCANNER: N_("扫码手机"), Role.DISTRICT_ORGANIZER: N_("区组织方"),
    Role.CITY_ORGANIZER: N_("市组织方"), Role.ADMINISTRATOR: N_("系统管理员"), Role.SECURITY_MANAGER: N_("安全管理员"),
    Role.AUDITOR: N_("审计员"), Role.FUNDS_AUDITOR: N_("经审"), "system": N_("系统")}
ACTIONS = {
    "registration.made": N_("报名"), "registration.confirmed": N_("确认报名"), "registration.rejected": N_("退回报名"),
    "registration.withdrawn": N_("退出"), "registration.restored": N_("恢复报名"),
    "registration.changed": N_("修改报名"), "registration.coming": N_("回复会来"),
    "registration.call_back": N_("请求回电"), "registration.called_back": N_("已回电"),
    "registration.decided": N_("核实并决定"),
    "registration.replaced": N_("换人"), "person.acted": N_("代办"), "booking.held": N_("保留座位"),
    "booking.confirmed": N_("订下座位"), "booking.moved": N_("换座位"), "booking.cancelled": N_("退座位"),
    "booking.taken_over": N_("接替座位"), "pass.reported": N_("换发登车牌"), "pass.sent": N_("发登车牌短信"),
    "sealed.revealed": N_("查看完整信息"),
    "worker.phone_changed": N_("换手机号"), "worker.number_confirmed": N_("核对证件号码"),
    "person.unlocked": N_("解开手机锁定")}
REACH = {"self": N_("自己能到"), "feeder": N_("要接驳车"), "later": N_("要晚一点的上车点"), "evening": N_("要前一晚到")}
DONE = {
    "confirm": N_("已确认"), "reject": N_("已退回"), "withdraw": N_("已退出，座位也退了"),
    "restore": N_("已恢复报名，要重新订座位"), "change": N_("已改好"),
    "replace": N_("已换人，座位归同事"), "book": N_("座位已订下"), "hold": N_("座位已保留，请在到时间前订下来"),
    "confirm_seat": N_("座位已订下"), "cancel_seat": N_("座位已退"), "move_seat": N_("已换到新座位，旧登车牌作废"),
    "add": N_("已加到名单"), "sent": N_("短信已发出"), "fresh": N_("已换发新的登车牌并发出短信"),
    "unsent": N_("没有手机号，短信没有发"), "unlock": N_("已解开，本人可以再试 5 次")}

CHANGEABLE = ("received", "confirmed", "planned", "offered", "booked", "left_behind")
CHANGED = {"day": N_("日期已改。"), "gone": N_("已记为不来。"), "back": N_("已撤销，和原来一样。")}
SEAT_NOW = {
    "kept": N_("座位和登车牌不变，名单上是新的日期。"), "gone": N_("座位已退回，登车牌失效；名单已更新。"),
    "back": N_("座位还是他的，登车牌有效。"), "none": N_("他没有座位；名单已更新。")}


def action(code: str) -> str:
    """The message id of an audited action."""
    return ACTIONS.get(code, N_("其他操作"))


def origin_name(code: str) -> str:
    """A county as people write it, with its province; in pinyin for readers of English."""
    found = places.load().get(code)
    if found is None:
        return code
    return found.pinyin.capitalize() if language() == "en" else places.load().full_name(code)

WISHES = {"any": N_("都可以"), "window": N_("靠窗"), "aisle": N_("靠过道"), "lower": N_("下铺")}
