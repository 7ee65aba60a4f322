"""A rota fills what can be filled, keeps every rule, and its bound is below every rota."""

from __future__ import annotations

import random
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from charter.crew.rules.bounding import fairness_bound
from charter.crew.rules.improving import make_rota
from charter.crew.rules.rota import Hand, Problem, Shift, by_hand, clash, cost_of, empty_of, may, unfairness

DAY = 1_440
EVER = frozenset(range(30))


def shift(key, day, days=2, need=1, **more):
    return Shift(key, day * DAY + 480, (day + days) * DAY - 60, need, frozenset(range(day, day + days)),
                 nights=days - 1, **more)


def hand(key, days=EVER, **more):
    return Hand(key, frozenset(days), insured=more.pop("insured", EVER), **more)


def keeps_every_rule(problem, filled):
    mine = by_hand(problem, filled)
    for one in problem.hands:
        for place, first in enumerate(mine[one.key]):
            assert may(one, first, problem.rest_min)
            assert not any(clash(first, other, problem.rest_min) for other in mine[one.key][place + 1:])
    for one in problem.shifts:
        assert len(set(filled.get(one.key, ()))) == len(filled.get(one.key, ())) <= one.need


def best_of_all(problem):
    """Every rota there is: fewest empty places, then the smallest sum of squares."""
    choices = []
    for one in problem.shifts:
        able = [other.key for other in problem.hands if may(other, one, problem.rest_min)]
        pairs = [(key,) for key in able] + [()]
        if one.need == 2:
            pairs += [(first, second) for first in able for second in able if first < second]
        choices.append(pairs)
    found = []
    for chosen in product(*choices):
        filled = {one.key: keys for one, keys in zip(problem.shifts, chosen, strict=True)}
        mine = by_hand(problem, filled)
        if not any(clash(first, other, problem.rest_min) for duties in mine.values()
                   for place, first in enumerate(duties) for other in duties[place + 1:]):
            found.append((empty_of(problem, filled), cost_of(problem, filled)))
    return min(found)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_a_small_rota_is_the_best_of_all_rotas(data):
    days = st.integers(0, 6)
    shifts = [shift(f"s{number}", data.draw(days), data.draw(st.integers(2, 4)), data.draw(st.integers(1, 2)),
                    long=data.draw(st.booleans())) for number in range(data.draw(st.integers(1, 3)))]
    hands = [hand(f"h{number}", range(data.draw(st.integers(0, 3)), data.draw(st.integers(6, 12))),
                  nights=data.draw(st.booleans())) for number in range(data.draw(st.integers(1, 3)))]
    problem = Problem(tuple(shifts), tuple(hands))
    found = make_rota(problem, seconds=20, workers=1)
    keeps_every_rule(problem, found.filled)
    assert (found.empty, found.cost) == best_of_all(problem)
    assert found.optimal
    assert fairness_bound(problem, found.empty) <= found.cost


def crowd(hands, shifts, seed):
    draw = random.Random(seed)
    made = [shift(f"s{number}", draw.randrange(0, 10), draw.choice([2, 3, 3, 4, 5]), draw.choice([1, 1, 1, 2]),
                  long=draw.random() < 0.4) for number in range(shifts)]
    people = [hand(f"h{number}", range(draw.randrange(0, 4), draw.randrange(11, 16))) for number in range(hands)]
    return Problem(tuple(made), tuple(people))


def test_three_hundred_people_and_four_hundred_duties_are_within_one_per_cent():
    problem = crowd(300, 400, 1)
    heard = []
    found = make_rota(problem, seconds=25, tell=lambda *words: heard.append(words))
    keeps_every_rule(problem, found.filled)
    assert (found.empty, found.empty_bound) == (0, 0)
    assert found.bound <= found.cost
    assert found.gap <= 0.01
    assert found.spread_min == unfairness(problem, found.filled) > 0
    assert heard


def test_who_is_not_insured_on_a_day_of_the_duty_is_not_asked():
    problem = Problem((shift("s", 3, 3),), (hand("h", insured=frozenset({3, 4})),))
    found = make_rota(problem, seconds=5)
    assert found.filled["s"] == ()
    assert (found.empty, found.empty_bound, found.optimal) == (1, 1, True)


def test_twelve_hours_of_rest_lie_between_two_duties():
    early, late = Shift("a", 0, 600, 1, frozenset({0})), Shift("b", 1_200, 1_800, 1, frozenset({0, 1}))
    tired = Problem((early, late), (hand("h"),), rest_min=720)
    assert make_rota(tired, seconds=5).empty == 1
    assert make_rota(Problem((early, late), (hand("h"),), rest_min=600), seconds=5).empty == 0


def test_who_bears_much_already_is_spared():
    busy, fresh = hand("a", bears=(12, 3, 2), minutes=8_000), hand("b")
    found = make_rota(Problem((shift("s", 2),), (busy, fresh)), seconds=5)
    assert found.filled["s"] == ("b",)


def test_places_that_must_stay_empty_are_proven_so():
    problem = Problem(tuple(shift(f"s{number}", 2, need=2) for number in range(3)), (hand("a"), hand("b")))
    found = make_rota(problem, seconds=5)
    assert (found.empty, found.empty_bound) == (4, 4)


def test_a_search_that_is_told_to_stop_gives_what_it_has():
    problem = crowd(120, 200, 3)
    found = make_rota(problem, seconds=60, stop=lambda: True)
    keeps_every_rule(problem, found.filled)
    assert found.seconds < 50
