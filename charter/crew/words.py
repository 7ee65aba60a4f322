"""The words for kinds and states of who rides along."""

from __future__ import annotations

from charter.core.i18n import N_

__all__ = ["KINDS", "MODES", "ROTAS", "STATES", "SWAPS"]

KINDS = {"cadre": N_("工会干部"), "volunteer": N_("志愿者"), "employer": N_("企业人员"), "coach_leader": N_("车长")}
STATES = {"offered": N_("等待确认"), "accepted": N_("已确认"), "refused": N_("未接受"), "left": N_("已退出")}
ROTAS = {"queued": N_("等待计算"), "running": N_("正在计算"), "done": N_("已算好"), "failed": N_("没有算成"),
         "taken": N_("已采用")}
SWAPS = {"asked": N_("等待对方答复"), "agreed": N_("已换班"), "refused": N_("对方没有同意"), "withdrawn": N_("已撤回")}
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机")}
