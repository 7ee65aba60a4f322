"""Between drafts, which speak of classes and vehicles, and rows, which speak of groups and copies."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from charter.planner.draft import Draft
from charter.planner.instance import Integers
from charter.planner.merging import Classes
from charter.planner.plan import Row
from charter.planner.resources import Resources

__all__ = ["draft_of", "rows_of"]


def rows_of(draft: Draft, copies: Integers) -> tuple[Row, ...]:
    """Rows of a draft; `copies` of each departure as the instance has them.
    Members of a class fill its seats one after the other; a party's unit is one whole group."""
    classes = draft.classes
    size = classes.instance.size
    queues = {kind: deque((g, int(size[g])) for g in members) for kind, members in enumerate(classes.members)}
    numbers = _Copies(draft, copies)
    rows: list[Row] = []
    for vehicle in sorted(draft.vehicles.values(), key=lambda one: one.departure):
        if not vehicle.riders:
            continue
        departure, copy = numbers.next(vehicle.departure)
        for kind, units in vehicle.riders.items():
            rows += ((g, departure, copy, workers)
                     for g, workers in _draw(queues[kind], units * int(classes.unit[kind])))
    return tuple(sorted(rows, key=lambda row: (row[1], row[2], row[0])))


class _Copies:
    """Departures and copies for vehicles; one departure may stand for several of the instance."""

    def __init__(self, draft: Draft, copies: Integers) -> None:
        self._copies = copies
        self._same: dict[int, deque[int]] = defaultdict(deque)
        for d, stands in enumerate(draft.classes.gates.stands.tolist()):
            self._same[stands].append(d)
        self._used: dict[int, int] = defaultdict(int)

    def next(self, departure: int) -> tuple[int, int]:
        """The next vehicle of a departure: (departure, copy)."""
        same = self._same[departure]
        while self._used[same[0]] >= self._copies[same[0]]:
            same.popleft()
        self._used[same[0]] += 1
        return same[0], self._used[same[0]] - 1


def _draw(queue: deque[tuple[int, int]], workers: int) -> Iterable[tuple[int, int]]:
    while workers:
        g, waiting = queue.popleft()
        taken = min(waiting, workers)
        if taken < waiting:
            queue.appendleft((g, waiting - taken))
        workers -= taken
        yield g, taken


def draft_of(rows: Iterable[Row], classes: Classes, resources: Resources) -> Draft:
    """The draft of rows that fit the instance. A ride that costs as much as staying is left out: that is no dearer."""
    draft = Draft(classes, resources)
    class_of = {g: kind for kind, members in enumerate(classes.members) for g in members}
    numbers: dict[tuple[int, int], int] = {}
    for g, d, copy, workers in rows:
        kind = class_of[g]
        gate = int(classes.gates.of[d])
        if gate < 0 or classes.arc(kind, gate) < 0:
            continue
        if (d, copy) not in numbers:
            numbers[d, copy] = draft.run(int(classes.gates.stands[d]))
        draft.board(numbers[d, copy], kind, workers // int(classes.unit[kind]))
    return draft
