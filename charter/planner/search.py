"""Large neighbourhood search for the plan and a first-order method for the bound, side by side in worker processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from charter.planner import carving
from charter.planner.arms import Arm, Arms
from charter.planner.ascent import Ascent
from charter.planner.building import build
from charter.planner.carving import Carving
from charter.planner.construct import top_up
from charter.planner.draft import Draft
from charter.planner.guide import Guide
from charter.planner.patterns import Load
from charter.planner.progress import Progress
from charter.planner.questions import PackQuestion, PieceAnswer, PieceQuestion, RelaxAnswer
from charter.planner.repack import Repack, party_gates, put_loads, repack, wasteful
from charter.planner.stop import Stop
from charter.planner.workers import Crowd

__all__ = ["Search"]

ARMS = (Arm(250, 0, 1.0), Arm(450, 0, 2.5), Arm(700, 0, 5.0), Arm(250, 2, 2.0), Arm(450, 2, 5.0))
WORKERS_A_CLASS, ARCS_A_CLASS = 2.0, 12.0  # up to here pieces have as many workers as they say
PIECE_NODES = 30  # instead of seconds when rounds are counted
PIECE_GAP = (1e-3, 4e-3)  # relative, that is close enough for a piece: least and most
PIECE_SHARE = 0.15  # of the plan's own gap, between them
WHOLE_ARCS = 6_000  # up to here the whole instance is also solved as one piece, which proves its bound
PACK_EVERY = 3  # questions, of which one is about parties in the vehicles of one gate
PACK_SECONDS, PACK_TRIES = 5.0, 40
WHOLE_SHARE = 0.85  # of the time that is left, for the whole instance as one piece
DRAWS = 20  # of seeds until a piece comes of one
BATCH = 4  # questions of one round when rounds are counted
ITERATIONS = 4_000  # of the relaxation, when rounds are counted
RELAX_SHARE = 0.25  # of the time that is left, for one turn of the relaxation
GOOD_START = 0.03  # a plan whose gap is smaller is not built anew
MIP_MARGIN = 4e-7  # share by which a bound from branch and cut is lowered: its tolerances are about 1e-7


def crowding(stop: Stop) -> float:
    """How many times longer than its computing this process took until now, up to 3: others may want the machine."""
    return float(np.clip(stop.elapsed() / max(time.process_time(), 0.05), 1.0, 3.0))


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
        self.arms = Arms(ARMS, self.rng, int(self.classes.size.sum()) // ARMS[0].workers)
        self.seen: set[int] = set()
        self.out: dict[int, tuple[Arm, Carving]] = {}  # pieces that are being looked at
        self.asked = 0
        # decisions, not workers, make a piece hard: it has more workers where groups are large, fewer where all may
        # ride everywhere
        self.piece_scale = (max(float(self.classes.size.sum()) / max(len(self.classes), 1) / WORKERS_A_CLASS, 1.0)
                            * min(1.0, ARCS_A_CLASS * len(self.classes) / max(len(self.classes.cost), 1)))
        self.party_gates = party_gates(self.classes)
        self.packed: dict[int, tuple[int, ...]] = {}  # gates by the vehicles that were packed there in vain
        self.whole_asked = len(self.classes.cost) > WHOLE_ARCS
        limit = 0.0 if stop.deadline is None else stop.deadline - stop.began
        # what it takes to end the workers, write the plan and leave, on a busy machine too
        self.reserve = crowding(stop) * (0.15 + min(0.01 * limit, 0.5) + 2.5e-5 * int(self.classes.size.sum()))
        self.tell()

    def tell(self) -> None:
        """Report the state to the caller."""
        self.on_progress(Progress(self.stop.elapsed(), self.draft.cost, self.bound, self.rounds))

    def gap(self) -> float:
        """(best - bound) / best."""
        return (self.draft.cost - self.bound) / max(self.draft.cost, 1e-9)

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
                return ("whole", whole), self._piece_question(whole, WHOLE_SHARE * seconds, WHOLE_SHARE * seconds, 0.0)
        if self.ascent.pays(self.gap()):
            return ("relax", None), self.ascent.next_question(RELAX_SHARE * seconds, ITERATIONS, 1)
        if self.party_gates and self.asked % PACK_EVERY == 0:
            asked = self._repack()
            if asked is not None:
                self.asked += 1
                packing = PackQuestion(asked.packing, self._pack_seconds(), PACK_TRIES, self.asked)
                return ("pack", asked), packing
        arm = self.arms.next()
        carved = next(filter(None, (self._carved(arm, turn > DRAWS // 2) for turn in range(DRAWS))), None)
        carved = carved or carving.everything(self.draft)
        if carved is None:
            raise RuntimeError("an instance with options has a piece")
        self.asked += 1
        self.out[self.asked] = arm, carved
        near_enough = float(np.clip(PIECE_SHARE * self.gap(), *PIECE_GAP))
        return ("piece", self.asked), self._piece_question(carved, seconds, arm.seconds, near_enough)

    def _piece_question(self, carved: Carving, seconds: float, computing: float, gap: float) -> PieceQuestion:
        if self.stop.rounds is not None:
            return PieceQuestion(carved.piece, np.inf, np.inf, PIECE_NODES, gap)
        return PieceQuestion(carved.piece, seconds, computing, 2**30, gap)

    def _pack_seconds(self) -> float:
        return np.inf if self.stop.rounds is not None else min(PACK_SECONDS, self._seconds())

    def _repack(self) -> Repack | None:
        """A question about the gate of parties that wastes most; not about one where it was in vain."""
        waste = {gate: wasteful(self.draft, gate) for gate in self.party_gates
                 if self.packed.get(gate) != tuple(self.draft.waiting.get(gate, ()))}
        gate = max(waste, key=lambda j: waste[j], default=-1)
        if gate < 0 or not waste[gate]:
            return None
        asked = repack(self.draft, gate)
        self.packed[gate] = asked.taken  # also while it is being looked at
        return asked

    def _carved(self, arm: Arm, again: bool) -> Carving | None:
        """A piece, one that was looked at before only `again`; None where this draw leads to none."""
        spared = {number for _, carved in self.out.values() for number in carved.taken}
        spared &= self.draft.vehicles.keys()
        near = self.guide.near.closeness(self.guide.seeds(self.rng, spared))
        workers = self.piece_scale * arm.workers * float(self.rng.uniform(0.6, 1.2))
        taken = carving.choose(self.draft, near, int(workers), spared)
        key = hash((arm, taken))
        if taken and not again and key in self.seen:
            self.guide.tire(taken)
            return None
        self.seen.add(key)
        return carving.carve(self.draft, taken, near, self.guide.promising(arm.slack), spared)

    def _take(self, label: tuple[str, Any], answer: PieceAnswer | RelaxAnswer | list[Load] | None) -> None:
        kind, what = label
        if kind == "relax":
            self.ascent.take(answer if isinstance(answer, RelaxAnswer) else None)
            self.guide = Guide(self.draft, self.ascent.prices, useful=self.ascent.useful)
            self._raise_bound(self.ascent.bound)
            if self.ascent.turns_taken == 1 and self.draft.cost - self.bound > GOOD_START * self.draft.cost:
                self._build()
            return
        if kind == "pack":
            if isinstance(answer, list):
                self._change(what.taken, lambda: put_loads(self.draft, what, answer))
            return
        arm, carved = (ARMS[0], what) if kind == "whole" else self.out.pop(what, (ARMS[0], None))
        if not isinstance(answer, PieceAnswer) or carved is None:
            return
        if kind == "whole":
            stay = float((self.classes.penalty * self.classes.units)[np.diff(self.classes.start) == 0].sum())
            self._raise_bound(stay + answer.bound - MIP_MARGIN * abs(answer.bound))
            carved = carving.everything(self.draft) or carved
        gain = self._better(carved, answer)
        if kind == "piece":
            self.arms.learn(arm, gain, arm.seconds if self.stop.rounds is not None else answer.computing)

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
        def put() -> None:
            carving.put_back(self.draft, carved, answer)
            top_up(self.draft, carved.kinds.tolist())
        gain = self._change(carved.taken, put)
        if not gain:
            self.guide.tire(carved.taken)
        return gain

    def _change(self, taken: tuple[int, ...], put: Callable[[], None]) -> float:
        """Change the plan as `put` does if that makes it cheaper; by how much."""
        if any(number not in self.draft.vehicles for number in taken):
            return 0.0
        before = self.draft.cost
        self.draft.mark()
        put()
        if self.draft.cost < before - 1e-9 * before:
            self.draft.keep()
            self.tell()
            return before - self.draft.cost
        self.draft.undo()
        return 0.0
