"""The scanner's words, by verdict and by place; the page carries them in the reader's language."""

from __future__ import annotations

from charter.core.i18n import N_, gettext

__all__ = ["WORDS", "spoken"]

WORDS = {
    "ok": N_("可以上车"), "ok_text": N_("请核对身份证"),
    "already_boarded": N_("已经上过车"),
    "already_boarded_text": N_("这个码已上车 %(at)s。是本人回来就放行；不是同一人，请核对证件。"),
    "wrong_stop": N_("不是这个上车点"), "wrong_stop_text": N_("他登记在另一个上车点，核对后可以上车。"),
    "superseded": N_("旧乘车码"), "superseded_text": N_("座位已换，请坐 %(seat)s 座。核对证件后可以上车。"),
    "not_on_manifest": N_("名单里还没有他"), "not_on_manifest_text": N_("这个码比名单新。核对证件后可以上车。"),
    "expired": N_("乘车码已过期"), "expired_text": N_("是本班次的码。核对证件和日期后再决定。"),
    "not_yet_valid": N_("还没到乘车时间"), "not_yet_valid_text": N_("是本班次的码。核对日期后再决定。"),
    "wrong_departure": N_("不是这趟车"),
    "wrong_departure_text": N_("他的车在 %(bay)s，%(leaves)s 发车，请他赶快过去。"),
    "wrong_departure_gone": N_("他的车在 %(bay)s，%(leaves)s 发车，已经开走。请他打热线。"),
    "cancelled": N_("座位已取消"), "cancelled_text": N_("请他打热线，或找带队组织者。"),
    "revoked": N_("这个码已作废"), "revoked_text": N_("请本人打开手机出示新的乘车码，或用身份证找人。"),
    "bad_signature": N_("假码"), "bad_signature_text": N_("这个码不是我们发的。请用身份证找人。"),
    "unknown_key": N_("不是本次活动的码"), "unknown_key_text": N_("请用身份证找人。"),
    "unreadable": N_("不是乘车码"), "unreadable_text": N_("请他打开乘车码，再扫一次。"),
    "departure_closed": N_("已经发车封单"), "departure_closed_text": N_("名单已封存，请打热线。"),
    "device_not_allowed": N_("这部手机不能扫这趟车"), "device_not_allowed_text": N_("请让组织者重新发邀请。"),
    "malformed": N_("没有读好"), "malformed_text": N_("请再扫一次。"),
    "board": N_("确认上车"), "board_anyway": N_("已核对，让他上车"), "seat": N_("%(seat)s 座"),
    "party": N_("一家 %(count)s 口"), "lap": N_("怀抱儿童 %(count)s 名"),
    "unsent": N_("未上传 %(count)s"), "list_version": N_("名单：第 %(version)s 版，%(rows)s 个码"),
    "keys": N_("验码钥匙：%(count)s 把"), "clock": N_("时钟：相差 %(seconds)s 秒"),
    "online": N_("网络：已连接"), "offline": N_("网络：没有，可以照常扫码"),
    "camera_starting": N_("相机：正在开启"), "camera_ready": N_("相机：正常"),
    "camera_missing": N_("相机：打不开，请允许使用相机，或用“找人”"),
    "ended": N_("行程已结束"), "ended_text": N_("名单已从这部手机删除。"),
    "spent": N_("邀请已失效"), "spent_text": N_("邀请链接只能用一次，10 分钟内有效。请组织者重新发一个。"),
    "welcome": N_("请扫组织者给的邀请码"), "welcome_text": N_("用这部手机打开邀请链接，就能开始扫码。"),
    "no_net": N_("没有网络"), "no_net_text": N_("第一次打开需要网络来取名单。请连上网络后刷新。"),
    "nothing": N_("没有可以撤销的"), "nothing_text": N_("这部手机还没有确认过上车。"),
    "undone": N_("已撤销"), "undone_text": N_("最近一次上车已撤销。"),
    "by_hand_reason": N_("查证件，手工上车"), "nobody": N_("没有找到"),
    "search_offline": N_("现在没有网络，不能找人。可以继续扫码。"),
    "count_failed": N_("清点没有提交"), "count_failed_text": N_("请连上网络后再提交。"),
    "count_right": N_("人数一致"), "count_differs": N_("人数不一致"),
    "count_text": N_("数到 %(counted)s 人，扫码 %(expected)s 人。"),
}


def spoken() -> dict[str, str]:
    """All words in the reader's language; their places are filled by the page."""
    return {key: gettext(message) for key, message in WORDS.items()}
