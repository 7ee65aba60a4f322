"""A plan from nothing, block by block: a block's workers must be seated, those around it ride where that is worth their
price, and what is decided stays (relax and fix, with prices for what is not decided yet)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from charter.planner import carving
from charter.planner.carving import Carving
from charter.planner.construct import extend, top_up
from charter.planner.draft import Draft
from charter.planner.guide import Guide
from charter.planner.instance import Floats, Integers
from charter.planner.packing import pack
from charter.planner.prices import vehicle_costs
from charter.planner.questions import PieceAnswer

__all__ = ["Building"]

WHOLE = 0.9  # a vehicle or unit of the relaxation from this share on counts as one
BUYER_SLACK = 15.0  # what a seat may cost above a buyer's price


class Building:
    """A draft that grows; pieces may be asked for while others are being looked at."""

    def __init__(self, guide: Guide, rng: np.random.Generator, workers: int, runs: Floats, rides: Floats) -> None:
        self.guide, self.rng, self.workers = guide, rng, workers
        self.classes = guide.draft.classes
        self.draft = Draft(self.classes, guide.draft.resources)
        self._costs = vehicle_costs(self.classes, self.draft.resources, guide.prices)
        self._waiting = (np.diff(self.classes.start) > 0) & (self.classes.units > 0)
        self._open: dict[int, Carving] = {}
        self._asked = 0
        self._begin(runs, rides)

    def _begin(self, runs: Floats, rides: Floats) -> None:
        """The whole vehicles of the relaxation run, with the riders that they have there."""
        departures = np.flatnonzero(runs >= WHOLE)
        for gate in np.unique(self.classes.gates.of[departures]).tolist():
            numbers = [self.draft.run(d) for d in departures[self.classes.gates.of[departures] == gate].tolist()
                       for _ in range(int(runs[d] + 1 - WHOLE)) if self.draft.may_run(d)]
            arcs = self.classes.at_gate(gate)
            units = np.floor(rides[arcs] + 1 - WHOLE).astype(np.int64)
            load = {int(self.classes.arc_class[arc]): int(n) for arc, n in zip(arcs, units, strict=True) if n > 0}
            pack(self.draft, numbers, load)
            for number in [n for n in numbers if not self.draft.vehicles[n].riders]:
                self.draft.withdraw(number)

    @property
    def done(self) -> bool:
        """Whether every block is built."""
        return not self._open and not self._waiting.any()

    def next_piece(self) -> tuple[int, Carving] | None:
        """A number and the piece of the next block; None where none is waiting."""
        while self._waiting.any():
            block = self._block()
            self._waiting[block] = False
            kinds = np.union1d(block, self._buyers(block))
            spared = {number for one in self._open.values() for number in one.vehicles.tolist()}
            made = carving.cut(self.draft, (), kinds, self.guide.promising(0), spared)
            if made is not None:
                self._asked += 1
                self._open[self._asked] = made = self._priced(made, block)
                return self._asked, made
        return None

    def _block(self) -> Integers:
        waiting = self._waiting & (self.draft.left > 0)
        self._waiting = waiting
        candidates = np.flatnonzero(waiting)
        if not len(candidates):
            return candidates
        near = np.where(waiting, self.guide.near.closeness(self.rng.choice(candidates, 1)), 0.0)
        order = np.argsort(-near, kind="stable")[:np.count_nonzero(near)]
        size = self.draft.left[order] * self.classes.unit[order]
        return np.sort(order[:max(int(np.searchsorted(np.cumsum(size), self.workers)), 1)])

    def _buyers(self, block: Integers) -> Integers:
        """Classes that are still waiting and would ride with the block at next to no loss."""
        arcs = self.classes.arcs_of(block)
        gates = np.unique(self.classes.gate[arcs[self.guide.over[arcs] <= 4 * BUYER_SLACK]])
        arcs = self.classes.arcs_at(gates)
        kinds = np.unique(self.classes.arc_class[arcs[self.guide.over[arcs] <= BUYER_SLACK]])
        return kinds[self._waiting[kinds] & (self.draft.left[kinds] > 0)]

    def _priced(self, made: Carving, block: Integers) -> Carving:
        piece = made.piece
        own = np.isin(made.kinds, block)
        new = made.vehicles[piece.type_gate] == carving.NEW
        return replace(made, piece=replace(
            piece, penalty=np.where(own, piece.penalty, np.minimum(self.guide.prices.unit[made.kinds], piece.penalty)),
            fixed_cost=np.where(new, self._costs[made.departures], 0.0)))

    def take(self, number: int, answer: PieceAnswer | None) -> None:
        """Put a block in as it was answered."""
        made = self._open.pop(number)
        if answer is not None:
            carving.put_back(self.draft, made, answer)

    def give_up(self) -> None:
        """Build no further block."""
        self._open.clear()
        self._waiting[:] = False

    def finish(self, late: Callable[[], bool]) -> Draft:
        """The draft, with whoever is left seated where that pays."""
        top_up(self.draft)
        extend(self.draft, late, self.guide.prices)
        top_up(self.draft)
        return self.draft
