"""Who rides along which departure: a fair rota with a proven bound. Pure.

Each member bears so many half-days, nights and long routes. The rota fills as many places as can be filled, and among
those rotas makes the sum of squares of what each bears small: a square is what makes a fifth night on one person worse
than a first on another. `bounding` proves how small it can be at best; `improving` finds the rota.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["HALF_DAY_MIN", "NIGHT_WEIGHT", "Hand", "Outcome", "Problem", "Shift", "burden", "by_hand", "clash",
           "cost_of", "empty_of", "free_for", "may", "square", "unfairness"]

HALF_DAY_MIN = 720
NIGHT_WEIGHT = 2  # a night, or a long route, beside a half-day


@dataclass(frozen=True, slots=True)
class Shift:
    """One departure's duty: from leaving base to being back, minutes of any one clock. `need`: people (1 or 2).

    `days` are the calendar days that it touches, numbered; `nights` how many nights away; `long`: a long route.
    """

    key: str
    start: int
    end: int
    need: int
    days: frozenset[int]
    nights: int = 0
    long: bool = False

    @property
    def load(self) -> int:
        """Half-days, rounded up."""
        return -(-(self.end - self.start) // HALF_DAY_MIN)


@dataclass(frozen=True, slots=True)
class Hand:
    """One who rides along: the days he gave, whether nights away suit him, on which days he is insured.

    `bears`: half-days, nights and long routes that he has already (duties that stay as they are), `taken` their spans.
    """

    key: str
    days: frozenset[int]
    nights: bool = True
    insured: frozenset[int] = frozenset()
    bears: tuple[int, int, int] = (0, 0, 0)
    minutes: int = 0
    taken: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Shifts to fill, who may fill them, minutes of rest between two duties of one person."""

    shifts: tuple[Shift, ...]
    hands: tuple[Hand, ...]
    rest_min: int = 720


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who does what: keys of hands by key of shift.

    `empty`: places that nobody fills, at least `empty_bound` in any rota. `cost`: sum of squares, at least `bound` in
    any rota with as few empty places. `spread_min`: most minus least minutes on duty. `trace`: seconds, cost, bound.
    """

    filled: dict[str, tuple[str, ...]]
    empty: int
    empty_bound: int
    cost: int
    bound: int
    spread_min: int
    seconds: float = 0.0
    trace: tuple[tuple[float, int, int], ...] = ()

    @property
    def gap(self) -> float:
        """The share of the cost that may be too much."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0

    @property
    def optimal(self) -> bool:
        """Whether no rota can be better."""
        return self.empty <= self.empty_bound and self.cost <= self.bound


def may(hand: Hand, shift: Shift, rest_min: int) -> bool:
    """He gave these days, is insured on each of them, nights suit him, and he has rested before and after."""
    return (shift.days <= hand.days and shift.days <= hand.insured and (hand.nights or not shift.nights)
            and all(shift.end + rest_min <= start or end + rest_min <= shift.start for start, end in hand.taken))


def clash(one: Shift, other: Shift, rest_min: int) -> bool:
    """Too near for one person: they overlap, or there is no rest between them."""
    return one.start < other.end + rest_min and other.start < one.end + rest_min


def free_for(problem: Problem) -> list[list[int]]:
    """For each hand the places (in `shifts`) of what he may do."""
    return [[place for place, shift in enumerate(problem.shifts) if may(hand, shift, problem.rest_min)]
            for hand in problem.hands]


def burden(hand: Hand, shifts: Sequence[Shift]) -> tuple[int, int, int]:
    """Half-days, nights and long routes that he bears with these shifts."""
    half, nights, long = hand.bears
    return (half + sum(shift.load for shift in shifts), nights + sum(shift.nights for shift in shifts),
            long + sum(shift.long for shift in shifts))


def square(bears: tuple[int, int, int]) -> int:
    """What such a burden costs."""
    return bears[0] ** 2 + NIGHT_WEIGHT * (bears[1] ** 2 + bears[2] ** 2)


def by_hand(problem: Problem, filled: dict[str, tuple[str, ...]]) -> dict[str, list[Shift]]:
    """The shifts of each hand."""
    found: dict[str, list[Shift]] = {hand.key: [] for hand in problem.hands}
    for shift in problem.shifts:
        for key in filled.get(shift.key, ()):
            found[key].append(shift)
    return found


def empty_of(problem: Problem, filled: dict[str, tuple[str, ...]]) -> int:
    """How many places nobody fills."""
    return sum(shift.need - len(filled.get(shift.key, ())) for shift in problem.shifts)


def cost_of(problem: Problem, filled: dict[str, tuple[str, ...]]) -> int:
    """The sum of the squares of all burdens."""
    mine = by_hand(problem, filled)
    return sum(square(burden(hand, mine[hand.key])) for hand in problem.hands)


def unfairness(problem: Problem, filled: dict[str, tuple[str, ...]]) -> int:
    """Most minus least minutes on duty, among those who could do anything at all."""
    mine, able = by_hand(problem, filled), free_for(problem)
    minutes = [hand.minutes + sum(shift.end - shift.start for shift in mine[hand.key])
               for hand, places in zip(problem.hands, able, strict=True) if places or hand.taken]
    return max(minutes, default=0) - min(minutes, default=0)
