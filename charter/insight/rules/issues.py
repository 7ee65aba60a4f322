"""Yesterday's total, today's and corrections are the new total; counts small enough to show a person are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["LEAST", "Step", "safe_counts", "steps"]

LEAST = 10  # fewer people than this are not told in public


@dataclass(frozen=True, slots=True)
class Step:
    """One figure from issue to issue: `before` as it was issued, `correction` to it, `today` new, `total` now."""

    key: str
    before: int
    correction: int
    today: int

    @property
    def total(self) -> int:
        """before + correction + today."""
        return self.before + self.correction + self.today


def steps(before: Mapping[str, int], again: Mapping[str, int], now: Mapping[str, int]) -> list[Step]:
    """Each figure of `now`. `before`: the totals of the last issue; `again`: the same cut-off, counted today."""
    return [Step(key, before.get(key, 0), again.get(key, 0) - before.get(key, 0), total - again.get(key, 0))
            for key, total in now.items()]


def safe_counts(counts: Mapping[str, int], rest: str, least: int = LEAST) -> dict[str, int]:
    """Counts of people that may be published: those below `least` go into `rest`, and so many of the next smallest
    that nobody can subtract his way to one of them. Empty where even all together are too few.
    """
    found = sorted(((name, count) for name, count in counts.items() if count), key=lambda one: (-one[1], one[0]))
    kept = [(name, count) for name, count in found if count >= least]
    hidden = [count for _, count in found if count < least]
    while hidden and (sum(hidden) < least or len(hidden) < 2) and kept:
        hidden.append(kept.pop()[1])
    if hidden and sum(hidden) < least:
        return {}
    return dict(kept) | ({rest: sum(hidden)} if hidden else {})
