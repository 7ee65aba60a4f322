"""Which size of piece to look at next: the one that lately saved most for the computing it got."""

from __future__ import annotations

import numpy as np

__all__ = ["Sizes"]

NEWS = 0.25  # weight of the last piece in what is expected of its size
CURIOUS = 0.15  # share of pieces whose size is drawn by chance


class Sizes:
    """Sizes by number, each with the seconds of computing that its pieces may take. The first `small` pieces are of the
    smallest size: a fresh plan has much that is found quickly."""

    def __init__(self, seconds: tuple[float, ...], rng: np.random.Generator, small: int) -> None:
        self._seconds, self._rng, self._small = seconds, rng, small
        self._gain: list[float | None] = [None] * len(seconds)

    def next(self) -> int:
        """The size of the next piece; each is tried."""
        if self._small > 0:
            self._small -= 1
            return 0
        known = [gain for gain in self._gain if gain is not None]
        if len(known) < len(self._gain):
            return len(known)
        if self._rng.random() < CURIOUS:
            return int(self._rng.integers(len(known)))
        return int(np.argmax([gain / seconds for gain, seconds in zip(known, self._seconds, strict=True)]))

    def learn(self, size: int, gain: float) -> None:
        """A piece of this size saved so much."""
        before = self._gain[size]
        self._gain[size] = gain if before is None else (1 - NEWS) * before + NEWS * gain
