"""What a caller sees while a plan is made."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Best objective and proven bound so far, after so many seconds and rounds."""

    seconds: float
    best: float
    bound: float
    rounds: int

    @property
    def gap(self) -> float:
        """(best - bound) / best."""
        return max(self.best - self.bound, 0.0) / max(self.best, 1e-9)
