"""Who bears a cost: by rules in their order, to the fen, with nothing lost and nothing invented. Pure.

Every division rounds by the largest remainder, so that the parts of a sum are the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from uuid import UUID

__all__ = ["BASES", "PAYERS", "WHOLE", "Cost", "Heads", "Rule", "Share", "apportion", "fitting", "shares"]

PAYERS = ("city", "district", "employer", "worker")
BASES = ("vehicle", "head", "percent", "rest")
WHOLE = 10_000  # per cent are written in hundredths: 2,500 is 25 %


@dataclass(frozen=True, slots=True)
class Heads:
    """How many people of one employer, of one district, a vehicle carries."""

    employer: UUID
    district: UUID
    people: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What one vehicle cost, whole fen, on a line of so many km."""

    fen: int
    mode: str
    km: int
    heads: tuple[Heads, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the agreement. `value`: fen a vehicle, fen a head, or hundredths of a per cent; "rest" has none.

    It holds for one mode ("" for all) and lines of `min_km` up to below `max_km` (None: without end).
    """

    payer: str
    basis: str
    value: int = 0
    mode: str = ""
    min_km: int = 0
    max_km: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What one payer bears, whole fen. `party` is the district, or the employer; None for the city. What workers bear
    is collected by the employer that is named, never by a carrier."""

    payer: str
    party: UUID | None
    fen: int


def apportion(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """`total` in proportion to `weights`, whole parts that sum to it: the largest remainders get what rounding left,
    of equal ones the first. Raises ValueError where no weight is above 0 or one is below.
    """
    unit = lcm(*(weight.denominator for weight in weights)) if weights else 1
    scaled = [weight.numerator * (unit // weight.denominator) for weight in weights]
    whole = sum(scaled)
    if whole <= 0 or min(scaled) < 0:
        raise ValueError("weights must not be negative, and one must be above 0")
    parts, lost = map(list, zip(*(divmod(total * weight, whole) for weight in scaled), strict=True))
    for place in sorted(range(len(parts)), key=lambda place: (-lost[place], place))[:total - sum(parts)]:
        parts[place] += 1
    return parts


def fitting(rules: Iterable[Rule], mode: str, km: int) -> list[Rule]:
    """The rules that hold for this mode and length, in their order."""
    return [rule for rule in rules if rule.mode in ("", mode) and rule.min_km <= km
            and (rule.max_km is None or km < rule.max_km)]


def shares(cost: Cost, rules: Sequence[Rule]) -> tuple[Share, ...]:
    """Who bears `cost`: each fitting rule takes its part of what the rules before it left; the city bears what is left
    in the end, where no rule names another for the rest. Of a vehicle without people only the city pays.
    """
    heads = tuple(one for one in cost.heads if one.people > 0)
    left, wanted = Fraction(cost.fen), list[tuple[str, Fraction]]()
    for rule in fitting(rules, cost.mode, cost.km):
        if rule.payer != "city" and not heads:
            continue
        amount = min(_amount(rule, cost.fen, left, sum(one.people for one in heads)), left)
        wanted.append((rule.payer, amount))
        left -= amount
    wanted.append(("city", left))
    if cost.fen == 0:
        return ()
    found: dict[tuple[str, UUID | None], int] = {}
    for (payer, _), fen in zip(wanted, apportion(cost.fen, [amount for _, amount in wanted]), strict=True):
        for party, part in _parties(payer, fen, heads):
            found[payer, party] = found.get((payer, party), 0) + part
    return tuple(Share(payer, party, fen) for (payer, party), fen in sorted(
        found.items(), key=lambda one: _place(*one[0])) if fen)


def _place(payer: str, party: UUID | None) -> tuple[int, int]:
    return PAYERS.index(payer), party.int if party else 0


def _amount(rule: Rule, total: int, left: Fraction, people: int) -> Fraction:
    if rule.basis == "vehicle":
        return Fraction(rule.value)
    if rule.basis == "head":
        return Fraction(rule.value * people)
    return Fraction(total * rule.value, WHOLE) if rule.basis == "percent" else left


def _parties(payer: str, fen: int, heads: Sequence[Heads]) -> list[tuple[UUID | None, int]]:
    """A payer's part over its parties, by their people."""
    if payer == "city" or not fen:
        return [(None, fen)]
    people: dict[UUID, int] = {}
    for one in sorted(heads, key=lambda one: one.employer.int):
        party = one.district if payer == "district" else one.employer
        people[party] = people.get(party, 0) + one.people
    return list(zip(people, apportion(fen, list(people.values())), strict=True))
