"""The bound's side of the search: prices out of the relaxation, better in every turn, and what they prove so far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from charter.planner.draft import Draft
from charter.planner.instance import Floats
from charter.planner.prices import Prices, cheapest_seat, lower_bound
from charter.planner.questions import RelaxAnswer, RelaxQuestion
from charter.planner.relaxation import arc_order, prices_of, repaired, whole_piece

__all__ = ["Ascent"]

ACCURACY = (1e-4, 1e-5, 1e-6)  # relative, of one turn after the other


WORTHWHILE = 30.0  # a turn is taken while the gap is less than so many times the accuracy there is


class Ascent:
    """Each turn goes on from where the last one ended, until it is as accurate as it gets."""

    def __init__(self, draft: Draft) -> None:
        self.classes, self.resources = draft.classes, draft.resources
        plain = cheapest_seat(self.classes, self.resources).allowed(self.classes)
        lifted = self._lifted(replace(plain, spot=np.full(len(plain.spot), self.classes.instance.spread_cost)))
        self.prices, self.bound = plain, max(lower_bound(self.classes, self.resources, plain), 0.0)
        self._offer(lifted)
        self.useful, self.open = False, False
        self.turns, self.turns_taken = 0, 0
        self.runs: Floats = np.zeros(len(self.classes.instance.capacity))  # vehicles per departure, in the relaxation
        self.rides: Floats = np.zeros(len(self.classes.cost))  # units per arc, there
        self._start: tuple[Floats, Floats] | None = None
        self._piece = whole_piece(self.classes, self.resources)

    def _lifted(self, prices: Prices) -> Prices:
        """With a spot price on every pair a lone worker's price may rise by its share of a vehicle full of the pair."""
        classes = self.classes
        workers = np.bincount(classes.pair, classes.size, classes.instance.pairs)
        lift = prices.spot[classes.pair] * classes.unit / np.maximum(workers[classes.pair], 1)
        return replace(prices, unit=prices.unit + lift).allowed(classes)

    def _offer(self, prices: Prices) -> None:
        """Keep prices that prove more."""
        bound = lower_bound(self.classes, self.resources, prices)
        if bound > self.bound:
            self.prices, self.bound = prices, bound

    @property
    def ended(self) -> bool:
        """Whether no turn is left."""
        return self.turns >= len(ACCURACY)

    def pays(self, gap: float) -> bool:
        """Whether one more turn could matter at this gap of the plan: what a turn leaves open is about its accuracy."""
        return not self.ended and not self.open and (self.turns == 0 or gap < WORTHWHILE * ACCURACY[self.turns - 1])

    def next_question(self, seconds: float, iterations: int, threads: int) -> RelaxQuestion:
        """The next turn; only one at a time is asked for."""
        self.open = True
        return RelaxQuestion(self._piece, self._start, ACCURACY[self.turns], seconds, iterations, threads)

    def take(self, answer: RelaxAnswer | None) -> None:
        """Put new prices in, if they prove more."""
        self.open = False
        if answer is None:
            self.turns += 1
            return
        self.turns = len(ACCURACY) if answer.exact else self.turns + answer.accurate
        self.turns_taken += 1
        self._start = answer.primal, answer.dual
        self.runs = np.zeros(len(self.classes.instance.capacity))
        self.runs[self.classes.gates.departure] = answer.runs
        self.rides[arc_order(self.classes)] = answer.primal[:len(self.classes.cost)]
        prices = prices_of(self.classes, self.resources, answer.unit, answer.spot, answer.shared)
        self._offer(prices)
        scarce = self.runs >= 0.99 * self.classes.instance.copies
        self._offer(repaired(self.classes, self.resources, prices, scarce))
        self.useful = True
