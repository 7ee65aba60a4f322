"""Words of pages and papers about departures."""

from __future__ import annotations

from charter.core.i18n import N_

__all__ = ["ENTRY_WORDS", "ITEM_WORDS", "LOG", "PAPER_WORDS", "SIGN_WORDS"]

LOG = {
    "departure.added": N_("加开"), "departure.rescheduled": N_("改了时间"), "departure.crew": N_("安排了带车人员"),
    "departure.vehicle": N_("填了车牌和驾驶员"),
    "departure.called_off": N_("取消了班次"),
    "cost.actual": N_("填了实际经费"), "cost.lines": N_("改了经费"),
    "heads.counted": N_("清点了人数"), "manifest.sealed": N_("封存名单，发车"), "departure.arrived": N_("登记到达"),
    "scanner.invited": N_("给检票手机发了邀请"),
    "scans.taken": N_("收到检票记录"),
    "sealed.revealed": N_("取手机号发通知"),
    "paper.added": N_("存了一份文件"), "paper.taken_out": N_("撤下一份文件"), "paper.opened": N_("打开了一份文件"),
    "file.exported": N_("导出了整档"), "shares.by_hand": N_("商定了分担"), "sign.explained": N_("说明了异常"),
}
ITEM_WORDS = {"quotes": N_("报价或只有一家的原因"), "contract": N_("合同"), "approval": N_("批准文件"),
              "plate": N_("包车标志牌"), "road_pass": N_("通行证"), "list": N_("封存的名单"), "scans": N_("检票记录"),
              "count": N_("清点"), "cases": N_("异常都已处理"), "hand_over": N_("交接单照片"), "invoice": N_("发票"),
              "payment": N_("付款"), "voucher": N_("凭证号")}
PAPER_WORDS = {"quote": N_("报价"), "contract": N_("合同"), "approval": N_("批准文件"), "plate": N_("包车标志牌"),
               "road_pass": N_("通行证"), "hand_over": N_("交接单照片"), "invoice": N_("发票"), "payment": N_("付款"),
               "other": N_("其他")}
ENTRY_WORDS = {"bill": N_("账单"), "share": N_("分担"), "payment": N_("付款"), "receipt": N_("收款"),
               "subsidy": N_("企业补助"), "travel": N_("自行返岗补助"), "reversal": N_("冲销")}
SIGN_WORDS = {  # heading, and what the number means
    "fast": (N_("上车太快"), N_("一台手机 %(number)s 秒里让 10 个人上了车")),
    "by_hand": (N_("全部手工补登"), N_("%(number)s 个人全是手工补登，没有一个扫码")),
    "late_typed": (N_("结算以后才补登"), N_("结算以后又收到 %(number)s 条上车记录")),
    "one_phone": (N_("很多人同一个手机号"), N_("车上 %(number)s 个人留的是同一个手机号")),
    "empty": (N_("付了钱的座位空着一半以上"), N_("整车有账单，%(number)s 个座位没有人坐")),
    "two_vehicles": (N_("一人两车"), N_("%(number)s 个人一天之内还上了别的车")),
}
