"""What acts on money refuse."""

from __future__ import annotations

from charter.core.db import constraint_problem
from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["AlreadyClaimed", "AlreadyReversed", "InContract", "NothingToSettle", "NumberTaken", "SettledAlready",
           "TooMuch"]


class AlreadyReversed(Problem):
    """An entry is taken back once, and a taking back never."""

    status, code, message = 409, "already_reversed", N_("这笔账已经冲销过了")


class SettledAlready(Problem):
    """The bill of a settled trip stands; the settlement is taken back first."""

    status, code, message = 409, "settled", N_("这个班次已经结算，要改先撤回结算单")


class NothingToSettle(Problem):
    """No trip was chosen that has its bill and its sealed manifest."""

    status, code, message = 409, "nothing_to_settle", N_("没有可以结算的班次：要有账单和封存的名单")


class InContract(Problem):
    """A trip stands in one contract at most."""

    status, code, message = 409, "in_contract", N_("有班次已经在别的合同里")


class NumberTaken(Problem):
    """Another contract has this number."""

    status, code, message = 409, "number_taken", N_("已经有同号的合同")


class TooMuch(Problem):
    """More than is owed."""

    status, code, message = 409, "too_much", N_("金额超过了还欠的数")


class AlreadyClaimed(Problem):
    """One claim a person and campaign."""

    status, code, message = 409, "already_claimed", N_("您已经申请过这次活动的补助")


constraint_problem("uq_ledger_entry_reverses_id", AlreadyReversed)
constraint_problem("pk_contract_departure", InContract)
constraint_problem("uq_charter_contract_campaign_id_number", NumberTaken)
constraint_problem("uq_settlement_line_living", SettledAlready)
constraint_problem("uq_travel_claim_person", AlreadyClaimed)
