"""Who sits where in a vehicle whose seats we give: families side by side, one employer together."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

__all__ = ["Spot", "Together", "apart", "arrange", "needs_door", "side_by_side", "spots"]

CAR_GAP = 50  # rows between two cars: nobody is a neighbour through the wall
ROW_STEP = 3  # a row further is worse than an aisle between
LONELY = 1  # a single seat left over beside the party: the next couple would be torn
DRIFT = 0.05  # a seat further from where the employer sits
# Words by which people say that they walk badly, or have to get out soon.
NEAR_DOOR = ("行动不便", "轮椅", "拐杖", "残疾", "孕", "晕车")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a slot is: row from the front door, column from the left, the aisle being a column."""

    slot: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Together:
    """People who sit side by side: how many, of which employer, and whether one of them needs the door."""

    size: int
    employer: Hashable = None
    near_door: bool = False


def needs_door(needs: str) -> bool:
    """Whether somebody with these needs, in his own words, sits near the door."""
    return any(word in needs for word in NEAR_DOOR)


def spots(seat_map: Mapping[str, Any], seats: Mapping[int, str]) -> list[Spot]:
    """The spots of these seats (printed name by slot), in walking order."""
    slot_of = {seat: slot for slot, seat in seats.items()}
    found, row = [], 0
    for car in seat_map.get("cars", ()):
        prefix = f"{car['name']} " if car.get("name") else ""
        for places in car["rows"]:
            row += 1
            found += [Spot(slot_of[prefix + seat], row, column) for column, seat in enumerate(places)
                      if seat and prefix + seat in slot_of]
        row += CAR_GAP
    return found


def side_by_side(seat_map: Mapping[str, Any], seats: Sequence[str], size: int, among: Sequence[int]) -> list[int]:
    """`size` of the free slots `among` (ascending), side by side where seats are printed; fewer where there are fewer.

    `seats` names slot i at index i - 1, and is empty where the carrier gives them.
    """
    if size == 1 or not seats or size > len(among):
        return list(among[:size])
    return arrange(spots(seat_map, {slot: seats[slot - 1] for slot in among}), [Together(size)])[0]


def apart(sat: Sequence[Spot]) -> int:
    """How far a party is torn: 0 side by side, 1 for an aisle or a kept seat between, more for rows."""
    return sum(ROW_STEP * (after.row - before.row) if after.row > before.row
               else after.column - before.column - 1 for before, after in pairwise(sat))


def arrange(free: Sequence[Spot], wanted: Sequence[Together]) -> list[list[int]]:
    """Slots for each of `wanted`, from the free spots (in walking order).

    Who needs the door comes first, then parties by employer in the order given, single people last: they fill what
    is left over beside their colleagues. Raises ValueError where people are more than spots.
    """
    if sum(one.size for one in wanted) > len(free):
        raise ValueError("more people than free places")
    aims = _aims(wanted)
    left, found = list(enumerate(free)), [list[int]() for _ in wanted]
    for place in sorted(range(len(wanted)), key=lambda at: _turn(wanted[at], aims[wanted[at].employer], at)):
        one = wanted[place]
        aim = 0 if one.near_door else aims[one.employer]
        start = _best(left, one.size, aim)
        found[place] = [spot.slot for _, spot in left[start:start + one.size]]
        del left[start:start + one.size]
    return found


def _turn(one: Together, aim: int, place: int) -> tuple[bool, bool, int, int, int]:
    return (not one.near_door, one.size == 1, aim, -one.size, place)


def _aims(wanted: Sequence[Together]) -> dict[Hashable, int]:
    """Where each employer's people begin: one after the other from the front."""
    heads: dict[Hashable, int] = {}
    for one in sorted(wanted, key=lambda one: not one.near_door):
        heads[one.employer] = heads.get(one.employer, 0) + one.size
    found, before = {}, 0
    for employer, number in heads.items():
        found[employer] = before
        before += number
    return found


def _best(left: Sequence[tuple[int, Spot]], size: int, aim: int) -> int:
    """Where in what is left `size` people who follow one another sit best; single people come last and tear nobody."""
    def cost(start: int) -> float:
        drift = DRIFT * abs(left[start][0] - aim)
        if size == 1:
            return drift
        lonely = _lonely(left, start - 1, start) + _lonely(left, start + size, start + size - 1)
        return apart([spot for _, spot in left[start:start + size]]) + lonely + drift
    return min(range(len(left) - size + 1), key=cost)


def _lonely(left: Sequence[tuple[int, Spot]], beside: int, edge: int) -> int:
    """Whether taking `edge` leaves the free seat beside it without another free one on its other side."""
    if not 0 <= beside < len(left) or not _touch(left[beside][1], left[edge][1]):
        return 0
    beyond = 2 * beside - edge
    return 0 if 0 <= beyond < len(left) and _touch(left[beyond][1], left[beside][1]) else LONELY


def _touch(one: Spot, other: Spot) -> bool:
    return one.row == other.row and abs(one.column - other.column) == 1
