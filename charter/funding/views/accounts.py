"""Pages of the ledger: accounts, the entries behind each, one entry; payments and receipts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for

from charter.core import clock, money
from charter.core.actor import current
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import N_, gettext
from charter.core.problems import Invalid, NotFound
from charter.core.routes import page
from charter.core.workbook import Cell, long_table, sent
from charter.funding import accounts, ledger
from charter.funding.problems import AlreadyReversed, TooMuch
from charter.funding.views.frame import (
    AUDITED,
    ENTRIES,
    PAGE,
    READERS,
    WRITERS,
    account_name,
    bp,
    campaign_here,
    page_number,
)

__all__ = ["account", "entry", "ledger_accounts", "ledger_xlsx", "reverse_entry"]

BY_HAND = ("payment", "receipt")  # what is taken back here; bills, shares and subsidies are where they were written


@page(bp, "/desk/money/ledger", roles=AUDITED)
def ledger_accounts() -> str:
    """The accounts and the entries."""
    campaign, number = campaign_here(), page_number()
    kind = request.args.get("kind", "") if request.args.get("kind") in ENTRIES else ""
    balances = ask(accounts.balances, campaign.id)
    rows = ask(accounts.entries, campaign.id, kind=kind, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("funding/ledger.html", campaign=campaign, balances=balances, rows=rows[:PAGE], page=number,
                           more=len(rows) > PAGE, kind=kind, names=ask(accounts.parties, _parties(balances)))


def _parties(balances: list[accounts.Balance]) -> set[UUID | None]:
    return {one.party_id for one in balances}


@page(bp, "/desk/money/ledger.xlsx", roles=AUDITED)
def ledger_xlsx() -> Response:
    """Every line of the ledger as a workbook."""
    campaign = campaign_here()
    names = ask(accounts.parties, _parties(ask(accounts.balances, campaign.id)))
    header = [gettext(word) for word in (N_("编号"), N_("日期"), N_("类型"), N_("账户"), N_("借方（元）"),
                                         N_("贷方（元）"), N_("凭证号"), N_("冲销第几号"))]
    lines: list[list[Cell]] = [
        [row.number, row.day, gettext(ENTRIES[row.kind]), account_name(row.account.kind, row.account.item,
                                                                      row.account.party, names),
         money.yuan(row.fen) if row.fen > 0 else "", money.yuan(-row.fen) if row.fen < 0 else "", row.document,
         row.reverses] for row in ask(accounts.every_line, campaign.id)]
    return sent(long_table(gettext("账簿"), header, lines), f"ledger-{clock.today():%Y%m%d}.xlsx")


@page(bp, "/desk/money/accounts/<uuid:account_id>", roles=READERS, methods=("GET", "POST"))
def account(account_id: UUID) -> Any:
    """One account with its entries; what is open on it is received or paid here."""
    actor, status = current(), 200
    found, campaign_id = ask(accounts.account, actor, account_id)
    form = Form({"fen": money.yuan(found.open_fen) if found.open_fen > 0 else "", "day": clock.today().isoformat()})
    if request.method == "POST" and actor.role in WRITERS:
        form = Form.sent(request.form)
        reader = Reader(form.values)
        fen, document, day = reader.fen("fen") or 0, reader.text("document", 60), reader.day("day")
        try:
            reader.done()
            act(accounts.settle_account, actor, account_id, fen, document, day)
            return redirect(url_for("funding.account", account_id=account_id), 303)
        except (Invalid, TooMuch) as problem:
            form, status = form.refused(problem), problem.status
    number = page_number()
    rows = ask(accounts.entries, campaign_id, account_id=account_id, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template("funding/account.html", found=found, form=form, rows=rows[:PAGE], more=len(rows) > PAGE,
                           page=number, may=actor.role in WRITERS,
                           names=ask(accounts.parties, {found.party_id})), status


@page(bp, "/desk/money/entries/<uuid:entry_id>", roles=AUDITED)
def entry(entry_id: UUID) -> str:
    """One entry with its lines."""
    return _entry(entry_id, Form({}))


def _entry(entry_id: UUID, form: Form) -> str:
    found, lines, mirror = ask(accounts.entry, current(), entry_id)
    return render_template("funding/entry.html", found=found, lines=lines, mirror=mirror, form=form,
                           may=current().role in WRITERS and found.kind in BY_HAND and mirror is None
                           and found.settlement_id is None,
                           names=ask(accounts.parties, {line.account.party for line in lines}))


@page(bp, "/desk/money/entries/<uuid:entry_id>/reverse", roles=WRITERS, methods=("POST",))
def reverse_entry(entry_id: UUID) -> Any:
    """Take a payment or receipt back by a reversing entry."""
    found, _, _ = ask(accounts.entry, current(), entry_id)
    if found.kind not in BY_HAND or found.settlement_id is not None:
        raise NotFound
    form = Form.sent(request.form)
    reader = Reader(form.values)
    reason = reader.text("reason", 200)
    try:
        reader.done()
        act(ledger.reverse, entry_id, reason)
    except (Invalid, AlreadyReversed) as problem:
        return _entry(entry_id, form.refused(problem)), problem.status
    return redirect(url_for("funding.entry", entry_id=entry_id), 303)
