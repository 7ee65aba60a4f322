"""Who sits where: families side by side, colleagues together, who walks badly near the door."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.bookings.rules.arranging import Spot, Together, apart, arrange, needs_door, spots

TWO_AND_TWO = [["1", "2", None, "3", "4"], ["5", "6", None, "7", "8"], ["9", "10", None, "11", "12"],
               ["13", "14", "15", "16", "17"]]


def coach(rows: list[list[Any]] = TWO_AND_TWO) -> dict[str, Any]:
    return {"cars": [{"rows": rows}]}


def places(rows: list[list[Any]] = TWO_AND_TWO, without: tuple[str, ...] = ()) -> list[Spot]:
    seats = [seat for row in rows for seat in row if seat and seat not in without]
    return spots(coach(rows), dict(enumerate(seats, 1)))


def test_couples_share_a_bench_though_single_people_came_first() -> None:
    wanted = [Together(1, "A"), Together(2, "A"), Together(1, "B"), Together(2, "B"), Together(2, "A")]
    found, known = arrange(places(), wanted), {spot.slot: spot for spot in places()}
    for couple in (found[1], found[3], found[4]):
        assert apart([known[slot] for slot in couple]) == 0


def test_a_family_of_four_fills_a_row_and_three_are_apart_by_the_aisle_at_most() -> None:
    known = {spot.slot: spot for spot in places()}
    four, three = arrange(places(), [Together(4), Together(3)])
    assert len({known[slot].row for slot in four}) == 1
    assert apart([known[slot] for slot in three]) <= 1


def test_who_walks_badly_sits_in_front_though_handed_in_last() -> None:
    wanted = [Together(1, firm) for firm in "AABBCC"] + [Together(2, "C", near_door=True)]
    assert arrange(places(), wanted)[-1] == [1, 2]


def test_people_of_one_employer_sit_in_one_part_of_the_coach() -> None:
    wanted = [Together(1, firm) for firm in "ABABABABABABABAB"]
    found = arrange(places(), wanted)
    of_a = [slots[0] for slots, one in zip(found, wanted, strict=True) if one.employer == "A"]
    assert max(of_a) - min(of_a) <= 9


def test_a_kept_seat_and_the_wall_of_a_carriage_are_between_people() -> None:
    left, right = places(without=("2",))[:2]
    assert apart([left, right]) > 0
    cars = {"cars": [{"name": "1车", "rows": [["1", "2"]]}, {"name": "2车", "rows": [["1", "2"]]}]}
    known = spots(cars, {1: "1车 1", 2: "1车 2", 3: "2车 1", 4: "2车 2"})
    assert [sorted(slots) for slots in arrange(known, [Together(2), Together(2)])] == [[1, 2], [3, 4]]
    assert apart(known[1:3]) > 100


def test_more_people_than_places_are_refused() -> None:
    with pytest.raises(ValueError, match="more people"):
        arrange(places(), [Together(18)])


@pytest.mark.parametrize(("needs", "door"), [("孕期、行李多", True), ("腿脚不好，坐轮椅", True), ("清真餐", False),
                                             ("", False)])
def test_the_needs_that_ask_for_the_door(needs: str, door: bool) -> None:
    assert needs_door(needs) is door


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from("ABC"), st.booleans()), max_size=12),
       st.sets(st.integers(1, 17), max_size=4))
def test_everybody_has_a_place_of_his_own_that_was_free(people: list[tuple[int, str, bool]], gone: set[int]) -> None:
    free = [spot for spot in places() if spot.slot not in gone]
    wanted = [Together(*one) for one in people]
    while sum(one.size for one in wanted) > len(free):
        wanted.pop()
    found = arrange(free, wanted)
    given_away = [slot for slots in found for slot in slots]
    assert [len(slots) for slots in found] == [one.size for one in wanted]
    assert len(set(given_away)) == len(given_away)
    assert set(given_away) <= {spot.slot for spot in free}
    assert all(before < after for slots in found for before, after in pairwise(slots))
