"""How far a plan may be from the best one."""

from __future__ import annotations

__all__ = ["gap"]


def gap(objective: float, bound: float) -> float:
    """The share of the objective that the bound leaves open, 0 where it leaves nothing."""
    return max(objective - bound, 0.0) / max(objective, 1e-9)
