"""Large neighbourhood search for the plan and a first-order method for the bound, side by side in worker processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from charter.planner import carving
from charter.planner.ascent import Ascent
from charter.planner.building import build
from charter.planner.carving import Carving
from charter.planner.construct import top_up
from charter.planner.draft import Draft
from charter.planner.guide import Guide
from charter.planner.progress import Progress
from charter.planner.questions import PieceAnswer, PieceQuestion, RelaxAnswer
from charter.planner.sizes import Sizes
from charter.planner.stop import Stop
from charter.planner.workers import Crowd

__all__ = ["Search"]

PIECE_WORKERS = (250, 450, 700)  # sizes of pieces
PIECE_SECONDS = (1.0, 2.5, 5.0)  # of computing that they get
PIECE_NODES = 30  # instead of seconds when rounds are counted
PIECE_GAP = 1e-3
WHOLE_ARCS = 6_000  # up to here the whole instance is also solved as one piece, which proves its bound
BATCH = 4  # questions of one round when rounds are counted
ITERATIONS = 4_000  # of the relaxation, when rounds are counted
RELAX_SHARE = 0.25  # of the time that is left, for one turn of the relaxation
GOOD_START = 0.03  # a plan whose gap is smaller is not built anew
MIP_MARGIN = 4e-7  # share by which a bound from branch and cut is lowered: its tolerances are about 1e-7


class Search:
    """One run of the search; `run` goes on until `stop`, `should_stop` or a closed gap."""

    def __init__(self, draft: Draft, stop: Stop, seed: int, on_progress: Callable[[Progress], None],
                 should_stop: Callable[[], bool]) -> None:
        self.classes = draft.classes
        self.stop, self.should_stop, self.on_progress = stop, should_stop, on_progress
        self.rng = np.random.default_rng(seed)
        self.draft = draft
        self.ascent = Ascent(draft)
        self.bound = self.ascent.bound
        self.guide = Guide(draft, self.ascent.prices, useful=False)
        self.rounds = 0
        self.sizes = Sizes(PIECE_SECONDS, self.rng, int(self.classes.size.sum()) // PIECE_WORKERS[0])
        self.out: dict[int, tuple[int, Carving]] = {}  # sizes and pieces that are being looked at
        self.asked = 0
        self.whole_asked = len(self.classes.cost) > WHOLE_ARCS
        limit = 0.0 if stop.deadline is None else stop.deadline - stop.began
        # what it takes to end the workers, write the plan and leave, on a busy machine too
        self.reserve = 0.15 + min(0.01 * limit, 0.5) + 2.5e-5 * int(self.classes.size.sum())
        self.tell()

    def tell(self) -> None:
        """Report the state to the caller."""
        self.on_progress(Progress(self.stop.elapsed(), self.draft.cost, self.bound, self.rounds))

    def over(self) -> bool:
        """Whether to end."""
        spent = self.stop.rounds is not None and self.rounds >= self.stop.rounds
        closed = self.draft.cost - self.bound <= 9e-7 * max(self.draft.cost, 1e-9)
        return spent or closed or self.should_stop() or self.stop.left() <= self.reserve

    def run(self, hire: Callable[[], Crowd]) -> None:
        """Search with those who are hired."""
        if self.over() or not len(self.classes.cost):
            return
        crowd = hire()
        try:
            if self.whole_asked or self.stop.rounds is not None:
                self._relax_first(crowd)
            while not self.over():
                if self.stop.rounds is None:
                    self._as_answers_come(crowd)
                else:
                    self._one_round(crowd)
        finally:
            crowd.end()

    def _seconds(self) -> float:
        return np.inf if self.stop.rounds is not None else max(self.stop.left() - self.reserve, 0.01)

    def _relax_first(self, crowd: Crowd) -> None:
        """Pieces without prices are a waste: the first turn of the relaxation has all cores."""
        threads = 1 if self.stop.rounds is not None else crowd.size
        crowd.ask(("relax", None), self.ascent.next_question(RELAX_SHARE * self._seconds(), ITERATIONS, threads))
        while crowd.busy and (self.stop.rounds is not None or not self.over()):
            for label, answer in crowd.answers(0.2):
                self._take(label, answer)

    def _as_answers_come(self, crowd: Crowd) -> None:
        while crowd.idle:
            label, question = self._next_question()
            crowd.ask(label, question)
        for label, answer in crowd.answers(min(0.2, max(self.stop.left() - self.reserve, 0.0))):
            self.rounds += 1
            self._take(label, answer)

    def _one_round(self, crowd: Crowd) -> None:
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
        """What to ask next, with its label: the whole, a turn of the relaxation, or a piece of the plan."""
        seconds = self._seconds()
        if not self.whole_asked:
            self.whole_asked = True
            whole = carving.everything(self.draft)
            if whole is not None:
                return ("whole", whole), self._piece_question(whole, 0.9 * seconds, 0.0)
        if not self.ascent.ended and not self.ascent.open:
            return ("relax", None), self.ascent.next_question(RELAX_SHARE * seconds, ITERATIONS, 1)
        size = self.sizes.next()
        carved = next(filter(None, (self._carved(size) for _ in range(20))), None) or carving.everything(self.draft)
        if carved is None:
            raise RuntimeError("an instance with options has a piece")
        self.asked += 1
        self.out[self.asked] = size, carved
        return ("piece", self.asked), self._piece_question(carved, PIECE_SECONDS[size], PIECE_GAP)

    def _piece_question(self, carved: Carving, seconds: float, gap: float) -> PieceQuestion:
        if self.stop.rounds is not None:
            return PieceQuestion(carved.piece, np.inf, np.inf, PIECE_NODES, gap)
        return PieceQuestion(carved.piece, self._seconds(), seconds, 2**30, gap)

    def _carved(self, size: int) -> Carving | None:
        spared = {number for _, carved in self.out.values() for number in carved.taken}
        spared &= self.draft.vehicles.keys()
        near = self.guide.near.closeness(self.guide.seeds(self.rng, spared))
        workers = PIECE_WORKERS[size] * float(self.rng.uniform(0.6, 1.2))
        taken = carving.choose(self.draft, near, int(workers), spared)
        return carving.carve(self.draft, taken, near, self.guide.promising(0), spared)

    def _take(self, label: tuple[str, Any], answer: PieceAnswer | RelaxAnswer | None) -> None:
        kind, what = label
        if kind == "relax":
            self.ascent.take(answer if isinstance(answer, RelaxAnswer) else None)
            self.guide = Guide(self.draft, self.ascent.prices, useful=self.ascent.useful)
            self._raise_bound(self.ascent.bound)
            if self.ascent.turns_taken == 1 and self.draft.cost - self.bound > GOOD_START * self.draft.cost:
                self._build()
            return
        size, carved = (0, what) if kind == "whole" else self.out.pop(what, (0, None))
        if not isinstance(answer, PieceAnswer) or carved is None:
            return
        if kind == "whole":
            stay = float((self.classes.penalty * self.classes.units)[np.diff(self.classes.start) == 0].sum())
            self._raise_bound(stay + answer.bound - MIP_MARGIN * abs(answer.bound))
            carved = carving.everything(self.draft) or carved
        gain = self._better(carved, answer)
        if kind == "piece":
            self.sizes.learn(size, gain)

    def _build(self) -> None:
        """Go on with a plan out of the relaxation, if it is the better one."""
        made = build(self.classes, self.draft.resources, self.ascent.prices, self.ascent.runs, self.ascent.rides,
                     lambda: self.stop.left() < 2 * self.reserve or self.should_stop())
        if made.cost < self.draft.cost:
            self.draft = made
            self.out.clear()  # pieces of the other plan
            self.guide.follow(made)
            self.tell()

    def _raise_bound(self, bound: float) -> None:
        if bound > self.bound:
            self.bound = min(bound, self.draft.cost)
            self.tell()

    def _better(self, carved: Carving, answer: PieceAnswer) -> float:
        """Put a piece in if that makes the plan cheaper; by how much."""
        if all(number in self.draft.vehicles for number in carved.taken):
            before = self.draft.cost
            self.draft.mark()
            carving.put_back(self.draft, carved, answer)
            top_up(self.draft, carved.kinds.tolist())
            if self.draft.cost < before - 1e-9 * before:
                self.draft.keep()
                self.tell()
                return before - self.draft.cost
            self.draft.undo()
        self.guide.tire(carved.taken)
        return 0.0
