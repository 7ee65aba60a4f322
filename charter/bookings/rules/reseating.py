"""Who sits where when another vehicle comes: who can keeps his seat, families stay together, nobody is left. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Sitting", "TooSmall", "reseat"]


class TooSmall(Exception):
    """There are fewer places than people."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody with a place: the printed seat, or None where nobody has numbered it; `party` rides together."""

    booking: int
    seat: str | None
    party: str | None


def reseat(people: Sequence[Sitting], places: Sequence[str], room: int) -> dict[int, int]:
    """The slot (from 1) of each booking, of `room` slots whose printed seats are `places` (empty: nobody numbers them).

    People are in walking order. Raises TooSmall.
    """
    if len(people) > room:
        raise TooSmall
    if not places:
        return {one.booking: slot for slot, one in enumerate(people, 1)}
    slots = {seat: slot for slot, seat in enumerate(places, 1)}
    found: dict[int, int] = {}
    for one in people:
        slot = slots.get(one.seat or "")
        if slot is not None and slot not in found.values():
            found[one.booking] = slot
    for group in _displaced(people, found):
        for one in group:
            found.pop(one.booking, None)
        free = [slot for slot in range(1, room + 1) if slot not in set(found.values())]
        found |= {one.booking: slot for one, slot in zip(group, _run(free, len(group)), strict=True)}
    return found


def _displaced(people: Sequence[Sitting], kept: dict[int, int]) -> list[list[Sitting]]:
    """The parties of whom somebody has lost his seat, the largest first, since room is scarcest for them."""
    groups: dict[str, list[Sitting]] = {}
    for one in people:
        groups.setdefault(one.party or f"alone {one.booking}", []).append(one)
    lost = [group for group in groups.values() if any(one.booking not in kept for one in group)]
    return sorted(lost, key=lambda group: -len(group))


def _run(free: Sequence[int], size: int) -> Sequence[int]:
    """So many places side by side, else the first ones."""
    for at in range(len(free) - size + 1):
        if free[at + size - 1] - free[at] == size - 1:
            return free[at:at + size]
    return free[:size]
