"""What an entry of the ledger may say: it balances, and no carrier meets what workers owe. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

__all__ = ["ACCOUNTS", "BANK", "BORNE", "TRAVEL", "Account", "Line", "Unbalanced", "carrier", "cost", "due",
           "employer_aid", "entry_lines", "mirrored"]

ACCOUNTS = ("cost", "due", "borne", "carrier", "aid", "travel", "bank")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a campaign. `item` is a kind of cost or a payer, `party` a district, employer or carrier.

    cost: what was spent. due: what a payer bears. borne: the same seen from the campaign. carrier, aid, travel: what is
    owed to carriers, to employers, for own travel. bank: what went out and came in.
    """

    kind: str
    item: str = ""
    party: UUID | None = None


BANK, BORNE, TRAVEL = Account("bank"), Account("borne"), Account("travel")


def cost(item: str) -> Account:
    """What was spent on a kind of cost."""
    return Account("cost", item)


def due(payer: str, party: UUID | None) -> Account:
    """What a payer bears; what workers bear stands under the employer that collects it."""
    return Account("due", payer, party)


def carrier(party: UUID | None) -> Account:
    """What a carrier is owed; None for whoever sold meals, insurance and the like."""
    return Account("carrier", "", party)


def employer_aid(party: UUID) -> Account:
    """The subsidy that an employer is owed."""
    return Account("aid", "", party)


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry, whole fen: above 0 debit, below 0 credit."""

    account: Account
    fen: int


class Unbalanced(ValueError):
    """Lines that do not sum to nothing, fewer than two, or a carrier beside what workers owe."""


def entry_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """One line an account, none of zero. Raises Unbalanced."""
    sums: dict[Account, int] = {}
    for line in lines:
        sums[line.account] = sums.get(line.account, 0) + line.fen
    found = tuple(Line(account, fen) for account, fen in sums.items() if fen)
    if len(found) < 2 or sum(line.fen for line in found) != 0:
        raise Unbalanced("an entry has two lines or more that sum to nothing")
    kinds = {line.account.kind for line in found}
    if "carrier" in kinds and not kinds <= {"carrier", "cost", "bank"}:
        raise Unbalanced("a carrier is owed and paid by the campaign alone")
    return found


def mirrored(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that take an entry back."""
    return tuple(Line(line.account, -line.fen) for line in lines)
