"""What the pages of money share: who reads, who writes, and the words for payers, accounts and entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, request

from charter.campaigns.choosing import asked, campaign_of
from charter.campaigns.models import Campaign
from charter.core.actor import Role, current
from charter.core.db import ask
from charter.core.i18n import N_, gettext, language

__all__ = ["AUDITED", "BASES", "KINDS", "MODES", "PAGE", "PAYERS", "READERS", "TABS", "WRITERS", "account_name", "bp",
           "campaign_here", "page_number"]

bp = Blueprint("funding", __name__, template_folder="../templates")
READERS = frozenset({Role.CITY_ORGANIZER, Role.DISTRICT_ORGANIZER, Role.FUNDS_AUDITOR})
AUDITED = frozenset({Role.CITY_ORGANIZER, Role.FUNDS_AUDITOR})
WRITERS = frozenset({Role.CITY_ORGANIZER})
PAGE = 100
KINDS = {"charter": N_("包车"), "meals": N_("餐饮"), "insurance": N_("保险"), "tolls": N_("通行费"),
         "other": N_("其他")}
COSTS = KINDS | {"subsidy": N_("企业补助"), "travel": N_("自行返岗补助")}
MODES = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机")}
PAYERS = {"city": N_("市总工会"), "district": N_("区总工会"), "employer": N_("用工企业"), "worker": N_("职工")}
BASES = {"percent": N_("按比例（%）"), "vehicle": N_("每车（元）"), "head": N_("每人（元）"), "rest": N_("余下全部")}
ENTRIES = {"bill": N_("账单"), "share": N_("分担"), "payment": N_("付款"), "receipt": N_("收款"),
           "subsidy": N_("企业补助"), "travel": N_("自行返岗补助"), "reversal": N_("冲销")}
TABS = (("funding.costs", N_("班次费用")), ("funding.shares", N_("分担")), ("funding.contracts", N_("合同")),
        ("funding.settlements", N_("结算")), ("funding.subsidies", N_("企业补助")),
        ("funding.travel", N_("自行返岗补助")), ("funding.ledger_accounts", N_("账簿")))


def campaign_here() -> Campaign:
    """The campaign that the page shows."""
    return ask(campaign_of, current(), *asked())


def page_number() -> int:
    """?page= of this request, from 1."""
    written = request.args.get("page", "1")
    return min(max(int(written), 1), 1_000) if written.isascii() and written.isdecimal() and len(written) < 6 else 1


def account_name(kind: str, item: str, party: UUID | None, names: Mapping[UUID | None, tuple[str, str]]) -> str:
    """An account in the reader's words."""
    name = names.get(party, ("", ""))[0 if language() == "zh" else 1]
    if kind == "cost":
        return gettext(N_("费用：%(item)s"), item=gettext(COSTS.get(item, item)))
    if kind == "due" and item == "city":
        return gettext(N_("市总工会承担"))
    if kind == "due":
        said = {"district": N_("%(name)s总工会承担"), "employer": N_("%(name)s承担"),
                "worker": N_("%(name)s的职工承担（由企业代收）")}
        return gettext(said[item], name=name)
    words = {"carrier": N_("应付承运企业 %(name)s"), "aid": N_("应付企业补助 %(name)s")}
    if kind in words:
        return gettext(words[kind], name=name or gettext(N_("其他收款方")))
    plain = {"borne": N_("已分担费用"), "travel": N_("应付自行返岗补助"), "bank": N_("银行")}
    return gettext(plain[kind])


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What the templates of this room say."""
    return {"money_tabs": TABS, "payer_words": PAYERS, "basis_words": BASES, "entry_words": ENTRIES,
            "account_name": account_name}
