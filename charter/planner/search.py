"""Large neighbourhood search for the plan and block ascent for the bound, side by side in worker processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from charter.planner import carving
from charter.planner.ascent import Ascent
from charter.planner.carving import Carving
from charter.planner.draft import Draft
from charter.planner.instance import Booleans
from charter.planner.prices import Prices, vehicle_costs, worth
from charter.planner.progress import Progress
from charter.planner.questions import BlockAnswer, PieceAnswer, PieceQuestion
from charter.planner.stop import Stop
from charter.planner.workers import Workers

__all__ = ["Search"]

PIECE_WORKERS = (250, 350, 450)  # pieces grow while they find nothing
PIECE_SECONDS = (3.0, 6.0, 12.0)
PIECE_NODES = 30  # instead of seconds when rounds are counted
WHOLE_ARCS = 6_000  # up to here the whole instance is also solved as one piece, which proves its bound
PIECES_PER_BLOCK = 0.6  # how the two kinds of questions alternate
BATCH = 4  # questions of one round when rounds are counted
MIP_MARGIN = 4e-7  # share by which a bound from branch and cut is lowered: its tolerances are about 1e-7
WORTH_A_LOOK = 0.05  # vehicles that miss paying for themselves by more than this share are left out of most pieces


class Search:
    """One run of the search; `run` goes on until `stop`, `should_stop` or a closed gap."""

    def __init__(self, draft: Draft, stop: Stop, seed: int, on_progress: Callable[[Progress], None],
                 should_stop: Callable[[], bool]) -> None:
        self.classes, self.resources = draft.classes, draft.resources
        self.stop, self.should_stop, self.on_progress = stop, should_stop, on_progress
        self.rng = np.random.default_rng(seed)
        self.draft, self.cost = draft, draft.cost()
        self.ascent = Ascent(draft, self.rng)
        self.bound = self.ascent.bound
        self.rounds, self.size, self.fruitless = 0, 0, 0
        self.out: dict[int, Carving] = {}  # pieces that are being looked at
        self.asked, self.blocks_asked = 0, 0
        self.whole_asked = len(self.classes.cost) > WHOLE_ARCS
        workers = int((self.classes.units * self.classes.unit).sum())
        self.reserve = 0.05 + 2.5e-5 * workers  # what it takes to write the plan at the end
        self.tell()

    def tell(self) -> None:
        """Report the state to the caller."""
        self.on_progress(Progress(self.stop.elapsed(), self.cost, self.bound, self.rounds))

    def over(self) -> bool:
        """Whether to end."""
        spent = self.stop.rounds is not None and self.rounds >= self.stop.rounds
        closed = self.cost - self.bound <= 5e-7 * max(self.cost, 1e-9)
        return spent or closed or self.should_stop() or self.stop.left() <= self.reserve

    def run(self, workers: int) -> None:
        """Search with so many worker processes."""
        if self.over() or not len(self.classes.cost):
            return
        crowd = Workers(workers)
        try:
            while not self.over():
                if self.stop.rounds is None:
                    self._as_answers_come(crowd)
                else:
                    self._one_round(crowd)
        finally:
            crowd.end()

    def _as_answers_come(self, crowd: Workers) -> None:
        while crowd.idle:
            label, question = self._next_question()
            crowd.ask(label, question)
        for label, answer in crowd.answers(min(0.2, max(self.stop.left() - self.reserve, 0.0))):
            self.rounds += 1
            self._take(label, answer)

    def _one_round(self, crowd: Workers) -> None:
        """A batch of questions about the same draft, answered in any order and taken in the order of asking."""
        questions = [self._next_question() for _ in range(BATCH)]
        answers: dict[int, Any] = {}
        waiting = list(enumerate(questions))
        while len(answers) < BATCH and not self.should_stop():
            while waiting and crowd.idle:
                place, (_, question) = waiting.pop(0)
                crowd.ask(place, question)
            answers.update(crowd.answers(0.2))
        for place, (label, _) in enumerate(questions):
            if place in answers:
                self._take(label, answers[place])
        self.rounds += 1

    def _next_question(self) -> tuple[Any, Any]:
        """What to ask next, with its label: the whole, a block for the bound, or a piece of the plan."""
        seconds = np.inf if self.stop.rounds is not None else max(self.stop.left() - self.reserve, 0.01)
        if not self.whole_asked:
            self.whole_asked = True
            whole = carving.everything(self.draft)
            if whole is not None:
                return ("whole", whole), self._piece_question(whole, 0.85 * seconds, 0.0)
        turn = self.asked >= PIECES_PER_BLOCK * self.blocks_asked
        block = self.ascent.next_question(seconds, self.draft) if turn else None
        if block is not None:
            self.blocks_asked += 1
            return ("block", block), block.question
        carved = next(filter(None, (self._carved() for _ in range(20))), None) or carving.everything(self.draft)
        if carved is None:
            raise RuntimeError("an instance with options has a piece")
        self.asked += 1
        self.out[self.asked] = carved
        return ("piece", self.asked), self._piece_question(carved, min(seconds, PIECE_SECONDS[self.size]), 2e-3)

    def _piece_question(self, carved: Carving, seconds: float, gap: float) -> PieceQuestion:
        return PieceQuestion(carved.piece, seconds, 2**30 if self.stop.rounds is None else PIECE_NODES, gap)

    def _carved(self) -> Carving | None:
        near = carving.seed_near(self.draft, self.rng)
        spared = {number for carved in self.out.values() for number in carved.taken}
        spared &= self.draft.vehicles.keys()
        workers = PIECE_WORKERS[self.size] * float(self.rng.uniform(0.6, 1.2))
        taken = carving.choose(self.draft, near, int(workers), spared)
        return carving.carve(self.draft, taken, near, self._promising(), spared)

    def _promising(self) -> Booleans:
        """Arcs that may be in a good plan by the prices known so far; sometimes all of them."""
        if self.rng.random() < 0.1 * self.size:
            return np.ones(len(self.classes.cost), dtype=np.bool_)
        prices = self.ascent.prices if self.ascent.useful else self._paid()
        costs = vehicle_costs(self.classes, self.resources, prices)
        near_paying = costs - worth(self.classes, prices) <= WORTH_A_LOOK * (costs + 1e-9)
        kinds = self.classes.arc_class
        rides: Booleans = self.classes.cost <= prices.unit[kinds] + 0.03 * self.classes.penalty[kinds]
        return rides & near_paying[self.classes.departure]

    def _paid(self) -> Prices:
        """Prices as the plan itself pays them, until the ascent has better ones: each unit its ride and its seats'
        share of the vehicle."""
        classes, paid = self.classes, self.ascent.prices.unit.copy()
        rides = [(kind, one.departure, one.seated) for one in self.draft.vehicles.values() for kind in one.riders]
        if rides:
            kinds, departures, seated = (list(column) for column in zip(*rides, strict=True))
            share = classes.instance.fixed_cost[departures] / np.array(seated) * classes.unit[kinds]
            np.maximum.at(paid, kinds, self.draft.arc_costs(kinds, departures) + share)
        return replace(self.ascent.prices, unit=paid).allowed(classes)

    def _take(self, label: tuple[str, Any], answer: PieceAnswer | BlockAnswer | None) -> None:
        kind, what = label
        if kind == "block":
            self.ascent.take(what, answer if isinstance(answer, BlockAnswer) else None)
            self._raise_bound(self.ascent.bound)
            return
        carved = what if kind == "whole" else self.out.pop(what)
        if not isinstance(answer, PieceAnswer):
            return
        if kind == "whole":
            stay = float((self.classes.penalty * self.classes.units)[np.diff(self.classes.start) == 0].sum())
            self._raise_bound(stay + answer.bound - MIP_MARGIN * abs(answer.bound))
            carved = carving.everything(self.draft) or carved
        self._better(carved, answer)

    def _raise_bound(self, bound: float) -> None:
        if bound > self.bound:
            self.bound = min(bound, self.cost)
            self.tell()

    def _better(self, carved: Carving, answer: PieceAnswer) -> None:
        if all(number in self.draft.vehicles for number in carved.taken):
            made = carving.put_back(self.draft, carved, answer)
            cost = made.cost()
            if cost < self.cost - 1e-9 * self.cost:
                self.draft, self.cost, self.fruitless = made, cost, 0
                self.tell()
                return
        self.fruitless += 1
        if self.fruitless > len(self.draft.vehicles) // 4 + 6:
            self.size, self.fruitless = min(self.size + 1, len(PIECE_WORKERS) - 1), 0
