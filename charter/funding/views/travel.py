"""Pages of the fixed subsidy for own travel: bands, claims, the check against those who rode free."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for

from charter.core import audit, clock, money
from charter.core.actor import current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import N_, gettext
from charter.core.problems import Invalid
from charter.core.routes import page
from charter.core.workbook import Cell, attached, table
from charter.funding import claiming
from charter.funding.rules.travel import Band
from charter.funding.views.frame import PAGE, READERS, WRITERS, bp, campaign_here, page_number

__all__ = ["answer_claim", "pay_travel", "travel", "travel_bands", "travel_xlsx"]

STATES = {"claimed": N_("等确认会员"), "confirmed": N_("已确认"), "paid": N_("已入账"), "refused": N_("不符合"),
          "withdrawn": N_("已撤回")}
CODES = {"rode_free": N_("坐了免费班车"), "has_seat": N_("还留着免费班车的座位"), "no_member": N_("不是工会会员"),
         "outside_dates": N_("乘车日期不在活动期间"), "no_band": N_("这个里程没有补助"),
         "claimed_before": N_("已经申请过"), "": ""}
BY = {"bus": N_("大巴"), "train": N_("火车"), "flight": N_("飞机"), "car": N_("自驾")}
BANDS = 8


@page(bp, "/desk/money/travel", roles=READERS)
def travel() -> str:
    """The bands, and the claims in the reader's scope."""
    return _travel(None)


def _texts(bands: list[Band]) -> dict[str, str]:
    shown: list[Band | None] = [*bands, *[None] * BANDS][:BANDS]
    return {f"{part}_{place}": "" if band is None else str(band.from_km) if part == "km" else money.yuan(band.fen)
            for place, band in enumerate(shown) for part in ("km", "fen")}


def _travel(form: Form | None) -> str:
    campaign, actor, number = campaign_here(), current(), page_number()
    state = request.args.get("state", "") if request.args.get("state") in STATES else ""
    bands = ask(claiming.bands, campaign.id)
    rows = ask(claiming.claims, actor, campaign.id, state=state, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "funding/travel.html", campaign=campaign, bands=bands, form=form or Form(_texts(bands)), states=STATES,
        state=state, rows=rows[:PAGE], more=len(rows) > PAGE, page=number, codes=CODES, ways=BY, places=range(BANDS),
        counts=ask(claiming.count_states, actor, campaign.id), may=actor.role in WRITERS,
        answers=actor.role != "funds_auditor",
        both=ask(claiming.both, campaign.id) if not actor.scope("district") else [])


@page(bp, "/desk/money/travel/bands", roles=WRITERS, methods=("POST",))
def travel_bands() -> Any:
    """Set what is paid by distance."""
    form, campaign = Form.sent(request.form), campaign_here()
    reader = Reader(form.values)
    wanted: dict[int, int] = {}
    for place in range(BANDS):
        if form.values.get(f"km_{place}", "").strip() or form.values.get(f"fen_{place}", "").strip():
            km, fen = reader.whole(f"km_{place}", 0, 9_999), reader.fen(f"fen_{place}") or 0
            if km in wanted:
                reader.wrong(f"km_{place}", "invalid", N_("这个公里数写了两次"))
            if fen == 0:
                reader.wrong(f"fen_{place}", "invalid", N_("请填写金额，最多两位小数"))
            wanted[km] = fen
    try:
        reader.done()
    except Invalid as problem:
        return _travel(form.refused(problem)), problem.status
    act(claiming.set_bands, campaign.id, wanted)
    return redirect(url_for("funding.travel", campaign=campaign.id), 303)


@page(bp, "/desk/money/travel/<uuid:claim_id>/<word>", roles=READERS - {"funds_auditor"}, methods=("POST",))
def answer_claim(claim_id: UUID, word: str) -> Any:
    """The federation says whether somebody is its member."""
    act(claiming.answer, current(), claim_id, member=word == "confirm")
    return redirect(url_for("funding.travel", state="claimed"), 303)


@page(bp, "/desk/money/travel/book", roles=WRITERS, methods=("POST",))
def pay_travel() -> Any:
    """Book all confirmed claims as one sum."""
    campaign = campaign_here()
    act(claiming.pay, campaign.id)
    return redirect(url_for("funding.travel", campaign=campaign.id), 303)


@page(bp, "/desk/money/travel.xlsx", roles=READERS)
def travel_xlsx() -> Response:
    """The claims as a workbook, each with whether its person rode free."""
    campaign = campaign_here()
    rows = act(_exported, campaign.id)
    header = [gettext(word) for word in (N_("姓名"), N_("用工企业"), N_("方式"), N_("乘车日期"), N_("里程（公里）"),
                                         N_("金额（元）"), N_("状态"), N_("原因"), N_("坐过免费班车"))]
    lines: list[list[Cell]] = [
        [row.name, row.employer, gettext(BY[row.mode]), row.travelled_on, row.km, money.yuan(row.fen),
         gettext(STATES[row.state]), gettext(CODES[row.code]) if row.code else "",
         gettext(N_("是")) if row.rode else ""] for row in rows]
    return attached(table(gettext("自行返岗补助"), header, lines), f"own-travel-{clock.today():%Y%m%d}.xlsx")


def _exported(session: Any, campaign_id: UUID) -> list[claiming.ClaimRow]:
    rows = claiming.claims(session, current(), campaign_id, limit=100_000)
    audit.record(session, "travel.exported", "campaign", campaign_id, count=len(rows))
    return rows
