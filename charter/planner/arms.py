"""Which kind of piece to look at next: rather the one that lately saved most for the computing it got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Arm", "Arms"]

NEWS = 0.25  # weight of the last piece in what is expected of its kind
CURIOUS = 0.1  # of the chances go to all kinds alike
LEAST = 0.1  # seconds that any piece costs


@dataclass(frozen=True, slots=True)
class Arm:
    """A kind of piece: about so many workers, how much less promising rides it has too, seconds of computing."""

    workers: int
    slack: int
    seconds: float


class Arms:
    """The first `small` pieces are of the first kind: a fresh plan has much that is found quickly. Half as many pieces
    later each time another kind is tried."""

    def __init__(self, arms: tuple[Arm, ...], rng: np.random.Generator, small: int) -> None:
        self._arms, self._rng, self._small, self._asked = arms, rng, small, 0
        self._gain: dict[Arm, float] = {}
        self._spent = {arm: arm.seconds for arm in arms}

    def next(self) -> Arm:
        """The kind of the next piece; each is tried."""
        self._asked += 1
        if self._asked <= self._small:
            return self._arms[0]
        known = min(2 + 2 * (self._asked - self._small) // max(self._small, 1), len(self._arms))
        for arm in self._arms[:known]:
            if arm not in self._gain:
                self._gain[arm] = 0.0
                return arm
        rate = np.array([self._gain[arm] / self._spent[arm] for arm in self._arms[:known]])
        chance = (1 - CURIOUS) * rate / max(float(rate.sum()), 1e-300) + CURIOUS / known
        return self._arms[int(self._rng.choice(known, p=chance / chance.sum()))]

    def learn(self, arm: Arm, gain: float, seconds: float) -> None:
        """A piece of this kind saved so much in so many seconds of computing."""
        before = self._gain.get(arm)
        self._gain[arm] = gain if not before else (1 - NEWS) * before + NEWS * gain
        self._spent[arm] = (1 - NEWS) * self._spent[arm] + NEWS * max(seconds, LEAST)
