"""Shares of a cost: whatever the rules, the parts are the whole, to the fen."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.funding.rules.shares import BASES, PAYERS, WHOLE, Cost, Heads, Rule, Share, apportion, fitting, shares

FIRMS = [UUID(int=number) for number in range(1, 9)]
DISTRICTS = [UUID(int=number) for number in range(101, 104)]
MONEY = st.integers(0, 10**13)
RULES = st.lists(st.builds(Rule, st.sampled_from(PAYERS), st.sampled_from(BASES), st.integers(0, WHOLE)), max_size=6)
HEADS = st.lists(st.builds(Heads, st.sampled_from(FIRMS), st.sampled_from(DISTRICTS), st.integers(0, 60)), max_size=8,
                 unique_by=lambda one: one.employer)


@given(MONEY, st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_parts_sum_to_the_whole_and_miss_their_due_by_less_than_a_fen(total, weights):
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert all(abs(part * sum(weights) - total * weight) < sum(weights)
               for part, weight in zip(parts, weights, strict=True))


@given(MONEY, st.lists(st.integers(0, 100), min_size=2).filter(any))
def test_whoever_weighs_more_never_gets_less(total, weights):
    parts = apportion(total, weights)
    by_weight = sorted(zip(weights, parts, strict=True))
    assert all(low[1] <= high[1] + 1 for low, high in pairwise(by_weight))
    assert all(part == 0 for weight, part in zip(weights, parts, strict=True) if weight == 0)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_nothing_is_parted_by_no_weight(weights):
    with pytest.raises(ValueError, match="weights"):
        apportion(100, weights)


@given(MONEY, HEADS, RULES)
def test_shares_are_the_cost_and_nobody_gets_money(fen, heads, rules):
    found = shares(Cost(fen, "bus", 800, tuple(heads)), rules)
    assert sum(one.fen for one in found) == fen
    assert all(one.fen > 0 for one in found)
    assert len({(one.payer, one.party) for one in found}) == len(found)
    riding = {one.employer for one in heads if one.people} | {one.district for one in heads if one.people}
    assert all(one.party in riding for one in found if one.payer != "city")
    assert all(one.party is None for one in found if one.payer == "city")


def test_half_from_the_district_and_a_sum_a_head_from_employers():
    heads = (Heads(FIRMS[0], DISTRICTS[0], 20), Heads(FIRMS[1], DISTRICTS[1], 10))
    found = shares(Cost(1_000_001, "bus", 1_000, heads), [Rule("district", "percent", 5_000),
                                                          Rule("employer", "head", 5_000)])
    assert found == (Share("city", None, 350_000), Share("district", DISTRICTS[0], 333_334),
                     Share("district", DISTRICTS[1], 166_667), Share("employer", FIRMS[0], 100_000),
                     Share("employer", FIRMS[1], 50_000))


def test_rules_hold_for_their_mode_and_distance_band():
    near, far = Rule("city", "rest", max_km=500), Rule("district", "percent", 5_000, min_km=500)
    flight = Rule("employer", "vehicle", 200_000, mode="flight")
    assert fitting([near, far, flight], "bus", 499) == [near]
    assert fitting([near, far, flight], "flight", 500) == [far, flight]


def test_an_earlier_rule_goes_first_and_none_takes_more_than_is_left():
    heads = (Heads(FIRMS[0], DISTRICTS[0], 1),)
    found = shares(Cost(1_000, "bus", 1, heads), [Rule("worker", "head", 800), Rule("employer", "vehicle", 500)])
    assert found == (Share("employer", FIRMS[0], 200), Share("worker", FIRMS[0], 800))


def test_of_an_empty_vehicle_only_the_city_pays():
    assert shares(Cost(900, "bus", 1, ()), [Rule("district", "percent", WHOLE)]) == (Share("city", None, 900),)
