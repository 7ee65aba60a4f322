"""Between drafts, which speak of classes and vehicles, and rows, which speak of groups and copies."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from charter.planner.draft import Draft
from charter.planner.merging import Classes
from charter.planner.plan import Row
from charter.planner.resources import Resources

__all__ = ["draft_of", "rows_of"]


def rows_of(draft: Draft) -> tuple[Row, ...]:
    """Rows of a draft. Members of a class fill its seats one after the other; a party's unit is one whole group."""
    classes = draft.classes
    size = classes.instance.size
    queues = {kind: deque((g, int(size[g])) for g in members) for kind, members in enumerate(classes.members)}
    copies: dict[int, int] = defaultdict(int)
    rows: list[Row] = []
    for vehicle in sorted(draft.vehicles.values(), key=lambda one: one.departure):
        if not vehicle.riders:
            continue
        copy = copies[vehicle.departure]
        copies[vehicle.departure] += 1
        for kind, units in vehicle.riders.items():
            rows += ((g, vehicle.departure, copy, workers)
                     for g, workers in _draw(queues[kind], units * int(classes.unit[kind])))
    return tuple(sorted(rows, key=lambda row: (row[1], row[2], row[0])))


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
            numbers[d, copy] = draft.run(d)
        draft.board(numbers[d, copy], kind, workers // int(classes.unit[kind]))
    return draft
