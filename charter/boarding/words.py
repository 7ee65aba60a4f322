"""The scanner's words, by verdict and by place; the page carries them in the reader's language."""

from __future__ import annotations

from charter.core.i18n import N_, gettext

__all__ = ["WORDS", "reason_told", "shown_told", "spoken"]

WORDS = {
    "ok": N_("可以上车"), "ok_text": N_("请核对身份证"),
    "already_boarded": N_("已经上过车"), "already_boarded_text": N_("这个码已上车（%(at)s）。请核对证件，是哪一种？"),
    "other_phone": N_("在另一部手机上"),
    "same_person": N_("本人回来，放行"), "earlier_wrong": N_("这位才是本人，前面的上错了"),
    "turned_away": N_("不是本人，请他离开"),
    "look_up_stranger": N_("拿错码的人还在车上：请问他的姓名，找到后用证件给他登记。"),
    "wrong_stop": N_("不是这个上车点"), "wrong_stop_text": N_("他登记在%(stop)s上车，核对后可以上车。"),
    "superseded": N_("旧乘车码"), "superseded_text": N_("座位已换，请坐 %(seat)s 座。核对证件后可以上车。"),
    "not_on_manifest": N_("名单里没有他"), "not_on_manifest_text": N_("请核对证件。座位按码上的号，手工登记上车。"),
    "newer": N_("码比名单新"),
    "expired": N_("乘车码已过期"), "expired_text": N_("是本班次的码。核对证件和日期后再决定。"),
    "not_yet_valid": N_("还没到乘车时间"), "not_yet_valid_text": N_("是本班次的码。核对日期后再决定。"),
    "wrong_departure": N_("不是这趟车"),
    "wrong_departure_text": N_("他的车在 %(bay)s，%(leaves)s 发车，请他赶快过去。"),
    "wrong_departure_gone": N_("他的车在 %(bay)s，%(leaves)s 发车，已经开走。请他打热线。"),
    "wrong_departure_unknown": N_("他的车不在这个站，请他打热线。"), "there_seat": N_("他坐 %(seat)s 座。"),
    "there_coach": N_("车次 %(code)s。"),
    "cancelled": N_("座位已取消"), "cancelled_text": N_("请他打热线，或找带队组织者。"),
    "revoked": N_("这个码已作废"), "revoked_text": N_("请本人打开手机出示新的乘车码，或用身份证找人。"),
    "bad_signature": N_("假码"), "bad_signature_text": N_("这个码不是我们发的。请用身份证找人。"),
    "unknown_key": N_("不是本次活动的码"), "unknown_key_text": N_("请用身份证找人。"),
    "unreadable": N_("不是乘车码"), "unreadable_text": N_("请他打开乘车码，再扫一次。"),
    "departure_closed": N_("已经发车封单"), "departure_closed_text": N_("名单已封存，请打热线。"),
    "device_not_allowed": N_("这部手机不能扫这趟车"), "device_not_allowed_text": N_("请让组织者重新发邀请。"),
    "malformed": N_("没有读好"), "malformed_text": N_("请再扫一次。"),
    "board": N_("确认上车"), "board_anyway": N_("已核对，让他上车"), "board_some": N_("确认 %(count)s 人上车"),
    "deny": N_("不让上车"), "seat": N_("%(seat)s 座"), "party": N_("一家 %(count)s 口，已上 %(there)s"),
    "lap": N_("怀抱儿童 %(count)s 名"),
    "unsent": N_("未上传 %(count)s"), "unsent_light": N_("未上传：%(count)s 条"),
    "list_version": N_("名单：第 %(version)s 版，%(rows)s 个码"),
    "list_old": N_("名单：手机上是第 %(version)s 版，已有第 %(newest)s 版"),
    "keys": N_("验码钥匙：%(count)s 把"), "clock": N_("时钟：相差 %(seconds)s 秒，自动校正"),
    "online": N_("网络：已连接"), "offline": N_("网络：没有，可以照常扫码"),
    "camera_starting": N_("相机：正在开启"), "camera_ready": N_("相机：正常"),
    "camera_missing": N_("相机：打不开，请允许使用相机，或用“找人”"),
    "ended": N_("行程已结束"), "ended_text": N_("名单已从这部手机删除。"),
    "spent": N_("邀请已失效"), "spent_text": N_("邀请链接只能用一次，10 分钟内有效。请组织者重新发一个。"),
    "welcome": N_("请扫组织者给的邀请码"), "welcome_text": N_("用这部手机打开邀请链接，就能开始扫码。"),
    "safari": N_("请用 Safari 打开"),
    "safari_text": N_("微信里不能用相机扫码。点右上角“…”，选“在浏览器打开”，邀请仍然有效。"),
    "send_first": N_("先上传，再换班次"),
    "send_first_text": N_("这部手机还有 %(count)s 条没有上传。请连上网络后重新打开邀请链接，邀请仍然有效。"),
    "no_net": N_("没有网络"), "no_net_text": N_("第一次打开需要网络来取名单。请连上网络后刷新。"),
    "nothing": N_("没有可以撤销的"), "nothing_text": N_("这部手机还没有确认过上车。"),
    "undone": N_("已撤销"), "undone_text": N_("最近一次上车已撤销，共 %(count)s 人。"),
    "nobody": N_("没有找到"), "more_found": N_("还有 %(count)s 人，请多打几个字。"),
    "unlock_offline": N_("现在没有网络，口令要在有信号时用。请扫解锁卡。"),
    "pin_wrong": N_("口令不对，还可以试 %(left)s 次。"),
    "pin_locked": N_("口令没有设或错了 5 次。请扫解锁卡，或重新扫邀请码加入。"),
    "scan_card": N_("请把相机对准解锁卡"), "card_wrong": N_("这张卡打不开名单"),
    "card_wrong_text": N_("请用本班次最新打印的解锁卡；打印后要在有信号时打开过一次这个页面。"),
    "names_open": N_("名单已打开"), "names_open_text": N_("可以按姓名找人了。10 分钟不用自动关上。"),
    "card_checked": N_("查了身份证"), "phone_dead": N_("手机没电或没带"), "code_unreadable": N_("码读不出来"),
    "boarded_by_hand": N_("已手工上车"), "undo_boarding": N_("撤销上车"), "alights_here": N_("在这里下车"),
    "alighted": N_("已下车"), "set_down": N_("请下车"),
    "state_waiting": N_("还没上车"), "state_boarded": N_("在车上"), "state_alighted": N_("已下车"),
    "state_denied": N_("没让上车"), "state_no_show": N_("没有来"),
    "missing_count": N_("还没到 %(count)s 人"), "all_stops": N_("所有上车点"), "dial": N_("打电话"),
    "comes_at": N_("%(at)s 到"), "on_the_way": N_("在路上，%(until)s 到"), "not_coming": N_("不来了"),
    "no_answer": N_("没人接"), "not_called": N_("还没打电话"),
    "wait_left": N_("再等 %(left)s，等到 %(at)s"),
    "wait_over": N_("等到 %(at)s，时间已过：可以不再等，座位可以给别人。"),
    "count_right": N_("人数一致"), "count_differs": N_("人数不一致"), "count_explained": N_("已记下原因"),
    "count_text": N_("数到 %(counted)s 人，扫码 %(expected)s 人。"), "count_expected": N_("应有 %(expected)s 人"),
    "rehearsed": N_("演练：做过了"), "not_rehearsed": N_("演练：还没有做"),
    "practice_step": N_("演练 %(at)s / %(total)s：有人出示这个码"), "practice_board": N_("直接上车"),
    "practice_board_anyway": N_("看证件后上车"), "practice_compare": N_("问清是哪一种"),
    "practice_send_away": N_("请他离开"), "practice_wrong": N_("再看一眼上面的字。"),
    "practice_done": N_("五个都对了"), "practice_done_text": N_("没有网络也一样能扫。练习的码不会上传。"),
    "practice_name_1": N_("练习甲"), "practice_name_2": N_("练习乙"),
    "handover_give": N_("这部手机有 %(count)s 条没有上传。请另一部扫码手机对着下面的码扫，扫完为止。"),
    "handover_nothing": N_("这部手机没有要交的记录。"), "handover_step": N_("第 %(at)s / %(total)s 张"),
    "handover_reading": N_("已读 %(at)s / %(total)s 张，请继续对准"), "handover_bad": N_("这份记录读不出来"),
    "handover_bad_text": N_("请在原来的手机上重新打开“交给另一部手机”，再扫一遍。"),
    "handover_taken": N_("已收下"), "handover_taken_text": N_("有网络时就替那部手机上传。内容已加密，这部手机看不到。"),
    "handover_sent": N_("已替那部手机上传"),
    "handover_sent_text": N_("共 %(count)s 条。那部手机上的记录还在，连上网络会自动核对。"),
    "at_stop": N_("在%(stop)s，%(at)s 到的"), "resting": N_("正在休息，%(at)s 开始"), "on_the_road": N_("在路上"),
    "reach_stop": N_("到了：%(stop)s（集合 %(at)s）"), "reach_gate": N_("到了：%(stop)s，请下车"),
    "begin_rest": N_("开始休息"), "driver_changed": N_("换司机"), "driver_changed_text": N_("连续行驶时间重新计算。"),
    "driving": N_("连续行驶 %(time)s，最多 %(limit)s"), "heads": N_("%(count)s 人"), "go_on": N_("可以开车"),
    "noted": N_("已记下"), "incident_ask": N_("出了什么事？"),
    "incident_text": N_("有网络就传给组织者。要人帮忙请打热线 %(hotline)s。"),
    "incident_breakdown": N_("车坏了"), "incident_accident": N_("车祸"), "incident_illness": N_("有人病了"),
    "incident_quarrel": N_("吵闹打架"), "incident_delay": N_("堵车或天气，晚点"), "incident_other": N_("别的事"),
    "goes_on": N_("还能走"), "stands": N_("停着"), "needs_help": N_("要人帮忙"),
    "slip_line": N_("%(code)s，%(bay)s，%(leaves)s 发车"),
    "id_wrong": N_("身份证号不对，请对着证件再看一遍。"), "walked_on": N_("已登记临时上车"),
    "walked_on_text": N_("请在名单的空白行也写上他的名字，让司机签字。"),
    "log_arrived_stop": N_("到站"), "log_left_stop": N_("开车"), "log_rest_begun": N_("休息"),
    "log_rest_ended": N_("休息完"), "log_driver_changed": N_("换司机"), "log_incident": N_("出事"),
    "log_counted": N_("清点"), "log_refused": N_("没让上车"), "log_set_down": N_("请下车"),
    "log_walk_on": N_("临时上车"), "get_off": N_("确认下车"), "get_off_some": N_("确认 %(count)s 人下车"),
    "drunk": N_("喝醉"), "fever": N_("发热"), "quarrel": N_("吵闹打架"), "no_card": N_("没有证件"),
    "own_wish": N_("自己不走了"), "driver": N_("司机"), "crew": N_("带车人"), "police": N_("民警"),
    "other_volunteer": N_("另一名志愿者"), "nobody_needed": N_("不用人照顾"), "family": N_("家属"),
    "station": N_("车站人员"), "hospital": N_("医院"), "refused": N_("已记下"),
    "refused_text": N_("组织者和热线会看到。单位只看到“没有上车”，看不到原因。"),
}
REASONS = ("same_person", "earlier_wrong", "turned_away", "card_checked", "phone_dead", "code_unreadable",
           "alights_here", "drunk", "fever", "quarrel", "no_card", "own_wish", "driver", "crew", "police",
           "other_volunteer", "nobody_needed", "family", "station", "hospital")
PARTY = N_("随同行人上车")


def reason_told(reason: str) -> str:
    """A scan's reason for a reader: phones send codes, joined by /; what somebody typed stays as it is."""
    parts = reason.split("/")
    known = {code: WORDS[code] for code in REASONS} | {"party": PARTY}
    return "，".join(gettext(known[part]) for part in parts) if all(part in known for part in parts) else reason


def shown_told(code: str) -> str:
    """What a phone showed, by its code; "" where a phone sent something else."""
    return gettext(WORDS[code]) if f"{code}_text" in WORDS else ""


def spoken() -> dict[str, str]:
    """All words in the reader's language; their places are filled by the page."""
    return {key: gettext(message) for key, message in WORDS.items()}
