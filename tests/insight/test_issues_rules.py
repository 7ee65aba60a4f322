"""From issue to issue the figures add up; what is published shows no small group, and none by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from charter.insight.rules.issues import LEAST, safe_counts, steps

TOTALS = st.fixed_dictionaries({key: st.integers(0, 10**9) for key in ("persons", "spent_fen")})
COUNTS = st.dictionaries(st.sampled_from("甲乙丙丁戊己庚"), st.integers(0, 60))


@given(TOTALS, TOTALS, TOTALS)
def test_yesterday_corrected_and_today_are_the_new_total(before, again, now):
    for one in steps(before, again, now):
        assert one.before + one.correction + one.today == one.total == now[one.key]
        assert one.before + one.correction == again[one.key]


@given(COUNTS)
def test_no_small_group_is_told_or_can_be_subtracted(counts):
    found = safe_counts(counts, "其他")
    assert all(count >= LEAST for count in found.values())
    if found:
        assert sum(found.values()) == sum(counts.values())
    hidden = [name for name, count in counts.items() if count and name not in found]
    if found and hidden:
        assert len(hidden) >= 2
    assert all(found[name] == counts[name] for name in found if name != "其他")


def test_a_single_small_group_takes_the_next_one_along():
    assert safe_counts({"四川": 100, "贵州": 30, "西藏": 2}, "其他") == {"四川": 100, "其他": 32}
    assert safe_counts({"四川": 9}, "其他") == {}
