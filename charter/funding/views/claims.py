"""A worker's own page of the subsidy for own travel: what is paid, the claim, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import N_
from charter.core.problems import Invalid, NotFound
from charter.core.routes import page
from charter.funding import claiming
from charter.funding.problems import AlreadyClaimed
from charter.funding.rules.travel import Band
from charter.funding.views.frame import bp
from charter.funding.views.travel import BY
from charter.places import table as places
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["own_claim"]

SAID = {"claimed": N_("申请已收到，等工会核对会员身份"), "confirmed": N_("已核对，等发放"),
        "paid": N_("已列入发放名单，由工会发放"), "withdrawn": N_("已撤回"), "refused": N_("这次申请不符合条件")}
WHY = {"rode_free": N_("您已经坐过免费班车，不能再领补助"), "has_seat": N_("您还留着免费班车的座位，退掉以后才能申请"),
       "no_member": N_("补助只发给工会会员，请先向单位工会了解入会"), "outside_dates": N_("乘车日期不在活动期间"),
       "no_band": N_("这个里程没有补助"), "claimed_before": N_("您已经申请过这次活动的补助"), "": ""}


@page(bp, "/trip/<uuid:registration_id>/subsidy", roles={Role.WORKER}, methods=("GET", "POST"))
def own_claim(registration_id: UUID) -> Any:
    """Claim the subsidy for travel on one's own."""
    mine, campaign, bands = ask(_own, registration_id)
    form, status = Form({"travelled_on": clock.today().isoformat(), "mode": "train"}), 200
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            act(claiming.claim, campaign.id, mine.worker_id, _typed(form, mine.origin))
            return redirect(url_for("funding.own_claim", registration_id=registration_id), 303)
        except (Invalid, AlreadyClaimed) as problem:
            form, status = form.refused(problem), problem.status
    found = ask(claiming.my_claim, campaign.id, mine.worker_id)
    return render_template("funding/own_claim.html", mine=mine, campaign=campaign, bands=bands, form=form, found=found,
                           said=SAID, why=WHY, ways=BY, origin=places.load().full_name(mine.origin),
                           may=bool(bands) and (found is None or found.state in ("refused", "withdrawn"))), status


def _own(session: Session, registration_id: UUID) -> tuple[Registration, Campaign, list[Band]]:
    mine = session.scalar(select(Registration).where(Registration.id == registration_id,
                                                     visible_registrations(g.actor)))
    if mine is None:
        raise NotFound
    return mine, session.get_one(Campaign, mine.campaign_id), claiming.bands(session, mine.campaign_id)


def _typed(form: Form, origin: str) -> claiming.ClaimIn:
    reader = Reader(form.values)
    mode, travelled_on = reader.choice("mode", BY), reader.day("travelled_on")
    if travelled_on > clock.today() and not any(one.field == "travelled_on" for one in reader.errors):
        reader.wrong("travelled_on", "invalid", N_("到了以后再申请"))
    ticket = reader.text("ticket", 40, least=0 if mode == "car" else 1)
    tail = form.values.get("card_tail", "").strip()
    if not (tail.isascii() and tail.isalnum() and len(tail) == 4):
        reader.wrong("card_tail", "invalid", N_("请填写工会卡号的末四位"))
    if not reader.tick("member"):
        reader.wrong("member", "missing", N_("补助只发给工会会员，是会员请打勾"))
    reader.done()
    return claiming.ClaimIn(origin, mode, travelled_on, ticket, tail.upper(), True)
