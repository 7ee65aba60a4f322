"""The bound's side of the search: which block is priced next, and what the prices prove so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from charter.planner import neighbourhood, relaxation
from charter.planner.draft import Draft
from charter.planner.instance import Floats, Integers
from charter.planner.prices import Prices, cheapest_seat, lower_bound, vehicle_costs, worth
from charter.planner.questions import BlockAnswer, BlockQuestion

__all__ = ["Ascent", "Asked"]

BLOCK_WORKERS = (200, 350, 350, 500)  # of a pass; the relaxation of 350 takes about half a second
NEARLY = 0.15  # share of its cost by which a vehicle may miss paying for itself and still be in a block
PASSES = 6  # over all blocks; later ones hardly raise the bound


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A block whose prices are asked for; `sharing`: its shared rows were priced too."""

    block: Integers
    question: BlockQuestion
    usage: Floats
    sharing: bool


class Ascent:
    """Prices in passes over blocks. Where rows are shared, the first pass gives each block the part of them that the
    plan uses there and takes the mean of the blocks' prices; later passes keep these."""

    def __init__(self, draft: Draft, rng: np.random.Generator) -> None:
        self.classes, self.resources, self.rng = draft.classes, draft.resources, rng
        self.prices = cheapest_seat(self.classes, self.resources).allowed(self.classes)
        self.prices = replace(self.prices, spot=np.full(len(self.prices.spot), self.classes.instance.spread_cost))
        self.prices = self._lifted(self.prices)
        self.value = lower_bound(self.classes, self.resources, self.prices)
        plain = cheapest_seat(self.classes, self.resources).allowed(self.classes)
        self.bound = max(self.value, lower_bound(self.classes, self.resources, plain), 0.0)
        self.passes, self.useful = 0, False
        self._waiting: list[Integers] = []
        self._open = 0
        self._tolls = np.zeros(len(self.resources))
        self._weights = np.zeros(len(self.resources))
        self._single = False
        self._paying = np.ones(len(self.classes.instance.capacity), dtype=np.bool_)
        self._everyone = int((self.classes.units * self.classes.unit).sum())

    def _lifted(self, prices: Prices) -> Prices:
        """With a spot price on every pair a lone worker's price may rise by its share of a vehicle full of the pair."""
        classes = self.classes
        workers = np.bincount(classes.pair, classes.units * classes.unit, classes.instance.pairs)
        lift = prices.spot[classes.pair] * classes.unit / np.maximum(workers[classes.pair], 1)
        return replace(prices, unit=prices.unit + lift).allowed(classes)

    def next_question(self, seconds: float, draft: Draft) -> Asked | None:
        """The next block of the current pass; None while the last answers of a pass are awaited, and at the end."""
        if not self._waiting and (self._open or not self._new_pass()):
            return None
        block = self._waiting.pop()
        sharing = len(self.resources) > 0 and self.passes == 1
        usage = self._usage(draft, block) if sharing else np.zeros(0)
        share = None
        if sharing:
            part = np.where(draft.used > 0, usage / np.maximum(draft.used, 1e-300), 1.0)
            share = self.resources.limit * (1.0 if self._single else part)
        question = relaxation.ask_block(self.classes, self.resources, self.prices, block, seconds, share,
                                        self._paying)
        self._open += 1
        return Asked(block, question, usage, sharing)

    def _new_pass(self) -> bool:
        if self.passes >= (1 if self._single else PASSES):
            return False
        workers = BLOCK_WORKERS[min(self.passes, len(BLOCK_WORKERS) - 1)]
        workers = self._everyone if self._everyone <= 700 else workers
        self._waiting = neighbourhood.blocks(self.classes, workers, self.rng)
        self._single = len(self._waiting) == 1
        if self.useful and not self._single:
            costs = vehicle_costs(self.classes, self.resources, self.prices)
            self._paying = costs - worth(self.classes, self.prices) <= NEARLY * costs
        self.passes += 1
        return bool(self._waiting)

    def _usage(self, draft: Draft, block: Integers) -> Floats:
        """How much of each shared row the riders of a block use, a vehicle divided by seats taken."""
        inside = np.zeros(len(self.classes), dtype=np.bool_)
        inside[block] = True
        usage = np.zeros(len(self.resources))
        for vehicle in draft.vehicles.values():
            riders = sum(n * int(self.classes.unit[kind]) for kind, n in vehicle.riders.items() if inside[kind])
            if riders:
                for row, weight in self.resources.rows_of[vehicle.departure]:
                    usage[row] += weight * riders / vehicle.seated
        return usage

    def take(self, asked: Asked, answer: BlockAnswer | None) -> None:
        """Put a block's prices in, if they prove more (or while shared rows are first priced, in any case)."""
        self._open -= 1
        if answer is not None:
            made = relaxation.take_prices(self.classes, self.prices, asked.question, answer, asked.block)
            if asked.sharing:
                self.prices = made
                self._tolls += answer.shared * (asked.usage + 1e-3)
                self._weights += asked.usage + 1e-3
            else:
                self._climb(made)
        if not self._waiting and not self._open:
            self._end_pass()

    def _climb(self, made: Prices) -> None:
        for step in (1.0, 0.5, 0.2):
            tried = replace(made, unit=step * made.unit + (1 - step) * self.prices.unit,
                            spot=step * made.spot + (1 - step) * self.prices.spot)
            value = lower_bound(self.classes, self.resources, tried)
            if value >= self.value:
                self.prices, self.value = tried, value
                self.bound = max(self.bound, value)
                return

    def _end_pass(self) -> None:
        self.useful = True
        if len(self.resources) and self.passes == 1:
            shared = self._tolls / np.maximum(self._weights, 1e-300)
            self.prices = replace(self.prices, shared=shared).allowed(self.classes)
            self.value = lower_bound(self.classes, self.resources, self.prices)
            self.bound = max(self.bound, self.value)
