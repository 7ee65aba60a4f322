"""Seat a load in vehicles of one gate: parties whole, pairs together where it can be."""

from __future__ import annotations

from charter.planner.draft import Draft

__all__ = ["pack"]


def pack(draft: Draft, numbers: list[int], load: dict[int, int]) -> None:
    """Seat units per class in the vehicles `numbers`. Large parties first, then pair by pair, largest first, each into
    the fullest vehicle that takes it whole, else from the emptiest on. Who finds no seat stays left."""
    classes = draft.classes
    if len(numbers) == 1:
        for kind in sorted(load, key=lambda k: -int(classes.unit[k])):
            _seat(draft, numbers, kind, load[kind])
        return
    by_pair: dict[int, list[int]] = {}
    for kind in load:
        by_pair.setdefault(int(classes.pair[kind]), []).append(kind)
    weight = {pair: sum(load[kind] * int(classes.unit[kind]) for kind in kinds) for pair, kinds in by_pair.items()}
    for pair in sorted(by_pair, key=lambda p: (-max(int(classes.unit[k]) for k in by_pair[p]), -weight[p], p)):
        whole = [n for n in numbers if _free(draft, n) >= weight[pair]]
        order = sorted(whole, key=lambda n: _free(draft, n))[:1] or sorted(numbers, key=lambda n: -_free(draft, n))
        for kind in sorted(by_pair[pair], key=lambda k: -int(classes.unit[k])):
            _seat(draft, order, kind, load[kind])


def _free(draft: Draft, number: int) -> int:
    vehicle = draft.vehicles[number]
    return int(draft.classes.instance.capacity[vehicle.departure]) - vehicle.seated


def _seat(draft: Draft, order: list[int], kind: int, units: int) -> None:
    waiting = min(units, int(draft.left[kind]))
    for number in order:
        fitting = min(waiting, _free(draft, number) // int(draft.classes.unit[kind]))
        if fitting > 0:
            draft.board(number, kind, fitting)
            waiting -= fitting
