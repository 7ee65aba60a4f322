"""Where a request stands on its way, in the reader's words: what is done, one sentence, and the one thing to do now."""

from __future__ import annotations

from dataclasses import dataclass

from charter.core.i18n import N_

__all__ = ["WAY", "Standing", "standing"]

WAY = (N_("已报名"), N_("单位确认"), N_("安排座位"), N_("座位确定"), N_("上车"), N_("平安到达"))


@dataclass(frozen=True, slots=True)
class Standing:
    """`done` points of WAY lie behind. `tone` go, look, stop, info or past; `sentence` and `then` are message ids, with
    the places employer, moment and reason; `action` confirm, choose, pass, again, call or "" for nothing to do."""

    done: int
    tone: str
    sentence: str
    then: str = ""
    action: str = ""


_STANDINGS = {
    "received": Standing(1, "info", N_("报名收到了，正在等单位确认"),
                         N_("确认后会马上告诉您，您现在什么也不用做。")),
    "needs_decision": Standing(1, "look", N_("报名收到了，需要工作人员核对"),
                               N_("这个证件号码已经登记过，核对后会告诉您。着急请打热线。"), "call"),
    "confirmed": Standing(2, "go", N_("单位已经确认，正在安排座位"),
                          N_("可以自己选座位，也可以等我们统一安排，排好会发短信。"), "choose"),
    "planned": Standing(2, "info", N_("已经排进班次，座位很快确定"), N_("确定后会发短信，请留意手机。")),
    "offered": Standing(3, "look", N_("候补到您了：有一个座位留给您"), "", "confirm"),
    "held": Standing(3, "look", N_("座位已为您保留，请在时间到之前确认"), "", "confirm"),
    "booked": Standing(4, "go", N_("您的座位确定了"), N_("请按时到上车点，带好身份证。"), "pass"),
    "boarded": Standing(5, "go", N_("您已上车，祝一路平安"), "", "pass"),
    "arrived": Standing(6, "past", N_("您已到达，这次行程结束了")),
    "left_behind": Standing(2, "stop", N_("这一次没能给您排上座位"),
                            N_("您还可以：看看有没有空出来的座位；改宽日期或交通工具；打热线问自行返岗的交通补贴。"),
                            "choose"),
    "withdrawn": Standing(1, "past", N_("您已取消这次报名"), N_("改主意了，可以重新报名。"), "again"),
    "rejected": Standing(1, "stop", N_("这次报名没有通过"), N_("如有疑问，请打热线或问单位。"), "again"),
}


def standing(state: str, *, held: bool = False, offered: bool = False, seated: bool = False,
             open_seats: bool = True) -> Standing:
    """Of a registration's state, with what its bookings say: `held` waits for the person's word, `offered` too and
    comes from the waiting list, `seated` is sure.

    Without `open_seats` there is nothing to choose from yet.
    """
    if held and state not in ("boarded", "arrived"):
        return _STANDINGS["offered" if offered else "held"]
    if seated and state in ("received", "confirmed", "planned", "offered", "left_behind"):
        state = "booked"
    if state in ("booked", "offered") and not seated:
        state = "confirmed"  # the seat was taken back, the offer has lapsed: what can be done is said
    found = _STANDINGS[state]
    if found.action == "choose" and not open_seats:
        then = N_("我们会统一安排，排好会发短信，您现在什么也不用做。") if state == "confirmed" else found.then
        return Standing(found.done, found.tone, found.sentence, then, "call" if state == "left_behind" else "")
    return found
