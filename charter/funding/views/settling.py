"""Pages of contracts with carriers and of settlements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for

from charter.campaigns.models import Carrier
from charter.core import clock, money
from charter.core.actor import current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import N_, gettext
from charter.core.problems import Invalid, NotFound
from charter.core.routes import page
from charter.core.workbook import Cell, attached, table
from charter.funding import settling
from charter.funding.problems import AlreadyReversed, InContract, NothingToSettle, NumberTaken, SettledAlready
from charter.funding.views.frame import AUDITED, WRITERS, bp, campaign_here

__all__ = ["contracts", "new_contract", "new_settlement", "pay_settlement", "settlement", "settlement_xlsx",
           "settlements", "take_settlement_back"]


@page(bp, "/desk/money/contracts", roles=AUDITED)
def contracts() -> str:
    """The charter contracts."""
    campaign = campaign_here()
    return render_template("funding/contracts.html", campaign=campaign, rows=ask(settling.contracts, campaign.id),
                           carriers=ask(settling.carriers, campaign.id), may=current().role in WRITERS)


def _carrier(carrier_id: UUID) -> Carrier:
    found = ask(lambda session: session.get(Carrier, carrier_id))
    if found is None:
        raise NotFound
    return found


@page(bp, "/desk/money/contracts/new/<uuid:carrier_id>", roles=WRITERS, methods=("GET", "POST"))
def new_contract(carrier_id: UUID) -> Any:
    """A contract with a carrier: its number, and a price for each departure that it covers."""
    campaign, firm, status = campaign_here(), _carrier(carrier_id), 200
    free = ask(settling.to_contract, campaign.id, carrier_id)
    form = Form({"signed_on": clock.today().isoformat(), "quotes": "3"}
                | {f"price_{row.id}": money.yuan(fen) if fen is not None else "" for row, fen in free})
    if request.method == "POST":
        form = Form.sent(request.form)
        try:
            act(settling.make_contract, campaign.id, _contract(form, carrier_id))
            return redirect(url_for("funding.contracts", campaign=campaign.id), 303)
        except (Invalid, InContract, NumberTaken) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("funding/new_contract.html", campaign=campaign, firm=firm, free=free, form=form), status


def _contract(form: Form, carrier_id: UUID) -> settling.ContractIn:
    reader = Reader(form.values)
    prices = {int(name[6:]): fen for name in form.values if name.startswith("price_") and name[6:].isdecimal()
              and len(name) < 30 and (fen := reader.fen(name, optional=True)) is not None}
    found = settling.ContractIn(carrier_id, reader.text("number", 60), reader.day("signed_on"),
                                reader.whole("quotes", 1, 20), reader.text("why_one", 200, least=0), prices)
    reader.done()
    return found


@page(bp, "/desk/money/settlements", roles=AUDITED)
def settlements() -> str:
    """What stands with each carrier, and the settlements."""
    campaign = campaign_here()
    return render_template("funding/settlements.html", campaign=campaign, carriers=ask(settling.carriers, campaign.id),
                           rows=ask(settling.settlements, campaign.id), may=current().role in WRITERS)


@page(bp, "/desk/money/settlements/new/<uuid:carrier_id>", roles=WRITERS, methods=("GET", "POST"))
def new_settlement(carrier_id: UUID) -> Any:
    """Settle a carrier's trips: which have bill and sealed list, which lack what."""
    campaign, firm, problem, status = campaign_here(), _carrier(carrier_id), None, 200
    if request.method == "POST":
        chosen = [int(one) for one in request.form.getlist("trip") if one.isdecimal() and len(one) < 16]
        try:
            made = act(settling.settle, campaign.id, carrier_id, chosen)
            return redirect(url_for("funding.settlement", settlement_id=made), 303)
        except (NothingToSettle, SettledAlready) as refused:
            problem, status = refused, refused.status
    return render_template("funding/new_settlement.html", campaign=campaign, firm=firm, problem=problem,
                           rows=ask(settling.trips, campaign.id, carrier_id)), status


@page(bp, "/desk/money/settlements/<uuid:settlement_id>", roles=AUDITED)
def settlement(settlement_id: UUID) -> str:
    """A settlement as it was frozen."""
    return _settlement(settlement_id, Form({"day": clock.today().isoformat()}))


def _settlement(settlement_id: UUID, form: Form) -> str:
    found = ask(settling.own_settlement, settlement_id)
    return render_template("funding/settlement.html", found=found, firm=_carrier(found.carrier_id), form=form,
                           lines=ask(settling.lines, settlement_id), may=current().role in WRITERS)


@page(bp, "/desk/money/settlements/<uuid:settlement_id>/pay", roles=WRITERS, methods=("POST",))
def pay_settlement(settlement_id: UUID) -> Any:
    """The carrier was paid."""
    form = Form.sent(request.form)
    reader = Reader(form.values)
    document, day = reader.text("document", 60), reader.day("day")
    try:
        reader.done()
        act(settling.pay, settlement_id, document, day)
    except (Invalid, AlreadyReversed) as problem:
        return _settlement(settlement_id, form.refused(problem)), problem.status
    return redirect(url_for("funding.settlement", settlement_id=settlement_id), 303)


@page(bp, "/desk/money/settlements/<uuid:settlement_id>/take-back", roles=WRITERS, methods=("POST",))
def take_settlement_back(settlement_id: UUID) -> Any:
    """Take a settlement back, its payment too."""
    form = Form.sent(request.form)
    reader = Reader(form.values)
    reason = reader.text("reason", 200)
    try:
        reader.done()
        act(settling.take_back, settlement_id, reason)
    except (Invalid, AlreadyReversed) as problem:
        return _settlement(settlement_id, form.refused(problem)), problem.status
    return redirect(url_for("funding.settlement", settlement_id=settlement_id), 303)


@page(bp, "/desk/money/settlements/<uuid:settlement_id>/trips.xlsx", roles=AUDITED)
def settlement_xlsx(settlement_id: UUID) -> Response:
    """A settlement's trips as a workbook, each with the check sum of its list."""
    found = ask(settling.own_settlement, settlement_id)
    header = [gettext(word) for word in (
        N_("日期"), N_("班次"), N_("车牌"), N_("合同价（元）"), N_("账单（元）"), N_("座位"), N_("售出"), N_("实乘"),
        N_("名单版本"), N_("名单校验值"))]
    lines: list[list[Cell]] = [
        [row.date, row.code, row.plate, "" if line.contract_fen is None else money.yuan(line.contract_fen),
         money.yuan(line.fen), line.seats, line.sold, line.rode, line.manifest_version, line.manifest_digest.hex()]
        for line, row in ask(settling.lines, settlement_id)]
    return attached(table(gettext("结算"), header, lines), f"settlement-{found.number}.xlsx")
