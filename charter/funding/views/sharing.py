"""Pages of shares: the agreement, what each source bears, each departure, and amounts by hand."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from charter.campaigns.trip import own_departure
from charter.core import money
from charter.core.actor import Actor, current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import N_
from charter.core.problems import Invalid, NotFound
from charter.core.routes import page
from charter.funding import accounts, budgets, sharing
from charter.funding.rules.shares import BASES, PAYERS, WHOLE, Rule, Share
from charter.funding.views.frame import MODES, PAGE, READERS, WRITERS, bp, campaign_here, page_number

__all__ = ["add_share_rule", "book_shares", "departure_shares", "remove_share_rule", "shares"]


@page(bp, "/desk/money/shares", roles=READERS)
def shares() -> str:
    """Who bears what: the agreement, each source, each departure."""
    return _shares(Form({"payer": "district", "basis": "percent", "min_km": "0"}))


def _shares(form: Form) -> str:
    campaign, actor, number = campaign_here(), current(), page_number()
    rows = ask(sharing.borne, campaign.id, coarse=True)
    dues = sorted((one for one in ask(accounts.balances, campaign.id, accounts.own(actor))
                   if one.kind == "due" and one.entries), key=lambda one: -one.open_fen)
    district = actor.scope("district")
    sources = [one for one in ask(budgets.sources, campaign.id, rows) if district in (None, str(one.party))]
    mine = [row for row in rows if _of(row, actor)]
    return render_template(
        "funding/shares.html", campaign=campaign, rows=mine[(number - 1) * PAGE:number * PAGE], page=number,
        more=len(mine) > number * PAGE, sources=sources, form=form, modes=MODES,
        rules=ask(sharing.rule_rows, campaign.id), dues=dues[:PAGE],
        more_dues=max(len(dues) - PAGE, 0),
        names=ask(accounts.parties, {one.party_id for one in dues[:PAGE]}), may=actor.role in WRITERS,
        district=district,
        mine=partial(_mine, district),
        to_book=sum(row.to_book for row in rows), off=sum(bool(row.off_by and row.billed) for row in rows))


def _mine(district: str | None, row: sharing.Borne, payer: str) -> int:
    """What one kind of payer bears of a departure, of the reader's district only where he has one; whole fen."""
    return sum(one.fen for one in row.shares if one.payer == payer and district in (None, str(one.party)))


def _of(row: sharing.Borne, actor: Actor) -> bool:
    """Whether a reader's district bears something of a departure."""
    district = actor.scope("district")
    return district is None or any(str(one.district) == district for one in row.cost.heads)


@page(bp, "/desk/money/shares/rules", roles=WRITERS, methods=("POST",))
def add_share_rule() -> Any:
    """A further line of the agreement."""
    form, campaign = Form.sent(request.form), campaign_here()
    reader = Reader(form.values)
    basis = reader.choice("basis", BASES)
    rule = Rule(reader.choice("payer", PAYERS), basis, _value(reader, basis), reader.choice("mode", ["", *MODES]),
                reader.whole("min_km", 0, 9_999),
                reader.whole("max_km", 1, 9_999) if form.values.get("max_km", "").strip() else None)
    if rule.max_km is not None and rule.max_km <= rule.min_km:
        reader.wrong("max_km", "invalid", N_("终点公里数应大于起点"))
    document = reader.text("document", 80, least=0)
    try:
        reader.done()
    except Invalid as problem:
        return _shares(form.refused(problem)), problem.status
    act(sharing.add_rule, campaign.id, rule, document)
    return redirect(url_for("funding.shares", campaign=campaign.id, _anchor="rules"), 303)


def _value(reader: Reader, basis: str) -> int:
    if basis == "rest":
        return 0
    fen = reader.fen("value") or 0
    if basis == "percent" and fen > WHOLE:
        reader.wrong("value", "invalid", N_("比例最多 100"))
    return fen


@page(bp, "/desk/money/shares/rules/<uuid:rule_id>/remove", roles=WRITERS, methods=("POST",))
def remove_share_rule(rule_id: UUID) -> Any:
    """Take a line of the agreement out."""
    campaign = campaign_here()
    act(sharing.take_rule, campaign.id, rule_id)
    return redirect(url_for("funding.shares", campaign=campaign.id, _anchor="rules"), 303)


@page(bp, "/desk/money/shares/book", roles=WRITERS, methods=("POST",))
def book_shares() -> Any:
    """Bring the ledger to what bills and agreement say now."""
    campaign = campaign_here()
    act(sharing.book, campaign.id)
    return redirect(url_for("funding.shares", campaign=campaign.id), 303)


@page(bp, "/desk/departures/<departure:departure_id>/shares", roles=WRITERS, methods=("GET", "POST"))
def departure_shares(departure_id: int) -> Any:
    """Who bears one departure, and what was agreed by hand."""
    departure, status = ask(own_departure, departure_id), 200
    found = ask(sharing.borne, departure.campaign_id, departure_id)
    if not found:
        raise NotFound
    row, fields = found[0], _fields(found[0])
    form = Form({name: money.yuan(one.fen) if one.fen else "" for name, one in fields.items()})
    if request.method == "POST":
        form = Form.sent(request.form)
        reader = Reader(form.values)
        agreed = [Share(one.payer, one.party, reader.fen(name, optional=True) or 0) for name, one in fields.items()]
        try:
            reader.done()
            act(sharing.set_by_hand, departure_id, agreed if form.values.get("way") != "rules" else [])
            return redirect(url_for("funding.departure_shares", departure_id=departure_id), 303)
        except Invalid as problem:
            form, status = form.refused(problem), problem.status
    return render_template("funding/departure_shares.html", departure=departure, row=row, form=form, fields=fields,
                           names=ask(accounts.parties, {one.party for one in fields.values()})), status


def _fields(row: sharing.Borne) -> dict[str, Share]:
    """A field for everybody who may bear a part, with what he bears now."""
    now = {(one.payer, one.party): one.fen for one in row.shares}
    keys: list[tuple[str, UUID | None]] = [("city", None)]
    keys += [("district", one) for one in dict.fromkeys(heads.district for heads in row.cost.heads)]
    keys += [(payer, heads.employer) for payer in ("employer", "worker") for heads in row.cost.heads]
    keys += [key for key in now if key not in keys]
    return {f"share_{payer}" + (f"_{party}" if party else ""): Share(payer, party, now.get((payer, party), 0))
            for payer, party in keys}
