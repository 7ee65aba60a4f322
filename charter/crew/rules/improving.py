"""Finding the rota: CP-SAT on the whole where that is small, else on the duties of some people at a time. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import monotonic

from charter.crew.rules.bounding import fairness_bound
from charter.crew.rules.pieces import Piece, share_out
from charter.crew.rules.rota import (
    Outcome,
    Problem,
    Shift,
    burden,
    by_hand,
    clash,
    cost_of,
    empty_of,
    free_for,
    square,
    unfairness,
)

__all__ = ["make_rota"]

WHOLE_PAIRS = 2_500  # pairs of person and duty up to which the whole is one model
PIECE_HANDS = 24
PIECE_SECONDS = 3.0
GOOD_GAP = 0.002
Filled = dict[str, tuple[str, ...]]


def make_rota(problem: Problem, *, seconds: float = 25.0, seed: int = 0, workers: int = 2,
              tell: Callable[[float, int, int], None] = lambda *_: None,
              stop: Callable[[], bool] = lambda: False) -> Outcome:
    """The fairest rota found within `seconds`, and the bound that proves how fair it is.

    `tell(seconds, cost, bound)` hears of each better one; `stop()` ends the search early.
    """
    return _Search(problem, seconds, seed, workers, tell, stop).run()


class _Search:
    """One search: the best rota so far, and what is known about any rota."""

    def __init__(self, problem: Problem, seconds: float, seed: int, workers: int,
                 tell: Callable[[float, int, int], None], stop: Callable[[], bool]) -> None:
        self.problem, self.seconds, self.seed, self.workers = problem, seconds, seed, workers
        self.tell, self.stop = tell, stop
        self.rng = random.Random(seed)  # noqa: S311 - a search, no secret
        self.began, self.able = monotonic(), free_for(problem)
        self.best = _greedy(problem, self.able)
        self.bound = self.empty_bound = 0
        self.trace: list[tuple[float, int, int]] = []

    def run(self) -> Outcome:
        """Whole where it is small; else bound, then piece by piece until the gap is closed or the time is over."""
        everybody = list(range(len(self.problem.hands)))
        if sum(map(len, self.able)) <= WHOLE_PAIRS:
            if self._share(everybody, max(self._left(), 0.1)):
                self.bound, self.empty_bound = cost_of(self.problem, self.best), empty_of(self.problem, self.best)
                self._note()
        else:
            self._fill_first(everybody)
            self._raise_bound()
            while not self._over():
                self._share(self._some(), min(PIECE_SECONDS, max(self._left(), 0.1)))
        if self.bound < cost_of(self.problem, self.best):
            self._raise_bound()
        return Outcome(self.best, empty_of(self.problem, self.best), self.empty_bound,
                       cost_of(self.problem, self.best), self.bound, unfairness(self.problem, self.best),
                       round(monotonic() - self.began, 2), tuple(self.trace))

    def _left(self) -> float:
        return self.seconds - (monotonic() - self.began)

    def _over(self) -> bool:
        cost = cost_of(self.problem, self.best)
        closed = empty_of(self.problem, self.best) <= self.empty_bound and cost - self.bound <= GOOD_GAP * cost
        return self._left() < 0.3 or self.stop() or closed

    def _fill_first(self, everybody: list[int]) -> None:
        """Where the first rota leaves places empty: how many must stay so, fair or not."""
        if empty_of(self.problem, self.best):
            self._share(everybody, self.seconds / 3, coverage=True)

    def _raise_bound(self) -> None:
        self.bound = max(self.bound, fairness_bound(self.problem, empty_of(self.problem, self.best)))
        self._note()

    def _note(self) -> None:
        self.trace.append((round(monotonic() - self.began, 2), cost_of(self.problem, self.best), self.bound))
        self.tell(*self.trace[-1])

    def _some(self) -> list[int]:
        """People whose duties are shared out anew: who bears most, who bears least, and some others."""
        mine = by_hand(self.problem, self.best)
        able = [place for place, places in enumerate(self.able) if places]
        bears = {place: square(burden(self.problem.hands[place], mine[self.problem.hands[place].key]))
                 + self.rng.random() for place in able}
        order = sorted(able, key=lambda place: bears[place])
        third = PIECE_HANDS // 3
        ends = self.rng.sample(order[:4 * third], min(third, len(order[:4 * third])))
        ends += self.rng.sample(order[-4 * third:], min(third, len(order[-4 * third:])))
        return sorted({*ends, *self.rng.sample(able, min(third, len(able)))})

    def _share(self, hands: list[int], seconds: float, *, coverage: bool = False) -> bool:
        """Share the places of these people out anew; whether that was proven to be the best for them."""
        keys = {self.problem.hands[place].key: number for number, place in enumerate(hands)}
        shifts: list[Shift] = []
        places: list[int] = []
        now: set[tuple[int, int]] = set()
        for shift in self.problem.shifts:
            holders = self.best.get(shift.key, ())
            room = shift.need - sum(key not in keys for key in holders)
            if room:
                now |= {(keys[key], len(shifts)) for key in holders if key in keys}
                shifts.append(shift)
                places.append(room)
        piece = Piece(tuple(self.problem.hands[place] for place in hands), tuple(shifts), tuple(places),
                      frozenset(now))
        self.seed += 1
        found = share_out(self.problem, piece, seconds=seconds, seed=self.seed, workers=self.workers,
                          coverage=coverage)
        if found is None:
            return False
        if coverage:
            self.empty_bound = found.empty_bound
        self._take(piece, found.pairs, keys)
        return found.proven

    def _take(self, piece: Piece, pairs: frozenset[tuple[int, int]], keys: dict[str, int]) -> None:
        """Keep the answer where it is better than what is there."""
        changed = dict(self.best)
        for number, shift in enumerate(piece.shifts):
            others = [key for key in self.best.get(shift.key, ()) if key not in keys]
            changed[shift.key] = tuple(sorted(others + [piece.hands[hand].key for hand, what in pairs
                                                        if what == number]))
        if self._worth(changed) < self._worth(self.best):
            self.best = changed
            self._note()

    def _worth(self, filled: Filled) -> tuple[int, int]:
        return empty_of(self.problem, filled), cost_of(self.problem, filled)


def _greedy(problem: Problem, able: list[list[int]]) -> Filled:
    """A first rota: the shifts that fewest may do come first, each goes to who bears least."""
    candidates: list[list[int]] = [[] for _ in problem.shifts]
    for hand, places in enumerate(able):
        for place in places:
            candidates[place].append(hand)
    mine: list[list[Shift]] = [[] for _ in problem.hands]
    filled: Filled = {}
    order = sorted(range(len(problem.shifts)), key=lambda place: (
        len(candidates[place]) - 20 * problem.shifts[place].load, problem.shifts[place].start))
    for place in order:
        shift = problem.shifts[place]
        free = [hand for hand in candidates[place]
                if not any(clash(shift, other, problem.rest_min) for other in mine[hand])]
        free.sort(key=lambda hand: (square(burden(problem.hands[hand], [*mine[hand], shift]))
                                    - square(burden(problem.hands[hand], mine[hand])), len(able[hand])))
        for hand in free[:shift.need]:
            mine[hand].append(shift)
        filled[shift.key] = tuple(sorted(problem.hands[hand].key for hand in free[:shift.need]))
    return filled
